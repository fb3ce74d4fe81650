import type { Database } from 'better-sqlite3';
import { EMPTY_HEAD, type Head } from './chain.ts';
import { type Reader, type Receipt, TurnFailed, type Work, type WorkResult } from './port.ts';
import { draft, type Present, write } from './record.ts';
import { fromText, toText } from './rows.ts';
import { failureOf } from './sqlite-errors.ts';
import type { StateCache } from './state-cache.ts';
import type { Statements } from './statements.ts';

export interface TurnParts extends Present {
  readonly db: Database;
  readonly cache: StateCache;
  readonly reader: Reader;
  now(): number;
}

/** What is remembered between turns of the chain's end and of the clock. */
interface Memory {
  head: Head | undefined;
  clock: number;
}

/** A work failed while it was being written, with no savepoint around it. */
const SPOILED = 'spoiled';

/**
 * Runs turns, each in one transaction that waits for nothing. Throws `TurnFailed` when the turn as a whole did not
 * happen.
 *
 * A savepoint around each work would cost a third of the rate: SQLite copies every page that is changed within one.
 * What is our own fault shows before a work's first write, nearly always; when it does not, the turn is undone and
 * decided again, this time with savepoints. Decisions are pure, so the other works come out the same.
 */
export function createTurns(parts: TurnParts): (turn: readonly (Work | Receipt)[]) => WorkResult[] {
  const memory: Memory = { head: undefined, clock: 0 };

  function attempt(turn: readonly (Work | Receipt)[], savepoints: boolean): WorkResult[] | typeof SPOILED {
    const { statements } = parts;
    try {
      statements.begin.run();
      const results: WorkResult[] = [];
      for (const work of turn) {
        const result = 'receive' in work ? receive(parts, work) : runWork(parts, memory, work, savepoints);
        if (result === SPOILED) {
          forget(parts, memory);
          return SPOILED;
        }
        results.push(result);
      }
      statements.commit.run();
      return results;
    } catch (error) {
      forget(parts, memory);
      throw error instanceof TurnFailed ? error : new TurnFailed(failureOf(error) ?? 'io', error);
    }
  }

  return (turn) => {
    const results = attempt(turn, false);
    if (results !== SPOILED) return results;
    const again = attempt(turn, true);
    if (again === SPOILED) throw new Error('a work was spoiled in spite of its savepoint');
    return again;
  };
}

/** Nothing of the turn was done: what memory holds may be of it, and is read again. */
function forget({ db, cache, statements }: TurnParts, memory: Memory): void {
  memory.head = undefined;
  cache.clear();
  try {
    // SQLite has rolled back by itself after some failures.
    if (db.inTransaction) statements.rollback.run();
  } catch {
    // Then the next turn cannot begin, and fails as a whole as well.
  }
}

/** One command. What is wrong with the disk fails the turn; any other error is a fault that undoes this work alone. */
function runWork(parts: TurnParts, memory: Memory, work: Work, savepoints: boolean): WorkResult | typeof SPOILED {
  const { statements } = parts;
  let writing = false;
  try {
    const before = work.inbox && statements.known.get(work.inbox.id);
    if (before !== undefined && before.state === 'done') return { result: 'known', outcome: fromText(before.outcome) };
    const last = memory.head ?? statements.head.get() ?? EMPTY_HEAD;
    const head = work.setsClock === true ? { ...last, at: 0 } : last;
    memory.clock = work.setsClock === true ? parts.now() : Math.max(memory.clock, head.at, parts.now());
    const now = memory.clock;
    if (work.timer !== undefined && !isDue(statements, work.timer, now)) return { result: 'known', outcome: null };
    const commit = work.decide(parts.reader, now);
    const rows = draft(parts, head, work, commit, now);
    if (savepoints) statements.save.run();
    writing = true;
    const written = write(parts, rows);
    if (savepoints) statements.release.run();
    // Only now: until here nothing in memory has changed, so a fault has nothing to undo there.
    memory.head = rows.head;
    for (const kept of written.states) parts.cache.put(kept);
    return { result: 'done', outcome: commit.outcome, outbox: written.outbox };
  } catch (error) {
    const reason = failureOf(error);
    if (reason || !parts.db.inTransaction) throw new TurnFailed(reason ?? 'io', error);
    if (writing && !savepoints) return SPOILED;
    if (writing) {
      statements.undo.run();
      statements.release.run();
    }
    return { result: 'fault', error };
  }
}

/** Raw bodies, as they came. Each is there once, whatever is delivered again; the outcome names those that came as another. */
function receive({ statements, now }: TurnParts, { receive: bodies, bookmark }: Receipt): WorkResult {
  const others: string[] = [];
  for (const { id, source, body, done } of bodies) {
    const text = toText(body);
    const { changes } = statements.receive.run(id, now(), text, source, done === true ? 'done' : 'new');
    // An old body is empty: then nobody can tell.
    if (changes === 0 && (statements.bodyOf.get(id) ?? text) !== text) others.push(id);
  }
  if (bookmark !== undefined) statements.setMeta.run(bookmark.name, bookmark.value);
  return { result: 'done', outcome: others.length === 0 ? null : { others }, outbox: [] };
}

/** An earlier work of the turn may have cleared this timer or put it off: then it no longer fires. */
function isDue(statements: Statements, key: string, now: number): boolean {
  const due = statements.timer.get(key);
  return due !== undefined && due <= now;
}
