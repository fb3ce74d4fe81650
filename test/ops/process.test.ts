import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import Sqlite from 'better-sqlite3';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createTelegramPeer, type TelegramPeer } from '../peers/telegram/peer.ts';
import { ask, createFolder, runBaton, startBot, stopAll } from '../web/demo.ts';

/** Safe mode of the real process, with a chat, its local socket and its probes. */

let folder: ReturnType<typeof createFolder>;
let telegram: TelegramPeer;
beforeEach(async () => {
  folder = createFolder();
  telegram = await createTelegramPeer();
});
afterEach(async () => {
  stopAll();
  await telegram.close();
  folder.remove();
});

/** Olga is OPS and on call; the chat of OPS is a group. */
function organisation(database = 'data/baton.db') {
  const olga = telegram.user({ id: 1001, first_name: 'Olga' });
  const group = telegram.group({ title: 'OPS', members: [olga] });
  olga.start();
  telegram.addBot(group, olga);
  writeFileSync(
    join(folder.path, 'org.yaml'),
    `organisation: Example Grid
timezone: Europe/Brussels
people:
  - { id: olga, name: Olga, roles: [ops, admin, promotion], telegram: 1001 }
chats:
  - { name: ops, team: ops, telegram: ${group.id} }
on_call: { rotates: weekly, starts: 2026-11-02, people: [olga] }
`,
  );
  const environment = {
    BATON_ORG: 'org.yaml',
    BATON_DB: database,
    TELEGRAM_BOT_TOKEN: telegram.token,
    TELEGRAM_API_ROOT: telegram.root,
  };
  const baton = (...words: readonly string[]) => runBaton(folder.path, environment, ...words);
  /** Through the running process: the answer of its local socket. */
  const say = async (text: string): Promise<{ ok: boolean; text: string }> => {
    const socket = connect(join(folder.path, `${database}.sock`));
    await once(socket, 'connect');
    socket.write(`${JSON.stringify({ as: 'olga', text })}\n`);
    const [line] = await once(createInterface({ input: socket }), 'line');
    socket.destroy();
    return JSON.parse(String(line));
  };
  const heard = (place: { readonly id: number }, words: RegExp) =>
    telegram.waitFor(() => telegram.fromBot(place).find(({ text }) => words.test(text)), 10_000);
  return { olga, group, environment, baton, say, heard };
}

/** Changes the file behind everybody's back. */
function tamper(...statements: readonly string[]): void {
  const db = new Sqlite(join(folder.path, 'data/baton.db'));
  for (const statement of statements) db.exec(statement);
  db.close();
}

