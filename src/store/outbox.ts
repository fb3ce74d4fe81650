import { setImmediate } from 'node:timers';
import type { OutboxRow, OutboxState, Store } from './port.ts';
import { fromDestination, toLane, toOutboxRow, toText } from './rows.ts';
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

export interface Outbox extends Pick<Store, 'claim' | 'mark' | 'behind' | 'copies' | 'late' | 'retry' | 'discard'> {
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
  /** What an earlier run left half done stays so. */
  readonly isReadOnly?: boolean;
}

/**
 * Claims and marks. What waits is known in memory, so a claim costs what it takes, however long the backlog. Marks that
 * come in one round of the event loop share a transaction: one fsync serves them all.
 */
export function createOutbox({ statements, transact, onSent, isReadOnly = false }: OutboxParts): Outbox {
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
      const waits = mark.state === 'new' || mark.state === 'uncertain';
      const row = waits ? statements.outbox.get(mark.id) : undefined;
      if (row) queues.put(toWaiting(toOutboxRow(row), null));
      else queues.remove(mark.id);
      mark.done();
    }
  }

  /** Whoever sent these is gone: whether they arrived is not known. They stay where they are, and are looked for. */
  function abandon(rows: readonly Waiting[]): void {
    if (rows.length === 0) return;
    transact(() => {
      for (const { id } of rows) statements.abandon.run(id);
    });
    for (const row of rows) queues.put({ ...row, lease: null, unsure: true });
  }

  for (const row of statements.waiting.all()) {
    const { id, lane, due, state } = row;
    const address = row.address ?? row.destination;
    queues.put({
      id, lane: toLane(lane), address, due, lease: state === 'sending' ? 0 : null, unsure: state !== 'new',
    }); // biome-ignore format: one row
  }
  if (!isReadOnly) abandon(queues.abandoned(Number.MAX_SAFE_INTEGER));

  return {
    add(rows) {
      for (const row of rows) queues.put(toWaiting(row, null));
    },
    async claim(now, limit, may) {
      flush();
      abandon(queues.abandoned(now));
      const due = queues.due(now, limit, may);
      if (due.length === 0) return [];
      const lease = now + LEASE;
      const rows = transact(() => due.flatMap(({ id }) => statements.claim.get(lease, id) ?? []).map(toOutboxRow));
      const unsure = new Set(due.filter((row) => row.unsure).map(({ id }) => id));
      for (const row of rows) queues.put({ ...toWaiting(row, lease), unsure: unsure.has(row.id) });
      return rows.map((row) => ({ ...row, state: unsure.has(row.id) ? 'uncertain' : 'new' }));
    },
    mark(id, state, details) {
      if (marks.length === 0) setImmediate(flush);
      return new Promise((done, failed) => {
        marks.push({ id, state, details, done, failed });
      });
    },
    flush,
    ...lookups(statements, queues),
    async retry(id, now) {
      flush();
      const row = transact(() => statements.revive.get(now, id));
      if (row) queues.put(toWaiting(toOutboxRow(row), null));
      return row !== undefined;
    },
    async discard(id) {
      flush();
      const given = transact(() => statements.giveUp.run(id).changes > 0);
      if (given) queues.remove(id);
      return given;
    },
  };
}

/** What is asked of the rows that wait, and of their like. */
function lookups(
  statements: Statements,
  queues: ReturnType<typeof createQueues>,
): Pick<Outbox, 'behind' | 'copies' | 'late'> {
  return {
    behind(id) {
      const row = statements.outbox.get(id);
      const rows = queues.behind(id);
      const newer = rows.some((each) => {
        const other = statements.outbox.get(each);
        return row !== undefined && other !== undefined && other.kind === row.kind && other.key === row.key;
      });
      return { rows: rows.length, newer };
    },
    copies: ({ id, to, at, kind, key }) =>
      statements.copies.all(id, id, fromDestination(to), at, kind, key).map(toOutboxRow),
    late: (before, limit, only) => {
      const rows =
        only === undefined
          ? statements.late.all(before, before, limit)
          : statements.lateOf.all(before, only.lane, only.key, before, only.lane, only.key, limit);
      return rows.map(toOutboxRow);
    },
  };
}

function write(statements: Statements, { id, state, details }: Mark, onSent: (id: number) => void): void {
  statements.mark.run(state, details?.dueAt ?? null, details?.reason ?? null, details?.platformId ?? null, id);
  if (state !== 'sent') return;
  onSent(id);
  if (details?.post === undefined || details.platformId === undefined) return;
  const { live, form, shown } = details.post;
  const asText = (value: unknown) => (value === null || value === undefined ? null : toText(value));
  statements.insertPost.run(details.platformId, asText(live), asText(form), shown, live == null ? 0 : 1, id);
}

function toWaiting(row: OutboxRow, lease: number | null): Waiting {
  const { id, lane, to, dueAt: due, address, state } = row;
  return { id, lane, address: address ?? fromDestination(to), due, lease, unsure: state === 'uncertain' };
}
