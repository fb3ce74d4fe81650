import { copyFileSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { EventRow } from '../../../src/store/port.ts';
import { openSqliteStore } from '../../../src/store/sqlite.ts';
import { verifyStore } from '../../../src/store/verify.ts';
import { evolve, FOLD, folder, from, note, opened, options } from '../../store/given.ts';

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
