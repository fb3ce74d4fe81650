import type { OutboxState, Receipt, Store, Work, WorkResult } from '../../src/store/port.ts';

/** What the shell was told by its store, written down beside it: the oracle holds the store to its word. */

export class Violation extends Error {
  readonly invariant: string;
  constructor(invariant: string, what: string) {
    super(`${invariant}: ${what}`);
    this.name = 'Violation';
    this.invariant = invariant;
  }
}

export interface Counts {
  readonly events: number;
  readonly outbox: number;
}
export interface Ledger {
  counts: Counts;
  /** What a turn that nobody was told of would add. */
  pending: Counts | undefined;
  /** Ids that were decided on, once each. */
  readonly decided: Set<string>;
  readonly received: Set<string>;
  /** Where each row of the outbox stands, as far as the shell was told. */
  readonly rows: Map<number, OutboxState>;
  /** Each occurrence that fired: its timer and instant. */
  readonly fired: Set<string>;
}
export const newLedger = (): Ledger => ({
  counts: { events: 0, outbox: 0 }, pending: undefined, decided: new Set(), received: new Set(),
  rows: new Map(), fired: new Set(),
}); // biome-ignore format: a list

const FROM: Readonly<Record<string, readonly OutboxState[]>> = {
  sending: ['new', 'uncertain'], sent: ['sending'], failed: ['sending', 'uncertain'], expired: ['sending'],
  new: ['sending', 'uncertain'], uncertain: ['sending', 'uncertain'],
}; // biome-ignore format: a table

/** Writes down what the store said, and holds it to that. */
function createBook(store: Store, ledger: Ledger, report: (violation: Violation) => void) {
  const must = (holds: boolean, invariant: string, what: string): void => {
    if (!holds) report(new Violation(invariant, what));
  };
  return {
    must,
    move(id: number, to: OutboxState): void {
      const from = ledger.rows.get(id) ?? 'new';
      must(FROM[to]?.includes(from) === true, 'I3', `message ${id} went from ${from} to ${to}`);
      ledger.rows.set(id, to);
    },
    dueOf: (work: Work | Receipt): number | undefined =>
      'timer' in work && work.timer !== undefined ? store.timerDue(work.timer) : undefined,
    heed(work: Work | Receipt, result: WorkResult, due: number | undefined): void {
      if (result.result !== 'done') return;
      if ('receive' in work) {
        for (const { id } of work.receive) ledger.received.add(id);
        return;
      }
      const id = work.inbox?.id;
      if (id !== undefined) {
        must(!ledger.decided.has(id), 'I1', `${id} was decided on twice`);
        ledger.decided.add(id);
      }
      if (work.timer !== undefined && due !== undefined) {
        const occurrence = `${work.timer} of ${due}`;
        must(!ledger.fired.has(occurrence), 'I6', `the timer ${occurrence} fired twice`);
        ledger.fired.add(occurrence);
      }
      for (const row of result.outbox) ledger.rows.set(row.id, 'new');
    },
  };
}

const sumOf = (all: readonly Counts[]): Counts =>
  all.reduce((sum, { events, outbox }) => ({ events: sum.events + events, outbox: sum.outbox + outbox }), NONE);
const NONE: Counts = { events: 0, outbox: 0 };

/** The same works, which note what they would add while they are decided. */
function watched(turn: readonly (Work | Receipt)[], added: Counts[], ledger: Ledger): (Work | Receipt)[] {
  return turn.map((work, at) => {
    if ('receive' in work) return work;
    const decide: Work['decide'] = (read, now) => {
      const commit = work.decide(read, now);
      added[at] = { events: commit.events.length, outbox: commit.outbox.length };
      ledger.pending = sumOf(added);
      // A timer that is set again may fire again at the same instant.
      for (const timer of commit.timers) ledger.fired.delete(`${timer.key} of ${timer.due}`);
      return commit;
    };
    return { ...work, decide };
  });
}

/** The store as the shell has it. Every answer of the store is checked at once, and kept. */
export function monitored(
  store: Store,
  ledger: Ledger,
  countsOf: () => Counts,
  report: (violation: Violation) => void,
): Store {
  const { must, move, heed, dueOf } = createBook(store, ledger, report);
  return {
    ...store,
    async write(turn) {
      const dues = turn.map(dueOf);
      const added = turn.map(() => NONE);
      ledger.pending = NONE;
      const results = await store.write(watched(turn, added, ledger)).finally(() => {
        ledger.pending = undefined;
      });
      for (const [at, work] of turn.entries()) {
        const result = results[at];
        if (result !== undefined) heed(work, result, dues[at]);
      }
      ledger.counts = sumOf([ledger.counts, ...added.filter((_, at) => results[at]?.result === 'done')]);
      const { events, outbox } = countsOf();
      const [wanted, there] = [ledger.counts, `${events} events and ${outbox} messages are there`];
      const isSo = events === wanted.events && outbox === wanted.outbox;
      must(isSo, 'I3', `${there}, ${wanted.events} and ${wanted.outbox} were committed`);
      return results;
    },
    async claim(...given) {
      const rows = await store.claim(...given);
      for (const { id } of rows) {
        // A lease that ran out: whoever sent it is taken for gone.
        if (ledger.rows.get(id) === 'sending') ledger.rows.set(id, 'uncertain');
        move(id, 'sending');
      }
      return rows;
    },
    async mark(id, state, details) {
      await store.mark(id, state, details);
      move(id, state);
    },
  };
}