test('a history that was changed: told everywhere, read alone, and over with a backup from before', async () => {
  const { olga, group, environment, baton, say, heard } = organisation();
  const first = await startBot(folder.path, environment);
  expect((await say('/propose web First')).ok).toBe(true);
  expect((await baton('backup', 'good.db')).code).toBe(0);
  await first.stop();
  tamper('drop trigger events_append_only', "update events set actor = 'eve' where seq = 2");

  const bot = await startBot(folder.path, environment);
  await heard(group, /^I am in safe mode: event 2 of .*: the chain is broken/);
  await heard(olga.private, /^I am in safe mode: event 2 of/);
  for (const path of ['/healthz', '/readyz', '/health']) expect((await ask(bot.origin, path)).status, path).toBe(503);
  olga.say(olga.private, '/status WEB-1');
  await heard(olga.private, /^WEB-1 “First”/);
  olga.say(olga.private, '/propose web Second');
  await heard(olga.private, /^Not decided: I am in safe mode \(event 2 of/);
  const refused = await say('/propose web Third');
  expect(refused).toMatchObject({ ok: false, text: expect.stringContaining('Not done, nothing was changed: I am in') });
  const stays = await baton('doctor', '--leave-safe-mode');
  expect(stays).toMatchObject({ code: 1, stderr: expect.stringMatching(/It stays in safe mode: event 2 of/) });
  expect((await baton('doctor')).stdout).toContain('safe mode: event 2 of');
  const { code, stderr } = await bot.stop();
  expect(code).toBe(0);
  expect(stderr).toMatch(/^baton: SAFE MODE: event 2 of .*: the chain is broken\. Nothing is decided\./m);

  expect((await baton('restore', 'good.db')).code).toBe(0);
  const mended = await startBot(folder.path, environment);
  expect((await ask(mended.origin, '/readyz')).status).toBe(200);
  // What was said in the chat meanwhile was not confirmed to it: it is decided now.
  await heard(olga.private, /^WEB-2 “Second” is proposed/);
  expect((await say('/propose web Third')).ok).toBe(true);
  await mended.stop();
  expect((await baton('verify')).code).toBe(0);
});

test('somebody has looked after it: it ends, over the local socket', async () => {
  const { group, environment, baton, say, heard } = organisation();
  const first = await startBot(folder.path, environment);
  await first.stop();
  const doubt = JSON.stringify({ cause: 'clock', why: 'the clock stepped', since: 1 });
  tamper(`insert into mirrors (key, at, data) values ('safe-mode', 1, '${doubt}')`);
  // Nobody gets around it with a command of their own while no process runs.
  const alone = await baton('say', '--as', 'olga', '/propose web First');
  expect(alone).toMatchObject({ code: 1, stdout: expect.stringContaining('I am in safe mode (the clock stepped)') });
  const bot = await startBot(folder.path, environment);
  await heard(group, /^I am in safe mode: the clock stepped/);
  expect(await baton('doctor', '--leave-safe-mode')).toMatchObject({
    code: 0,
    stdout: 'Safe mode is over; everything goes on.\n',
  });
  await heard(group, /^Safe mode is over\./);
  expect((await ask(bot.origin, '/healthz')).status).toBe(200);
  expect((await say('/propose web First')).ok).toBe(true);
  await bot.stop();
});

test('a file of a newer version is read, and nothing else', async () => {
  const { group, environment, baton, say, heard } = organisation();
  const first = await startBot(folder.path, environment);
  expect((await say('/propose web First')).ok).toBe(true);
  await first.stop();
  tamper(
    "insert into meta values (null, 'store.migration.9999_later', 'x')",
    "update meta set value = '9.0.0' where name = 'store.version'",
  );
  const bot = await startBot(folder.path, environment);
  await heard(group, /^I am in safe mode: .*baton\.db was written by Baton 9\.0\.0/);
  expect(await say('/status WEB-1')).toMatchObject({ ok: true });
  expect(await say('/propose web Second')).toMatchObject({ ok: false });
  expect(await baton('doctor', '--leave-safe-mode')).toMatchObject({ code: 1 });
  expect((await bot.stop()).code).toBe(0);
});

test('a file that is no database any more: OPS and the person on call are told, and the process ends', async () => {
  const { olga, group, environment, heard } = organisation();
  mkdirSync(join(folder.path, 'data'));
  writeFileSync(join(folder.path, 'data/baton.db'), 'rubble '.repeat(1_000));
  const ended = await runBaton(folder.path, { ...environment, PORT: '0' }, 'start');
  expect(ended).toMatchObject({ code: 2, stderr: expect.stringMatching(/^baton: .*is damaged: restore a backup/m) });
  await heard(group, /^I can not start: .*is damaged/);
  await heard(olga.private, /^I can not start: .*is damaged/);
});

const isRoot = process.getuid?.() === 0;
const mount = (...words: readonly string[]): boolean => spawnSync(words[0] ?? '', words.slice(1)).status === 0;

test.skipIf(!isRoot)('a disk that is really full, and then is not', async ({ skip }) => {
  const disk = join(folder.path, 'disk');
  mkdirSync(disk);
  if (!mount('mount', '-t', 'tmpfs', '-o', 'size=22m', 'tmpfs', disk)) return skip('no file system can be mounted');
  try {
    const { group, environment, baton, say, heard } = organisation('disk/baton.db');
    const bot = await startBot(folder.path, environment);
    expect((await say('/propose web First')).ok).toBe(true);
    const filler = join(disk, 'filler');
    spawnSync('dd', ['if=/dev/zero', `of=${filler}`, 'bs=64k']);
    const isRefused = async () => !(await say(`/propose web ${'x'.repeat(190)}`)).ok;
    // A journal that is there already has room of its own.
    await vi.waitFor(async () => expect(await isRefused()).toBe(true), 30_000);
    await heard(group, /^I am in safe mode: the disk is full\. .*It ends by itself when there is room\.$/);
    expect((await ask(bot.origin, '/healthz')).status).toBe(503);
    expect(await say('/status WEB-1')).toMatchObject({ ok: true });
    rmSync(filler);
    await vi.waitFor(async () => expect((await ask(bot.origin, '/healthz')).status).toBe(200), 10_000);
    await heard(group, /^Safe mode is over\./);
    expect((await say('/propose web Last')).ok).toBe(true);
    await bot.stop();
    expect((await baton('verify')).code).toBe(0);
    const history = (await baton('export')).stdout;
    expect(history).toContain('safe-mode-entered');
    expect(history).toContain('safe-mode-left');
  } finally {
    stopAll();
    mount('umount', '-l', disk);
  }
});
