import type { Database } from 'better-sqlite3';
import { EMPTY_HEAD, GENESIS } from './chain.ts';
import { type Evolve, eventsOfStream, whatIsWrong } from './fold.ts';
import type { Store } from './port.ts';
import { changedProcesses, changedSchema, whatIsWrongWith } from './proofs.ts';
import type { StoredEvent, StoredState } from './rows.ts';
import { failureOf } from './sqlite-errors.ts';
import type { Statements } from './statements.ts';

export interface StateProof {
  /**
   * What everything else stands on, before anything is decided: who may do what, what is open, the processes and the
   * schema. What is wrong with it; undefined: nothing.
   */
  checkLiving(evolve: Evolve): string | undefined;
  /** Compares so many states after this row with what their events fold to; `last` is undefined after the last one. */
  checkStates(
    evolve: Evolve,
    after: number,
    limit: number,
  ): { readonly last: number | undefined; readonly problem: string | undefined };
}

type Watch = Pick<Store, 'timerDue' | 'head' | 'checkChain' | 'damage'> & StateProof;

/** Of each there is one: rights, the calendar and the calls. */
const VITAL = ['people/all', 'calendar/all', 'calls/all'];

/** What whoever watches over the process asks: whether the chain is whole, whether the file is. */
export function createWatch(db: Database, statements: Statements, fold: number): Watch {
  const hashAt = db.prepare<[number], string>('select hash from events where seq = ?').pluck();
  const events = eventsOfStream(db);
  const living = db.prepare<[], StoredState>('select * from states where open = 1 order by id');
  const some = db.prepare<[number, number], StoredState>('select * from states where id > ? order by id limit ?');
  const wrong = (evolve: Evolve, row: StoredState): string | undefined => {
    const problem = whatIsWrong(row, events.all(row.stream), { fold, evolve });
    return problem === undefined ? undefined : `state of ${row.stream}: ${problem}`;
  };
  return {
    checkLiving(evolve) {
      for (const stream of VITAL) {
        const row = statements.state.get(stream);
        const isMissing = row === undefined && events.get(stream) !== undefined;
        const problem = row === undefined ? undefined : wrong(evolve, row);
        if (isMissing || problem !== undefined) return problem ?? `state of ${stream}: it is missing`;
      }
      for (const row of living.iterate()) {
        const problem = wrong(evolve, row);
        if (problem !== undefined) return problem;
      }
      return changedProcesses(db)[0] ?? changedSchema(db)[0];
    },
    checkStates(evolve, after, limit) {
      const rows = some.all(after, limit);
      for (const row of rows) {
        const problem = wrong(evolve, row);
        if (problem !== undefined) return { last: row.id, problem };
      }
      return { last: rows.length < limit ? undefined : rows.at(-1)?.id, problem: undefined };
    },
    timerDue: (key) => statements.timer.get(key),
    head: () => {
      const { seq, hash } = statements.head.get() ?? EMPTY_HEAD;
      return { seq, hash };
    },
    checkChain(afterSeq, limit) {
      const before = afterSeq === 0 ? GENESIS : hashAt.get(afterSeq);
      if (before === undefined) return { last: afterSeq, problem: `event ${afterSeq} is gone` };
      return proveLinks(statements.eventsAfter.all(afterSeq, limit), afterSeq, before);
    },
    damage(error) {
      const reason = failureOf(error);
      return reason === 'corrupt' || reason === 'io' ? reason : undefined;
    },
  };
}

/** Each event chained to the one before it, and its data those that its digest is of. */
function proveLinks(events: readonly StoredEvent[], after: number, before: string): ReturnType<Store['checkChain']> {
  let last = after;
  let previous = before;
  for (const event of events) {
    const { seq, stream, hash } = event;
    if (seq !== last + 1) return { last, problem: `event ${seq} follows event ${last}` };
    const [problem] = whatIsWrongWith(event, previous);
    if (problem !== undefined) return { last, problem: `event ${seq} of ${stream}: ${problem}` };
    last = seq;
    previous = hash;
  }
  return { last, problem: undefined };
}
