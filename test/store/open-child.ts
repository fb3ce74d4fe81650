import { opened } from './given.ts';

/** A second process: opens the file named by its argument, says how that went, and ends. */
try {
  await opened(process.argv[2] ?? '').close();
  console.log('opened');
} catch (error) {
  console.log(error instanceof Error ? error.message : String(error));
}
