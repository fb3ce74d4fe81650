import { cpSync, lstatSync, mkdirSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { backup } from '../../src/store/backup.ts';
import { isRefusal, openWritable } from '../../src/store/connection.ts';
import { migrate } from '../../src/store/migrate.ts';
import { restore, tryRestore } from '../../src/store/restore.ts';
import { verifyStore } from '../../src/store/verify.ts';
import { evolve, FOLD, folder, note, notesOf, opened, options, quiet, someHistory, tamper } from './given.ts';

const MIGRATIONS = fileURLToPath(new URL('../../migrations', import.meta.url));

const operator = { now: () => 5_000, actor: 'ole', productVersion: '1.2.3', fold: FOLD, evolve };

it('copies a database that is in use, and puts the copy back with an event that says so', async () => {
  const home = folder();
  const [path, copy] = [join(home, 'baton.db'), join(home, 'copy.db')];
  await someHistory(path);
  const store = opened(path);
  expect(backup(path, copy)).toEqual({ target: copy, bytes: statSync(copy).size, seq: 6 });
  expect(statSync(copy).mode & 0o777).toBe(0o600);
  await store.write([{ decide: note('item/a', 'lost by the restore') }]);
  expect(restore(copy, path, operator)).toMatchObject({ refusal: expect.stringContaining('is held by process') });
  await store.close();

  const aside = `${path}.before-restore-19700101T000005Z`;
  expect(restore(copy, path, operator)).toEqual({ path, bytes: statSync(path).size, replaced: aside, seq: 7 });
  for (const [file, events] of [
    [path, 7],
    [aside, 7],
    [copy, 6],
  ] as const) {
    expect(verifyStore(file, { fold: FOLD, evolve })).toEqual({ ok: true, events, states: 3, problems: [] });
  }
  const restored = opened(path, { now: () => 6_000 });
  expect(notesOf(restored.state('item/a'))).toEqual(['one', 'three', 'four']);
  expect(restored.history('store/store')).toEqual([
    {
      seq: 7,
      stream: 'store/store',
      version: 1,
      type: 'restored',
      at: 5_000,
      actor: 'ole',
      via: 'cli',
      data: { from: 'copy.db', at: 6 },
    },
  ]);
  await restored.write([{ decide: note('item/a', 'goes on') }]);
  await restored.close();
  expect(verifyStore(path, { fold: FOLD, evolve })).toMatchObject({ ok: true, events: 8 });
});

it('keeps what a killed bot had not yet taken into the file', async () => {
  const home = folder();
  const [path, copy] = [join(home, 'baton.db'), join(home, 'copy.db')];
  await someHistory(path);
  backup(path, copy);
  const store = opened(path);
  await store.write([{ decide: note('item/a', 'only in the journal') }]);
  const journal = readFileSync(`${path}-wal`);
  const main = readFileSync(path);
  await store.close();
  writeFileSync(path, main);
  writeFileSync(`${path}-wal`, journal);
  expect(restore(copy, path, operator)).toMatchObject({ seq: 7 });
  expect(readdirSync(home).filter((name) => /-wal|-shm/.test(name))).toEqual([]);
  expect(verifyStore(`${path}.before-restore-19700101T000005Z`, { fold: FOLD, evolve })).toMatchObject({ events: 7 });
  expect(verifyStore(path, { fold: FOLD, evolve })).toMatchObject({ ok: true, events: 7 });
});

it('restores where there was nothing, and over what is broken', async () => {
  const home = folder();
  const [path, copy] = [join(home, 'baton.db'), join(home, 'copy.db')];
  await someHistory(path);
  backup(path, copy);
  const fresh = join(home, 'elsewhere', 'baton.db');
  expect(restore(copy, fresh, operator)).toMatchObject({ path: fresh, replaced: null, seq: 7 });
  writeFileSync(path, 'rubble');
  expect(restore(copy, path, operator)).toMatchObject({ seq: 7 });
  expect(readFileSync(`${path}.before-restore-19700101T000005Z`, 'utf8')).toBe('rubble');
  expect(verifyStore(path, { fold: FOLD, evolve })).toMatchObject({ ok: true, events: 7 });
});

it('refuses a broken backup and leaves the database as it is', async () => {
  const home = folder();
  const [path, copy] = [join(home, 'baton.db'), join(home, 'copy.db')];
  await someHistory(path);
  backup(path, copy);
  const before = readFileSync(path);
  tamper(copy, 'drop trigger events_append_only', "update events set actor = 'eve' where seq = 3");
  expect(restore(copy, path, operator)).toMatchObject({ refusal: expect.stringContaining('event 3 of item/a') });
  writeFileSync(copy, before);
  tamper(copy, "update states set state = '{\"notes\":[]}' where stream = 'item/a'");
  expect(restore(copy, path, operator)).toMatchObject({ refusal: expect.stringContaining('state of item/a') });
  writeFileSync(copy, readFileSync(copy).subarray(0, 10_000));
  expect(restore(copy, path, operator)).toMatchObject({ refusal: expect.stringContaining('is not whole') });
  expect(readFileSync(path)).toEqual(before);
});

it('makes no backup of what is broken, and none over the database itself', async () => {
  const home = folder();
  const [path, copy] = [join(home, 'baton.db'), join(home, 'copy.db')];
  await someHistory(path);
  expect(backup(path, path)).toMatchObject({ refusal: expect.stringContaining('itself') });
  tamper(path, 'drop trigger events_append_only', "update events set actor = 'eve' where seq = 3");
  expect(backup(path, copy)).toMatchObject({ refusal: expect.stringContaining('event 3 of item/a') });
  expect(readdirSync(home).filter((name) => name.startsWith('copy'))).toEqual([]);
});

it('restores a backup on trial, and leaves nothing of that behind', async () => {
  const home = folder();
  const [path, copy] = [join(home, 'baton.db'), join(home, 'copy.db')];
  await someHistory(path);
  backup(path, copy);
  const before = readFileSync(copy);
  expect(tryRestore(copy, { ...operator, fold: FOLD, evolve })).toEqual([]);
  expect(readdirSync(home).filter((name) => name.startsWith('copy'))).toEqual(['copy.db']);
  expect(readFileSync(copy)).toEqual(before);
  // States of an earlier fold are no fault: the next start folds them anew.
  expect(tryRestore(copy, { ...operator, fold: FOLD + 1, evolve })).toEqual([]);
  // What the chain says nothing of is found by folding it.
  tamper(copy, "update states set state = '{\"notes\":[]}' where stream = 'item/a'");
  expect(tryRestore(copy, { ...operator, fold: FOLD, evolve })).toEqual([
    expect.stringContaining('state of item/a: it is not what its events fold to'),
  ]);
  expect(readdirSync(home).filter((name) => name.startsWith('copy'))).toEqual(['copy.db']);
});

it('restores a backup from before a migration, which the next start then carries out', async () => {
  const home = folder();
  const [path, old] = [join(home, 'baton.db'), join(home, 'old.db')];
  const migrations = join(home, 'migrations');
  cpSync(MIGRATIONS, migrations, { recursive: true });
  const journal = join(migrations, 'meta', '_journal.json');
  const { entries, ...rest } = JSON.parse(readFileSync(journal, 'utf8'));
  writeFileSync(journal, JSON.stringify({ ...rest, entries: entries.slice(0, 1) }));
  const db = openWritable(old);
  if (isRefusal(db)) throw new Error(db.refusal);
  expect(migrate(db, { ...options(old), migrations })).toBeUndefined();
  db.close();
  expect(restore(old, path, operator)).toMatchObject({ seq: 1 });
  const store = opened(path);
  await store.write([{ decide: note('item/a', 'goes on') }]);
  await store.close();
  expect(verifyStore(path, { fold: FOLD, evolve })).toMatchObject({ ok: true, events: 2 });
});

it('a file that is restored is not in doubt about what the replaced one was', async () => {
  const home = folder();
  const [path, copy] = [join(home, 'baton.db'), join(home, 'copy.db')];
  await someHistory(path);
  const store = opened(path);
  await store.write([{ decide: quiet({ mirrors: [{ key: 'safe-mode', at: 1, data: { cause: 'chain' } }] }) }]);
  await store.close();
  backup(path, copy);
  restore(copy, path, operator);
  const restored = opened(path, { now: () => 6_000 });
  expect(restored.mirror('safe-mode')).toBeUndefined();
  await restored.close();
});

it('keeps the backup that is there until the new one is proved, and replaces nothing that is no backup', async () => {
  const home = folder();
  const [path, copy] = [join(home, 'baton.db'), join(home, 'copy.db')];
  await someHistory(path);
  backup(path, copy);
  const good = readFileSync(copy);
  let proved = '';
  const refused = backup(path, copy, (draft) => {
    proved = draft;
    return { refusal: 'it could not be restored' };
  });
  expect(refused).toEqual({ refusal: 'it could not be restored' });
  expect(proved).toBe(`${copy}.part`);
  expect(readFileSync(copy)).toEqual(good);
  expect(backup(path, copy)).toMatchObject({ target: copy });
  const letter = join(home, 'letter.txt');
  writeFileSync(letter, 'Dear Olga');
  expect(backup(path, letter)).toMatchObject({ refusal: expect.stringContaining('is no backup of Baton') });
  expect(readFileSync(letter, 'utf8')).toBe('Dear Olga');
  const other = join(home, 'other.db');
  await someHistory(other);
  expect(backup(path, other)).toMatchObject({ refusal: expect.stringContaining('that a bot works on') });
  expect(readdirSync(home).filter((name) => name.includes('.part'))).toEqual([]);
});

it('says in one line where no backup can go, and which can not be put back, and leaves nothing there', async () => {
  const home = folder();
  const [path, copy] = [join(home, 'baton.db'), join(home, 'copy.db')];
  await someHistory(path);
  backup(path, copy);
  writeFileSync(join(home, 'plain'), '');
  mkdirSync(join(home, 'sub'));
  mkdirSync(join(home, 'odd.db.part'));
  mkdirSync(join(home, 'odd.db.restoring'));
  const before = readdirSync(home).sort();
  const places = ['sub', 'plain/x.db', 'plain/sub/x.db', 'odd.db'].map((name) => join(home, name));
  for (const target of [...places, '', '/proc/absent/x.db', '/dev/null'])
    expect.soft(backup(path, target), target).toEqual({ refusal: expect.stringMatching(/^[^\n]+$/) });
  const mode = statSync(join(home, 'sub')).mode;
  for (const target of [...places.slice(0, 3), '', '/proc/absent/x.db'])
    expect.soft(restore(copy, target, operator), target).toEqual({ refusal: expect.stringMatching(/^[^\n]+$/) });
  expect(statSync(join(home, 'sub')).mode).toBe(mode);
  expect(restore(join(home, 'sub'), path, operator)).toMatchObject({ refusal: expect.stringContaining('is no file') });
  expect(readdirSync(home).sort()).toEqual(before);
  expect(restore(copy, join(home, 'odd.db'), operator)).toMatchObject({ refusal: expect.stringContaining('odd.db') });
});

it('restores through a link into the file that it leads to', async () => {
  const home = folder();
  const [path, copy, link] = [join(home, 'baton.db'), join(home, 'copy.db'), join(home, 'link.db')];
  await someHistory(path);
  backup(path, copy);
  symlinkSync('baton.db', link);
  expect(restore(copy, link, operator)).toMatchObject({ path, seq: 7 });
  expect(lstatSync(link).isSymbolicLink()).toBe(true);
  expect(verifyStore(path, { fold: FOLD, evolve })).toMatchObject({ ok: true, events: 7 });
});
