import type { Database } from 'better-sqlite3';
import { readMeta, writeMeta } from './migrate.ts';

interface Batch {
  /** The last row that needs no further look. */
  readonly mark: number;
  readonly seen: number;
  readonly emptied: number;
}

const KEPT_FOR = 30 * 24 * 3_600_000;
const BATCH = 500;
const OUTBOX = 'store.pruned.outbox';
const INBOX = 'store.pruned.inbox';

/**
 * Empties old bodies: of delivered messages and of answered incoming ones. The rows stay, so an id that comes again
 * after a year is still known. A mark in meta says how far it got, which saves an index on either table.
 */
export function createPruner(db: Database, transact: <T>(run: () => T) => T) {
  const statements = prepare(db);
  let outboxMark = Number(readMeta(db, OUTBOX) ?? 0);

  function outboxBatch(before: number): Batch {
    let mark = outboxMark;
    let seen = 0;
    let emptied = 0;
    for (const { id, state, created } of statements.outbox.all(mark, BATCH)) {
      if (created >= before || state === 'new' || state === 'sending') break;
      if (state === 'sent') emptied += statements.emptyOutbox.run(id).changes;
      mark = id;
      seen += 1;
    }
    if (seen > 0) writeMeta(db, OUTBOX, String(mark));
    return { mark, seen, emptied };
  }

  function inboxBatch(before: number): Batch {
    const start = Number(readMeta(db, INBOX) ?? 0);
    const rows = statements.inbox.all(start, BATCH);
    // What was not decided yet keeps its body, and the mark waits before it.
    const stop = rows.findIndex((row) => row.at >= before || row.state === 'new');
    const old = stop < 0 ? rows : rows.slice(0, stop);
    const mark = old.at(-1)?.id;
    if (mark === undefined) return { mark: start, seen: 0, emptied: 0 };
    writeMeta(db, INBOX, String(mark));
    return { mark, seen: old.length, emptied: statements.emptyInbox.run(start, mark).changes };
  }

  return {
    /** One short transaction a batch, so that nobody waits for a year's worth of rows. */
    prune(now: number): { outbox: number; inbox: number } {
      const before = now - KEPT_FOR;
      return {
        outbox: repeat(() => {
          const batch = transact(() => outboxBatch(before));
          outboxMark = batch.mark;
          return batch;
        }),
        inbox: repeat(() => transact(() => inboxBatch(before))),
      };
    },
    /** A row that was parked when the mark passed it has been sent after all. */
    reopened(id: number): void {
      if (id > outboxMark) return;
      outboxMark = id - 1;
      writeMeta(db, OUTBOX, String(outboxMark));
    },
  };
}

function repeat(batch: () => Batch): number {
  let total = 0;
  for (;;) {
    const { seen, emptied } = batch();
    total += emptied;
    if (seen < BATCH) return total;
  }
}

function prepare(db: Database) {
  return {
    outbox: db.prepare<[number, number], { id: number; state: string; created: number }>(
      'select id, state, created from outbox where id > ? order by id limit ?',
    ),
    emptyOutbox: db.prepare('update outbox set body = null where id = ? and body is not null'),
    inbox: db.prepare<[number, number], { id: number; at: number; state: string }>(
      'select id, at, state from inbox where id > ? order by id limit ?',
    ),
    emptyInbox: db.prepare('update inbox set body = null where id > ? and id <= ? and body is not null'),
  };
}
