import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createFolder, runBaton, startBot, stopAll } from '../web/demo.ts';

/** A backup while the bot works, restored on another place and proved there. */

let folder: ReturnType<typeof createFolder>;
beforeEach(() => {
  folder = createFolder();
});
afterEach(() => {
  stopAll();
  folder.remove();
});

const ORGANISATION = `organisation: Example Grid
timezone: Europe/Brussels
people:
  - { id: pam, name: Pam, roles: [promotion] }
  - { id: olga, name: Olga, roles: [ops] }
`;
/** So many that something waits at every moment. */
const SPEAKERS = 8;

/** Speaks without a pause until it is told to stop; how often it was answered as done. */
function speakUntil(path: string, ending: AbortSignal): Promise<number>[] {
  return Array.from({ length: SPEAKERS }, async (_, speaker) => {
    const socket = connect(path);
    await once(socket, 'connect');
    const answers = createInterface({ input: socket })[Symbol.asyncIterator]();
    let done = 0;
    for (let n = 0; !ending.aborted; n += 1) {
      socket.write(`${JSON.stringify({ as: 'pam', text: `/propose web Work ${speaker}-${n}` })}\n`);
      const { value } = await answers.next();
      if ((JSON.parse(String(value)) as { ok: boolean }).ok) done += 1;
    }
    socket.destroy();
    return done;
  });
}

test('it holds what was answered before it began, it is whole, and it tells its size and the times', async () => {
  writeFileSync(join(folder.path, 'org.yaml'), ORGANISATION);
  const environment = { BATON_ORG: 'org.yaml', BATON_DB: 'baton.db' };
  const baton = (...words: readonly string[]) => runBaton(folder.path, environment, ...words);
  const bot = await startBot(folder.path, environment);
  const ending = new AbortController();
  const speaking = speakUntil(join(folder.path, 'baton.db.sock'), ending.signal);
  const before = (await baton('export')).stdout.trim().split('\n').length;
  const made = await baton('backup', 'copy.db');
  ending.abort();
  const said = (await Promise.all(speaking)).reduce((sum, each) => sum + each, 0);
  await bot.stop();
  expect(said).toBeGreaterThan(SPEAKERS);

  expect(made.code).toBe(0);
  expect(made.stdout).toMatch(/^copy\.db: \d+ bytes, \d+ events, in \d+\.\d s; restored on trial in \d+\.\d s\n$/);
  const restored = await baton('restore', 'copy.db', '--db', 'elsewhere/baton.db');
  expect(restored.code).toBe(0);
  expect(restored.stdout).toMatch(/is the backup of event \d+: \d+ bytes in \d+\.\d s\n$/);
  const verified = await baton('verify', '--db', 'elsewhere/baton.db');
  expect(verified).toMatchObject({ code: 0, stdout: expect.stringMatching(/^whole: \d+ events/) });
  const [all, copied] = await Promise.all([baton('export'), baton('export', '--db', 'elsewhere/baton.db')]);
  const [mine, theirs] = [all, copied].map(({ stdout }) => stdout.trim().split('\n')) as [string[], string[]];
  // All of it is the beginning of the same history, and only the restoring itself is new.
  expect(theirs.length - 1).toBeGreaterThanOrEqual(before);
  expect(theirs.slice(0, -1)).toEqual(mine.slice(0, theirs.length - 1));
  expect(JSON.parse(theirs.at(-1) ?? '{}')).toMatchObject({ type: 'restored', data: { from: 'copy.db' } });
  console.log(`${made.stdout}${restored.stdout}`.trim());
});
