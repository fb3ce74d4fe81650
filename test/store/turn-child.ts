import { TurnFailed } from '../../src/store/port.ts';
import { from, note, opened } from './given.ts';

/** Commits as many turns of as many commands as its arguments say to a file, and prints how each turn ended. */
const [path = '', turns = '0', commands = '0'] = process.argv.slice(2);
const store = opened(path);
for (let turn = 0; turn < Number(turns); turn += 1) {
  const works = Array.from({ length: Number(commands) }, (_, n) => from(`${turn}/${n}`, note(`item/${n}`, `${turn}`)));
  try {
    await store.write(works);
    console.log(`done ${turn}`);
  } catch (error) {
    console.log(error instanceof TurnFailed ? `${error.reason} ${turn}` : String(error));
  }
}
await store.close();
