import type { Database } from 'better-sqlite3';
import { isRefusal, openReadOnly } from './connection.ts';
import { isCorrupt } from './sqlite-errors.ts';

/** What a database knows already, read without the lock: for what only looks. */
export interface Known {
  has(ref: string): boolean;
  /** The circles of the items that are not over, as they were recorded. */
  readonly circles: readonly string[];
  /** What was kept under this name. */
  meta(name: string): string | undefined;
  close(): void;
}

/** Undefined when the file can not be opened, or is too damaged to be asked. */
export function openKnown(path: string): Known | undefined {
  const db = openReadOnly(path);
  if (isRefusal(db)) return undefined;
  try {
    return knownIn(db);
  } catch (error) {
    db.close();
    if (isCorrupt(error)) return undefined;
    throw error;
  }
}

function knownIn(db: Database): Known {
  const state = db.prepare<[string], number>('SELECT 1 FROM states WHERE stream = ?').pluck();
  const meta = db.prepare<[string], string>('SELECT value FROM meta WHERE name = ?').pluck();
  const circles = db
    .prepare<[], string | null>(
      "SELECT json_extract(state, '$.circle') FROM states WHERE type = 'item' AND open = 1 AND json_valid(state)",
    )
    .pluck()
    .all();
  return {
    has: (ref) => state.get(`ref/${ref}`) !== undefined,
    circles: circles.filter((circle) => circle !== null),
    meta: (name) => meta.get(name),
    close: () => void db.close(),
  };
}
