import { writeSync } from 'node:fs';
import { TurnFailed } from '../../../src/store/port.ts';
import { opened } from '../../store/given.ts';
import { SHAPES } from './shapes.ts';

/** Makes commits of a shape until one fails; then tries something else, as the bot does when it records what happened. */
const [path = '', name = '', count = '0'] = process.argv.slice(2);
const store = opened(path);
const reasonOf = (error: unknown): string => (error instanceof TurnFailed ? error.reason : String(error));
const say = (line: string): void => void writeSync(1, `${line}\n`);
try {
  for (let n = 0; n < Number(count); n += 1) {
    await SHAPES[name]?.run(store, n);
    say(`promised ${n}`);
  }
} catch (error) {
  say(`failed ${reasonOf(error)}`);
}
try {
  await store.write([{ receive: [{ id: 'after', source: 'slack', body: {} }] }]);
  say('after');
} catch (error) {
  say(`nothing after ${reasonOf(error)}`);
}
await store.close().catch((error: unknown) => say(`closing ${String(error)}`));
