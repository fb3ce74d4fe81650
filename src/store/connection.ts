import { chmodSync, closeSync, existsSync, openSync } from 'node:fs';
import { dirname } from 'node:path';
import Sqlite, { type Database } from 'better-sqlite3';
import { makeFolder } from './paths.ts';
import { isCorrupt } from './sqlite-errors.ts';

/** Why a file was not opened: one line for a person, with the remedy. */
export interface OpenRefusal {
  readonly refusal: string;
  /** Set where the file itself is in doubt: it is damaged, or of a newer version. */
  readonly doubt?: 'corrupt' | 'newer';
}

/** "BATN": what marks a file as ours. */
const APPLICATION_ID = 0x42_41_54_4e;
/** Before it, two connections that write and checkpoint at one instant could damage the file. */
const OLDEST_SQLITE = '3.51.3';
const BUSY_TIMEOUT = 2_000;

/** Tells a refusal from what was asked for. */
export function isRefusal(value: object): value is OpenRefusal {
  return 'refusal' in value;
}

/**
 * Opens the file to write. It is made with mode 0600 (its journal takes the mode over), every setting is read back, and
 * a file that is not ours is left as it is.
 */
export function openWritable(path: string): Database | OpenRefusal {
  let db: Database | undefined;
  try {
    if (path !== ':memory:') makeFile(path);
    db = new Sqlite(path, { timeout: BUSY_TIMEOUT });
    const problem = checkFile(db, path) ?? settle(db, path);
    if (problem === undefined) return db;
    db.close();
    return { refusal: problem };
  } catch (error) {
    db?.close();
    return unopened(path, error);
  }
}

/** Opens the file to read only, without the lock: for pages, and for what runs beside the bot. */
export function openReadOnly(path: string, timeout = BUSY_TIMEOUT): Database | OpenRefusal {
  let db: Database | undefined;
  try {
    db = new Sqlite(path, { readonly: true, fileMustExist: true, timeout });
    db.pragma('query_only = on');
    db.pragma('trusted_schema = off');
    db.pragma('cell_size_check = on');
    const problem = isEmpty(db) ? `${path} is empty: name the database of a bot` : checkFile(db, path);
    if (problem === undefined) return db;
    db.close();
    return { refusal: problem };
  } catch (error) {
    db?.close();
    return unopened(path, error);
  }
}

/** Marks the file as ours; part of the first migration's transaction. */
export function markAsOurs(db: Database): void {
  db.pragma(`application_id = ${APPLICATION_ID}`);
}

/**
 * Makes an empty file of mode 0600 when there is none. An existing one is never opened here: closing it drops SQLite's
 * locks. Nor does it get another mode, for it may not be ours.
 */
export function makeFile(path: string): void {
  makeFolder(dirname(path));
  try {
    closeSync(openSync(path, 'wx', 0o600));
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
  }
}

/** The file is known as ours by now: it is its owner's alone, and so is what may stand beside it already. */
function settle(db: Database, path: string): string | undefined {
  if (path !== ':memory:')
    for (const part of [path, `${path}-wal`, `${path}-shm`]) if (existsSync(part)) chmodSync(part, 0o600);
  return applySettings(db, path);
}

function isEmpty(db: Database): boolean {
  return db.prepare('select 1 from sqlite_schema limit 1').get() === undefined;
}

function checkFile(db: Database, path: string): string | undefined {
  const version = String(db.prepare('select sqlite_version()').pluck().get());
  if (isOlder(version, OLDEST_SQLITE)) {
    return `SQLite ${version} can damage the database: install better-sqlite3 with SQLite ${OLDEST_SQLITE} or later`;
  }
  const id = db.pragma('application_id', { simple: true });
  if (id === APPLICATION_ID || (id === 0 && isEmpty(db))) return undefined;
  return `${path} is a database of another program: name another file`;
}

function applySettings(db: Database, path: string): string | undefined {
  const wanted: readonly [name: string, value: string, effect: unknown][] = [
    ['journal_mode', 'wal', path === ':memory:' ? 'memory' : 'wal'],
    ['synchronous', 'full', 2],
    ['foreign_keys', 'on', 1],
    ['busy_timeout', String(BUSY_TIMEOUT), BUSY_TIMEOUT],
    ['trusted_schema', 'off', 0],
    ['cell_size_check', 'on', 1],
    ['secure_delete', 'on', 1],
    // Without it, INSERT OR REPLACE would replace an event past its triggers.
    ['recursive_triggers', 'on', 1],
  ];
  for (const [name, value, effect] of wanted) {
    db.pragma(`${name} = ${value}`);
    if (db.pragma(name, { simple: true }) === effect) continue;
    return `SQLite did not take ${name}=${value} on ${path}: put the database on a local disk`;
  }
  return undefined;
}

function isOlder(version: string, than: string): boolean {
  const [left, right] = [version, than].map((text) => text.split('.').map(Number));
  for (const place of [0, 1, 2]) {
    const difference = (left?.[place] ?? 0) - (right?.[place] ?? 0);
    if (difference !== 0) return difference < 0;
  }
  return false;
}

/** What is wrong with the file or its folder, in one line. */
export function unopened(path: string, error: unknown): OpenRefusal {
  // A mistake of our own is not the file's fault.
  if (error instanceof TypeError || error instanceof ReferenceError) throw error;
  if (isCorrupt(error))
    return {
      refusal: `${path} is not a database or is damaged: restore a backup, or name another file`,
      doubt: 'corrupt',
    };
  const reason = error instanceof Error ? error.message : String(error);
  return {
    refusal: `${path} cannot be opened (${reason}): check that it exists, who may read and write it, and the space there`,
  };
}
