import { once } from 'node:events';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createTelegramPeer, type TelegramPeer } from '../peers/telegram/peer.ts';
import { ask, createFolder, runBaton, startBot, stopAll } from '../web/demo.ts';

/** What an operator meets: files that are damaged or of a later version, and commands that are broken off. */

let folder: ReturnType<typeof createFolder>;
let telegram: TelegramPeer;
let environment: Record<string, string>;
beforeEach(async () => {
  folder = createFolder();
  telegram = await createTelegramPeer();
  const olga = telegram.user({ id: 1001, first_name: 'Olga' });
  olga.start();
  writeFileSync(
    join(folder.path, 'org.yaml'),
    `organisation: Grid
timezone: UTC
people:
  - { id: olga, name: Olga, roles: [ops, admin, stakeholder], telegram: 1001 }
chats: []
on_call: { rotates: weekly, starts: 2026-11-02, people: [olga] }
`,
  );
  environment = { BATON_ORG: 'org.yaml', BATON_DB: 'data/baton.db', TELEGRAM_API_ROOT: telegram.root };
});
afterEach(async () => {
  stopAll();
  await telegram.close();
  folder.remove();
});

const baton = (...words: readonly string[]) => runBaton(folder.path, environment, ...words);
const path = (name: string) => join(folder.path, name);

function tamper(file: string, ...statements: readonly string[]): void {
  const db = new Sqlite(path(file));
  for (const statement of statements) db.exec(statement);
  db.close();
}

test('a state that is no JSON any more: safe mode, whoever is on call is told, and the doctor says which it is', async () => {
  expect((await baton('say', '--as', 'olga', '/bug minor The door')).code).toBe(0);
  tamper('data/baton.db', "update states set state = '{' where stream = 'people/all'");
  const found = await baton('doctor');
  expect(found).toMatchObject({ code: 1, stderr: '' });
  expect(found.stdout).toContain('state of people/all: it can not be read');
  expect(await baton('verify')).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('state of people/all: it can'),
  });
  const bot = await startBot(folder.path, { ...environment, TELEGRAM_BOT_TOKEN: telegram.token });
  expect((await ask(bot.origin, '/healthz')).status).toBe(503);
  const told = () => JSON.stringify(telegram.calls).includes('I am in safe mode');
  expect(await telegram.waitFor(() => (told() ? true : undefined), 10_000)).toBe(true);
  expect((await bot.stop()).code).toBe(0);
});

test('a command that is broken off before its answer ends nothing', async () => {
  const bot = await startBot(folder.path, environment);
  for (let n = 0; n < 20; n += 1) {
    const socket = connect(path('data/baton.db.sock'));
    await once(socket, 'connect');
    const words = `${JSON.stringify({ as: 'olga', text: '/status' })}\n`.repeat(20);
    await new Promise((done) => socket.write(words, done));
    socket.destroy();
  }
  expect(await baton('say', '--as', 'olga', '/whoami')).toMatchObject({ code: 0 });
  expect((await ask(bot.origin, '/healthz')).status).toBe(200);
  expect((await bot.stop()).code).toBe(0);
});

test('a file of a later version, by its tables or by its fold, is named by the doctor and not restored', async () => {
  expect((await baton('say', '--as', 'olga', '/bug minor The door')).code).toBe(0);
  for (const statement of [
    "insert into meta values (null, 'store.migration.9999_later', 'x')",
    "update meta set value = '999' where name = 'store.fold'",
  ]) {
    rmSync(path('later.db'), { force: true });
    expect((await baton('backup', 'later.db')).code).toBe(0);
    tamper('later.db', statement, "update meta set value = '9.0.0' where name = 'store.version'");
    const found = await baton('doctor', '--db', 'later.db');
    expect(found).toMatchObject({ code: 1, stdout: expect.stringContaining('was written by Baton 9.0.0') });
    const before = readFileSync(path('data/baton.db'));
    expect(await baton('restore', 'later.db')).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('newer than'),
    });
    expect(readFileSync(path('data/baton.db'))).toEqual(before);
  }
  // States of an earlier fold are folded anew by the next start: nobody should restore a backup for them.
  tamper('data/baton.db', "update meta set value = '0' where name = 'store.fold'", 'update states set fold = 0');
  expect((await baton('doctor')).stdout).not.toContain('restore');
  expect(await baton('verify')).toMatchObject({
    code: 0,
    stdout: expect.stringContaining('the next start folds anew'),
  });
});
