import { setImmediate } from 'node:timers';
import type { OutboxRow, OutboxState, Store } from './port.ts';
import { fromDestination, toLane, toOutboxRow } from './rows.ts';
import type { Statements } from './statements.ts';
import { createQueues, type Waiting } from './waiting.ts';

/** How long a row may stay `sending`: well beyond the longest time-out of a send. */
const LEASE = 60_000;

type Details = Parameters<Store['mark']>[2];
interface Mark {
  readonly id: number;
  readonly state: OutboxState;
  readonly details: Details;
  done(): void;
  failed(error: unknown): void;
}

export interface Outbox extends Pick<Store, 'claim' | 'mark'> {
  /** Rows that a turn has committed. */
  add(rows: readonly OutboxRow[]): void;
  /** Writes the marks that still wait for their turn. */
  flush(): void;
}

export interface OutboxParts {
  readonly statements: Statements;
  transact<T>(run: () => T): T;
  /** Inside the transaction that marks a row as sent. */
  onSent(id: number): void;
}

/**
 * Claims and marks. What waits is known in memory, so a claim costs what it takes, however long the backlog. Marks that
 * come in one round of the event loop share a transaction: one fsync serves them all.
 */
export function createOutbox({ statements, transact, onSent }: OutboxParts): Outbox {
  const queues = createQueues();
  let marks: Mark[] = [];

  function flush(): void {
    const all = marks;
    marks = [];
    if (all.length === 0) return;
    try {
      transact(() => {
        for (const mark of all) write(statements, mark, onSent);
      });
    } catch (error) {
      for (const mark of all) mark.failed(error);
      return;
    }
    for (const mark of all) {
      const row = mark.state === 'new' ? statements.outbox.get(mark.id) : undefined;
      if (row) queues.put(toWaiting(toOutboxRow(row), null));
      else queues.remove(mark.id);
      mark.done();
    }
  }

  function abandon(rows: readonly Waiting[]): void {
    if (rows.length === 0) return;
    transact(() => {
      for (const { id } of rows) statements.abandon.run(id);
    });
    for (const { id } of rows) queues.remove(id);
  }

  for (const { id, lane, destination, due, state } of statements.waiting.all()) {
    queues.put({ id, lane: toLane(lane), destination, due, lease: state === 'sending' ? 0 : null });
  }
  // Whoever sent these is gone, and whether they arrived is not known.
  abandon(queues.abandoned(Number.MAX_SAFE_INTEGER));

  return {
    add(rows) {
      for (const row of rows) queues.put(toWaiting(row, null));
    },
    async claim(now, limit) {
      flush();
      abandon(queues.abandoned(now));
      const due = queues.due(now, limit);
      if (due.length === 0) return [];
      const lease = now + LEASE;
      const rows = transact(() => due.flatMap(({ id }) => statements.claim.get(lease, id) ?? []).map(toOutboxRow));
      for (const row of rows) queues.put(toWaiting(row, lease));
      return rows;
    },
    mark(id, state, details) {
      if (marks.length === 0) setImmediate(flush);
      return new Promise((done, failed) => {
        marks.push({ id, state, details, done, failed });
      });
    },
    flush,
  };
}

function write(statements: Statements, { id, state, details }: Mark, onSent: (id: number) => void): void {
  statements.mark.run(state, details?.dueAt ?? null, details?.reason ?? null, details?.platformId ?? null, id);
  if (state === 'sent') onSent(id);
}

function toWaiting(row: OutboxRow, lease: number | null): Waiting {
  return { id: row.id, lane: row.lane, destination: fromDestination(row.to), due: row.dueAt, lease };
}
