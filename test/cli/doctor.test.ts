import { readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createTelegramPeer, type TelegramPeer } from '../peers/telegram/peer.ts';
import { createDesk, type Desk } from './setup-rig.ts';

/** What `baton doctor` says of the chats, and of what does not get on. */

const root = join(import.meta.dirname, '../..');
const organisation = join(root, 'docs/example/organisation.yaml');
let telegram: TelegramPeer;
let desk: Desk;

beforeEach(async () => {
  telegram = await createTelegramPeer();
  desk = createDesk({ TELEGRAM_API_ROOT: telegram.root });
});
afterEach(async () => {
  desk.remove();
  await telegram.close();
});

/** A history with messages in it. */
async function play(): Promise<Sqlite.Database> {
  const script = readFileSync(join(root, 'docs/example/try.jsonl'), 'utf8').trim().split('\n');
  expect(await desk.run(['simulate', '--org', organisation, '--db', 'baton.db'], script)).toMatchObject({ code: 0 });
  return new Sqlite(join(desk.folder, 'baton.db'));
}

test('what does not get on is counted by its reason, with what to do', async () => {
  const db = await play();
  const ids = db.prepare<[], { id: number }>('select id from outbox order by id').all();
  const mark = db.prepare('update outbox set state = ?, reason = ?, at = ?, created = ? where id = ?');
  const now = Date.now();
  const rows = [
    ['failed', '403 bot was blocked by the user', now],
    ['failed', '403 bot was blocked by the user', now],
    ['expired', 'its time is over', now],
    // Overtaken is no finding.
    ['expired', 'a newer one follows', now],
    ['expired', 'a newer one of its sort follows', now],
    ['expired', 'it was decided anew', now],
    ['expired', 'it was over before it could be said', now],
    ['new', 'Telegram is not reached (ECONNREFUSED)', now - 6 * 60_000],
    ['new', 'not yet', now],
    ['new', 'only later', now + 3_600_000],
  ] as const;
  for (const [n, [state, reason, at]] of rows.entries()) mark.run(state, reason, at, now - 6 * 60_000, ids[n]?.id);
  db.prepare("update outbox set at = ?, created = ? where reason = 'not yet'").run(now - 6 * 60_000, now);
  const receive = db.prepare(
    "insert into inbox (key, at, body, outcome, source, state, tries) values (?, ?, '{}', '', ?, ?, 3)",
  );
  receive.run('telegram:1', now, 'telegram', 'parked');
  receive.run('telegram:2', now, 'telegram', 'new');
  db.close();
  const { code, out } = await desk.run(['doctor', '--db', 'baton.db']);
  expect(code).toBe(1);
  expect(out).toContain('2 messages could not be delivered: 403 bot was blocked by the user\n  → on the outbox page');
  expect(out).toContain('1 message could not be delivered: its time is over\n');
  expect(out).toContain(
    '1 message waits for four minutes or more: Telegram is not reached (ECONNREFUSED)\n  → see that',
  );
  expect(out).toContain('1 message from telegram could not be dealt with\n');
  expect(out).not.toMatch(/not yet|only later/);
});

test('tokens are tried: one that is not taken is a finding, one that is taken is none', async () => {
  (await play()).close();
  const asked = (token: string) =>
    createDeskWith({ TELEGRAM_API_ROOT: telegram.root, TELEGRAM_BOT_TOKEN: token, BATON_ORG: organisation });
  const wrong = await asked('7000000001:AAwrong_wrong_wrong_wrong_wrong_wron');
  expect(wrong.code).toBe(1);
  expect(wrong.out).toMatch(/^telegram: .*\(401\)\n {2}→ in @BotFather/m);
  const right = await asked(telegram.token);
  expect(right.out).not.toContain('telegram:');
  expect(wrong.all + right.all).not.toMatch(/AAwrong|AAPeer/);
});

async function createDeskWith(environment: Readonly<Record<string, string>>) {
  const other = createDesk(environment);
  try {
    return await other.run(['doctor', '--db', join(desk.folder, 'baton.db')]);
  } finally {
    other.remove();
  }
}

