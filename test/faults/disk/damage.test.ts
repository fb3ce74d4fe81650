import { copyFileSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { expect, test } from 'vitest';
import type { EventRow } from '../../../src/store/port.ts';
import { openSqliteStore } from '../../../src/store/sqlite.ts';
import { verifyStore } from '../../../src/store/verify.ts';
import { evolve, FOLD, folder, from, note, opened, options } from '../../store/given.ts';
import { tally } from '../../support/tally.ts';

/**
 * Bits of the file turn, and its end is cut off. Either that is said, by the start or by `verify`, or it touched nothing
 * that counts: then every event is as it was. What must never be: another history that passes for the true one.
 */

async function givenFile(): Promise<{ readonly path: string; readonly events: readonly EventRow[] }> {
  const path = join(folder(), 'baton.db');
  const store = opened(path);
  for (let n = 0; n < 40; n += 1)
    await store.write([from(`${n}`, note(`item/${n % 7}`, `${n} ${'word '.repeat(80)}`))]);
  const events = store.events(0, 1_000);
  await store.close();
  return { path, events };
}

/** Undefined: it was noticed, or nothing that counts was touched. */
function unnoticed(path: string, events: readonly EventRow[]): string | undefined {
  const checked = attempt(() => verifyStore(path, { fold: FOLD, evolve }).problems);
  if (checked === undefined || checked.length > 0) return undefined;
  const store = attempt(() => openSqliteStore(options(path)));
  if (store === undefined || 'refusal' in store) return undefined;
  const now = attempt(() => store.events(0, 1_000));
  void store.close();
  if (now === undefined) return undefined;
  return JSON.stringify(now) === JSON.stringify(events) ? undefined : 'another history passes for the true one';
}

/** SQLite's word that the file is broken is a notice, too. */
function attempt<T>(run: () => T): T | undefined {
  try {
    return run();
  } catch (error) {
    if (error instanceof Error && 'code' in error && /^SQLITE_/.test(String(error.code))) return undefined;
    throw error;
  }
}

/** The same, and then what was there before: as whole as an old backup, which only the head posted outside tells from it. */
function oldOrUnnoticed(path: string, { events, head }: Awaited<ReturnType<typeof givenCopies>>): string | undefined {
  const what = unnoticed(path, events);
  if (what === undefined) return undefined;
  const store = opened(path);
  const now = store.events(0, 1_000);
  void store.close();
  if (JSON.stringify(now) !== JSON.stringify(events.slice(0, now.length))) return what;
  return verifyStore(path, { fold: FOLD, evolve, head }).ok ? 'the head that was posted does not tell it' : undefined;
}

/** The file and its journal after each commit, as they are while the bot runs. */
async function givenCopies() {
  const path = join(folder(), 'baton.db');
  const store = opened(path);
  const copies: string[] = [];
  for (let n = 0; n < 24; n += 1) {
    await store.write([from(`${n}`, note(`item/${n % 5}`, `${n} ${'word '.repeat(80)}`))]);
    // Every now and then the journal is taken into the file, and begins anew.
    if (n % 6 === 5) takeIn(path);
    const copy = join(folder(), 'baton.db');
    for (const end of ['', '-wal']) copyFileSync(`${path}${end}`, `${copy}${end}`);
    copies.push(copy);
  }
  const events = store.events(0, 1_000);
  const head = store.head();
  await store.close();
  return { copies, events, head };
}

function takeIn(path: string): void {
  const db = new Sqlite(path);
  db.pragma('wal_checkpoint(truncate)');
  db.close();
}

test('a page of zeros, each page of the file', async () => {
  const { path, events } = await givenFile();
  const whole = readFileSync(path);
  const copy = join(folder(), 'baton.db');
  const size = 4_096;
  let noticed = 0;
  for (let at = 0; at < whole.length; at += size) {
    const data = Buffer.from(whole);
    data.fill(0, at, at + size);
    writeFileSync(copy, data);
    if (attempt(() => verifyStore(copy, { fold: FOLD, evolve }).ok) !== true) noticed += 1;
    expect(unnoticed(copy, events), `page ${at / size + 1}`).toBeUndefined();
  }
  expect(noticed).toBeGreaterThan(whole.length / size / 2);
  tally('fault', 'a page of zeros', whole.length / size);
});

test('a journal that is gone, and an old one beside a newer file', async () => {
  const given = await givenCopies();
  const { copies, events } = given;
  const place = folder();
  const copy = join(place, 'baton.db');
  let tried = 0;
  let old = 0;
  for (const [at, file] of copies.entries())
    for (const journal of [undefined, ...copies.filter((_, of) => of < at && (at - of) % 3 === 1)]) {
      for (const end of ['', '-wal', '-shm', '.lock']) rmSync(`${copy}${end}`, { force: true });
      copyFileSync(file, copy);
      if (journal !== undefined) copyFileSync(`${journal}-wal`, `${copy}-wal`);
      tried += 1;
      if (unnoticed(copy, events) !== undefined) old += 1;
      expect(oldOrUnnoticed(copy, given), `file ${at} with ${journal ?? 'no journal'}`).toBeUndefined();
    }
  // Most have lost something: the test would see nothing otherwise.
  expect(old).toBeGreaterThan(0);
  tally('fault', 'a journal that is gone, or is an old one', tried);
});

test('a bit that turned, all over the file', async () => {
  const { path, events } = await givenFile();
  const whole = readFileSync(path);
  const copy = join(folder(), 'baton.db');
  const flips = 400;
  const found: string[] = [];
  let noticed = 0;
  for (let flip = 0; flip < flips; flip += 1) {
    const at = Math.floor((whole.length * flip) / flips) + (flip % 13);
    const data = Buffer.from(whole);
    data.writeUInt8(data.readUInt8(at) ^ (1 << (flip % 8)), at);
    writeFileSync(copy, data);
    const before = attempt(() => verifyStore(copy, { fold: FOLD, evolve }).problems);
    if (before === undefined || before.length > 0) noticed += 1;
    const what = unnoticed(copy, events);
    if (what !== undefined) found.push(`bit ${flip % 8} of byte ${at}: ${what}`);
  }
  expect(found).toEqual([]);
  // Most of the file counts: turned bits must have been seen.
  expect(noticed).toBeGreaterThan(flips / 4);
});

test('a file that ends too early', async () => {
  const { path, events } = await givenFile();
  const size = readFileSync(path).length;
  const copy = join(folder(), 'baton.db');
  for (let part = 0; part < 40; part += 1) {
    copyFileSync(path, copy);
    truncateSync(copy, Math.floor((size * part) / 40) + (part % 3));
    expect(attempt(() => verifyStore(copy, { fold: FOLD, evolve }).ok) ?? false, `cut off at ${part}/40`).toBe(false);
    expect(unnoticed(copy, events)).toBeUndefined();
  }
});
