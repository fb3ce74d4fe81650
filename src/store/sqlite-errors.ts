import Sqlite from 'better-sqlite3';
import type { TurnFailed } from './port.ts';
import { DamagedRow } from './rows.ts';

/** The result codes that are about one statement and its values; every other one is about the file or the memory. */
const OURS = /^SQLITE_(ERROR|CONSTRAINT|MISMATCH|TOOBIG|RANGE|MISUSE)/;

/** What kept a transaction from happening, or nothing when the error is a fault of our own code. */
export function failureOf(error: unknown): TurnFailed['reason'] | undefined {
  if (isCorrupt(error)) return 'corrupt';
  if (!(error instanceof Sqlite.SqliteError) || OURS.test(error.code)) return undefined;
  // Another program holds the file for a moment; nothing is wrong with it.
  if (isBusy(error)) return 'busy';
  return error.code === 'SQLITE_FULL' ? 'full' : 'io';
}

/** A file that is no database, or a damaged one. */
export function isCorrupt(error: unknown): boolean {
  return (
    error instanceof DamagedRow || (error instanceof Sqlite.SqliteError && /^SQLITE_(NOTADB|CORRUPT)/.test(error.code))
  );
}

export function isBusy(error: unknown): boolean {
  return error instanceof Sqlite.SqliteError && error.code.startsWith('SQLITE_BUSY');
}
