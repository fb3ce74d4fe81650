import { writeSync } from 'node:fs';
import { from, message, note, opened } from './given.ts';

/** Commits turn after turn until it is killed, and prints the ids of each one once it is on the disk. */
const [path = '', name = ''] = process.argv.slice(2);
const store = opened(path);
for (let turn = 0; ; turn += 1) {
  const ids = Array.from({ length: 1 + (turn % 4) }, (_, command) => `${name}/${turn}/${command}`);
  await store.write(
    ids.map((id, command) =>
      from(id, (read, now) => ({
        ...note(`item/${(turn + command) % 50}`, id)(read, now),
        outbox: [message('chat', id)],
        timers: [{ key: `t${turn % 20}`, due: turn, body: id }],
      })),
    ),
  );
  writeSync(1, `${ids.join(' ')}\n`);
}
