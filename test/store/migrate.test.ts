import { cpSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import Sqlite from 'better-sqlite3';
import { expect, it } from 'vitest';
import { openSqliteStore } from '../../src/store/sqlite.ts';
import { verifyStore } from '../../src/store/verify.ts';
import { evolve, FOLD, folder, note, opened, options, someHistory, tamper } from './given.ts';

const MIGRATIONS = fileURLToPath(new URL('../../migrations', import.meta.url));

/** The repository's migrations and one more. */
function withOneMore(sql: string): string {
  const copy = join(folder(), 'migrations');
  cpSync(MIGRATIONS, copy, { recursive: true });
  const file = join(copy, 'meta', '_journal.json');
  const journal = JSON.parse(readFileSync(file, 'utf8'));
  journal.entries.push({ ...journal.entries.at(-1), idx: journal.entries.length, tag: '9999_more' });
  writeFileSync(file, JSON.stringify(journal));
  writeFileSync(join(copy, '9999_more.sql'), sql);
  return copy;
}

function read<T>(path: string, look: (db: Sqlite.Database) => T): T {
  const db = new Sqlite(path, { readonly: true });
  try {
    return look(db);
  } finally {
    db.close();
  }
}

it('has only STRICT tables, rows that can be counted on, and no cascade', async () => {
  const path = join(folder(), 'baton.db');
  await someHistory(path);
  read(path, (db) => {
    const tables = db.prepare<[], { name: string; strict: number; wr: number }>('pragma table_list').all();
    const ours = tables.filter(({ name }) => !name.startsWith('sqlite_'));
    expect(ours.map(({ name }) => name).sort()).toEqual([
      'buttons',
      'events',
      'inbox',
      'meta',
      'mirrors',
      'outbox',
      'posts',
      'processes',
      'states',
      'timers',
    ]);
    for (const { name, strict, wr } of ours) expect({ name, strict, wr }).toEqual({ name, strict: 1, wr: 0 });
    const sql = db.prepare<[], string>('select sql from sqlite_schema where sql is not null').pluck().all().join('\n');
    expect(sql).not.toMatch(/cascade/i);
    expect(db.pragma('integrity_check', { simple: true })).toBe('ok');
    expect(db.pragma('foreign_key_check')).toEqual([]);
    expect(db.pragma('journal_mode', { simple: true })).toBe('wal');
  });
});

it.each([
  ['update events set data = \'{"note":"other"}\' where seq = 1', 'append-only'],
  ["update events set actor = 'eve' where seq = 1", 'append-only'],
  ['update events set seq = 99 where seq = 1', 'append-only'],
  ["update events set hash = '0', data = null where seq = 1", 'append-only'],
  ['delete from events where seq = 6', 'append-only'],
  ['insert or replace into events select * from events where seq = 1', 'append-only'],
  [
    "update outbox set state = 'lost'; insert into outbox (kind, lane, destination, at, late, state, attempts, due, created) values ('a', 'page', 'd', 1, 0, 'lost', 0, 1, 1)",
    'CHECK',
  ],
  ['update states set open = 2', 'CHECK'],
  ["update states set version = 'one'", 'cannot store TEXT'],
])('does not take: %s', async (statement, reason) => {
  const path = join(folder(), 'baton.db');
  await someHistory(path);
  expect(() => tamper(path, 'pragma recursive_triggers = on', statement)).toThrow(reason);
});

it('is not whole where the data of an event were taken out', async () => {
  const path = join(folder(), 'baton.db');
  await someHistory(path);
  tamper(path, 'update events set data = null where seq = 1');
  expect(verifyStore(path, { fold: FOLD, evolve }).problems).toEqual([
    'event 1 of item/a: its data were taken out',
    'state of item/a: it is not what its events fold to',
  ]);
});

it('copies a file that has data before it migrates it', async () => {
  const home = folder();
  const path = join(home, 'baton.db');
  await someHistory(path);
  const backups = join(home, 'backups');
  const migrations = withOneMore('create table more (id integer primary key) strict');
  await opened(path, { migrations, backups, productVersion: '2.0.0' }).close();
  expect(readdirSync(backups)).toEqual(['before-9999_more-19700101T000001Z.db']);
  const copy = join(backups, 'before-9999_more-19700101T000001Z.db');
  expect(verifyStore(copy, { fold: FOLD, evolve })).toMatchObject({ ok: true, events: 6 });
  expect(read(path, (db) => db.prepare('select count(*) from more').pluck().get())).toBe(0);
});

it('refuses a database from a newer version, by that version', async () => {
  const path = join(folder(), 'baton.db');
  await opened(path, {
    migrations: withOneMore('create table more (id integer) strict'),
    productVersion: '2.0.0',
  }).close();
  expect(openSqliteStore(options(path))).toEqual({
    refusal: `${path} was written by Baton 2.0.0, which is newer than 1.2.3: run that version`,
    doubt: 'newer',
  });
});

it('refuses a migration that was changed after it was applied', async () => {
  const path = join(folder(), 'baton.db');
  await opened(path, { migrations: withOneMore('create table more (id integer) strict') }).close();
  const migrations = withOneMore('create table other (id integer) strict');
  expect(openSqliteStore(options(path, { migrations }))).toMatchObject({
    refusal: expect.stringContaining('9999_more'),
  });
});

it.each([
  ['fails halfway', 'create table more (id integer) strict;--> statement-breakpoint\nnonsense', 'syntax error'],
  ['loses rows', 'delete from inbox where id = 1', 'inbox lost 1 rows'],
])('undoes a migration that %s', async (_case, sql, reason) => {
  const path = join(folder(), 'baton.db');
  await someHistory(path);
  const refused = openSqliteStore(options(path, { migrations: withOneMore(sql) }));
  expect(refused).toMatchObject({ refusal: expect.stringContaining(reason) });
  const store = opened(path);
  expect(store.inbox(10)).toHaveLength(6);
  await store.close();
  expect(read(path, (db) => db.prepare("select name from sqlite_schema where name = 'more'").all())).toEqual([]);
});

it.each([
  ['is no database', (path: string) => writeFileSync(path, 'once upon a time, '.repeat(500)), 'is not a database'],
  ['is of another program', (path: string) => tamper(path, 'create table cats (name)'), 'another program'],
])('refuses a file that %s', (_case, make, reason) => {
  const path = join(folder(), 'baton.db');
  make(path);
  const before = readFileSync(path);
  expect(openSqliteStore(options(path))).toMatchObject({ refusal: expect.stringContaining(reason) });
  expect(readFileSync(path)).toEqual(before);
});

it('says what is missing when it cannot begin, and lets go of the file', async () => {
  const path = join(folder(), 'baton.db');
  const refused = openSqliteStore(options(path, { migrations: join(folder(), 'none') }));
  expect(refused).toMatchObject({ refusal: expect.stringContaining('no such file') });
  await opened(path).close();
});

it('opens a database from a newer version to be read alone, where that is asked for', async () => {
  const path = join(folder(), 'baton.db');
  await someHistory(path);
  const newer = withOneMore('create table more (id integer primary key) strict;');
  await opened(path, { migrations: newer, productVersion: '2.0.0' }).close();
  const store = opened(path, { evenNewer: true });
  expect(store.newer).toContain('was written by Baton 2.0.0');
  expect(store.state('item/c')).toMatchObject({ version: 1 });
  await expect(store.write([{ decide: note('item/a', 'never') }])).rejects.toMatchObject({ name: 'TurnFailed' });
  expect(store.head().seq).toBe(6);
  await store.close();
});
