import { chmodSync } from 'node:fs';
import Sqlite, { type Database } from 'better-sqlite3';
import { makeFile, type OpenRefusal } from './connection.ts';
import { realPath } from './paths.ts';
import { isBusy } from './sqlite-errors.ts';

export interface Lock {
  release(): void;
}

interface Holder {
  readonly pid: number;
  readonly since: number;
}

/**
 * Takes the lock of a database: a transaction on `<path>.lock` that stays open for life, so that the system frees it
 * however the process ends. A row in it says who holds it. The file is never removed and never opened by other means
 * than SQLite. It stands beside the file itself, whatever link leads there.
 */
export function takeLock(path: string, since: number): Lock | OpenRefusal {
  const file = `${realPath(path)}.lock`;
  let db: Database | undefined;
  try {
    makeFile(file);
    db = new Sqlite(file, { timeout: 0 });
    // The row is worth nothing after a power cut; no need to wait for the disk.
    db.pragma('synchronous = off');
    const held = hold(db, { pid: process.pid, since });
    chmodSync(file, 0o600);
    return { release: () => held.close() };
  } catch (error) {
    db?.close();
    if (isBusy(error)) return { refusal: whoHolds(path, file) };
    const reason = error instanceof Error ? error.message : String(error);
    return { refusal: `${file} cannot be locked (${reason}): check who may write there, or remove it if no bot runs` };
  }
}

/**
 * Writes the row, then takes the lock again for good. Another process can come in between: then the row is not ours and
 * is written again. Whoever finds the lock taken gives up, so the last one always gets it.
 */
function hold(db: Database, holder: Holder): Database {
  for (;;) {
    db.exec('begin immediate');
    db.exec('create table if not exists holder (pid integer, since integer) strict');
    db.exec('delete from holder');
    db.prepare('insert into holder values (?, ?)').run(holder.pid, holder.since);
    db.exec('commit');
    db.exec('begin immediate');
    if (readHolder(db)?.pid === holder.pid) return db;
    db.exec('rollback');
  }
}

function whoHolds(path: string, file: string): string {
  let db: Database | undefined;
  let who = 'another process';
  try {
    db = new Sqlite(file, { readonly: true, fileMustExist: true });
    const holder = readHolder(db);
    if (holder) who = `process ${holder.pid} since ${new Date(holder.since).toISOString()}`;
  } catch {
    // The row is a courtesy: the lock itself is what counts.
  } finally {
    db?.close();
  }
  return `${path} is held by ${who}: stop it first, or name another file`;
}

function readHolder(db: Database): Holder | undefined {
  return db.prepare<[], Holder>('select pid, since from holder').get();
}