test('roles that a command gave are held; a token alone has the organisation beside the database', async () => {
  const fresh = createDesk({ TELEGRAM_API_ROOT: telegram.root, TELEGRAM_BOT_TOKEN: telegram.token });
  try {
    const before = await fresh.run(['doctor']);
    expect(before.out).toContain('there is no file data/organisation.yaml yet');
    expect(before.out).toContain('there is no database data/baton.db yet');
  } finally {
    fresh.remove();
  }
  desk.write('org.yaml', 'organisation: Grid\ntimezone: UTC\npeople:\n  - { id: ada, roles: [admin] }\n');
  const script = [
    '{"as":"ada","say":"/person add olga Olga roles ops"}',
    '{"as":"ada","say":"/role grant stakeholder olga"}',
  ];
  expect(await desk.run(['simulate', '--org', 'org.yaml', '--db', 'own.db'], script)).toMatchObject({ code: 0 });
  const named = createDesk({ BATON_ORG: join(desk.folder, 'org.yaml') });
  try {
    const { out } = await named.run(['doctor', '--db', join(desk.folder, 'own.db')]);
    expect(out).not.toMatch(/nobody is (admin|ops|stakeholder)/);
  } finally {
    named.remove();
  }
});

test('over http letters are not ended by one click, and the doctor says so', async () => {
  const http = createDesk({
    BATON_URL: 'http://baton.example.org',
    SMTP_URL: 'smtp://127.0.0.1:1',
    MAIL_FROM: 'a@example.org',
  });
  const https = createDesk({
    BATON_URL: 'https://baton.example.org',
    SMTP_URL: 'smtp://127.0.0.1:1',
    MAIL_FROM: 'a@example.org',
  });
  expect((await http.run(['doctor'])).out).toContain('can not be ended by one click');
  expect((await https.run(['doctor'])).out).not.toContain('one click');
  http.remove();
  https.remove();
});

test('a process that runs and does not come round, and a journal that grows', async () => {
  const db = await play();
  const out = async () => (await desk.run(['doctor', '--db', 'baton.db'])).out;
  expect(await out()).not.toMatch(/minutes late|journal/);
  db.prepare("insert into timers (key, due, body) values ('a-test', ?, '{}')").run(Date.now() - 10 * 60_000 - 30_000);
  db.prepare("delete from timers where key <> 'a-test'").run();
  // Nobody runs: nothing is late.
  expect(await out()).not.toContain('minutes late');
  db.pragma('wal_checkpoint(truncate)');
  const path = join(desk.folder, 'baton.db');
  writeFileSync(`${path}.sock`, '');
  truncateSync(`${path}-wal`, 70 * 1024 * 1024);
  const told = await out();
  expect(told).toMatch(/what is to happen at its time is 10 minutes late\n {2}→ see what baton start logs/);
  expect(told).toMatch(/the journal beside .*baton\.db has 70 MB.*\n {2}→ end whatever else reads the database/);
  db.close();
});

test('backups that were never made are a finding, and so is a place to which they can not go', async () => {
  const db = await play();
  const broken = createDesk({ BATON_BACKUPS: 'plain' });
  broken.write('plain', '');
  const of = ['--db', join(desk.folder, 'baton.db')];
  db.prepare("insert into meta (name, value) values ('backup.since', ?)").run(String(Date.now() - 150 * 60_000));
  db.close();
  const { out } = await broken.run(['doctor', ...of]);
  expect(out).toContain('for 2 hours no backup was made that could be restored\n  → see that baton start runs');
  expect(out).toContain('BATON_BACKUPS is plain, and that is no folder\n  → write a folder');
  const made = await broken.run(['backup', ...of]);
  expect(made).toMatchObject({
    code: 2,
    err: expect.stringMatching(/^baton: [^\n]+ to plain\/baton-[^\n]+\n$/),
  });
  broken.remove();
});
