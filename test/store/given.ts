import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { onTestFinished } from 'vitest';
import type { Evolve } from '../../src/store/fold.ts';
import type { Commit, EventRow, OutboxDraft, Reader, StateRow, Work, WorkResult } from '../../src/store/port.ts';
import { openSqliteStore, type SqliteOptions, type SqliteStore } from '../../src/store/sqlite.ts';

/** A toy domain: an item collects notes until it is closed, and can be opened again. */
interface Item {
  readonly notes: readonly string[];
}
export const FOLD = 1;

export const evolve: Evolve = (_type, state, event) => {
  const before = isItem(state) ? state : { notes: [] };
  switch (event.type) {
    case 'noted':
      return { state: { notes: [...before.notes, noteOf(event.data)] }, open: true };
    case 'closed':
      return { state: before, open: false };
    default:
      return { state: before, open: true };
  }
};

/** Notes that are decided on the state of the moment, as a real command is. */
export function note(stream: string, text: string, more: Partial<Commit> = {}): Work['decide'] {
  return (read, now) => ({ ...happened(read, now, stream, 'noted', { note: text }), ...more });
}

export function close(stream: string): Work['decide'] {
  return (read, now) => happened(read, now, stream, 'closed', {});
}

export function reopen(stream: string): Work['decide'] {
  return (read, now) => happened(read, now, stream, 'reopened', {});
}

export function quiet(more: Partial<Commit> = {}): Work['decide'] {
  return () => ({ ...NOTHING, ...more });
}

/** For what must not be decided again. */
export function never(): never {
  throw new Error('was decided again');
}

export function from(id: string, decide: Work['decide']): Work {
  return { inbox: { id, body: { said: id } }, decide };
}

export const NOTHING: Commit = {
  events: [],
  states: [],
  outbox: [],
  timers: [],
  cleared: [],
  mirrors: [],
  outcome: null,
};

export function message(to: string, body: string, more: Partial<OutboxDraft> = {}): OutboxDraft {
  return { kind: 'note', lane: 'answer', to: { chat: to }, key: null, at: 0, late: false, body, ...more };
}

export function happened(read: Reader, at: number, stream: string, type: string, data: unknown): Commit {
  const before = read.state(stream);
  const event = { stream, version: (before?.version ?? 0) + 1, type, at, actor: 'ole', via: 'test', data };
  const row: EventRow = { ...event, seq: 0 };
  const { state, open } = evolve('item', before?.state, row);
  const next: StateRow = { stream, type: 'item', version: event.version, open, state };
  return { ...NOTHING, events: [event], states: [next], outcome: { version: event.version } };
}

export function notesOf(row: StateRow | undefined): readonly string[] {
  return isItem(row?.state) ? row.state.notes : [];
}

export function resultsOf(results: readonly WorkResult[]): string {
  return results.map(({ result }) => result).join(' ');
}

/** A folder that is gone after the test. */
export function folder(): string {
  const made = mkdtempSync(join(tmpdir(), 'baton-store-'));
  onTestFinished(() => rmSync(made, { recursive: true, force: true }));
  return made;
}

export function options(path: string, more: Partial<SqliteOptions> = {}): SqliteOptions {
  return { path, fold: FOLD, now: () => 1_000, productVersion: '1.2.3', ...more };
}

/** An open store, or a failed test that says why. */
export function opened(path: string, more: Partial<SqliteOptions> = {}): SqliteStore {
  const store = openSqliteStore(options(path, more));
  if ('refusal' in store) throw new Error(store.refusal);
  return store;
}

/** A file with a little history in it, closed. */
export async function someHistory(path: string): Promise<void> {
  const store = opened(path);
  await store.write([
    from('1', note('item/a', 'one')),
    from('2', note('item/b', 'two')),
    from('3', note('item/a', 'three')),
  ]);
  await store.write([from('4', note('item/a', 'four')), from('5', close('item/b')), from('6', note('item/c', 'six'))]);
  await store.close();
}

/** Changes a file behind the store's back. */
export function tamper(path: string, ...statements: readonly string[]): void {
  const db = new Sqlite(path);
  try {
    for (const statement of statements) db.exec(statement);
  } finally {
    db.close();
  }
}

function isItem(state: unknown): state is Item {
  return typeof state === 'object' && state !== null && 'notes' in state && Array.isArray(state.notes);
}

function noteOf(data: unknown): string {
  return typeof data === 'object' && data !== null && 'note' in data ? String(data.note) : '';
}
