import type { Database } from 'better-sqlite3';
import { digestOf, EMPTY_HEAD, GENESIS, hashOf } from './chain.ts';
import type { Store } from './port.ts';
import type { StoredEvent } from './rows.ts';
import { failureOf } from './sqlite-errors.ts';
import type { Statements } from './statements.ts';

type Watch = Pick<Store, 'timerDue' | 'head' | 'checkChain' | 'damage'>;

/** What whoever watches over the process asks: whether the chain is whole, whether the file is. */
export function createWatch(db: Database, statements: Statements): Watch {
  const hashAt = db.prepare<[number], string>('select hash from events where seq = ?').pluck();
  return {
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
    const { seq, stream, data, digest, hash } = event;
    const problem =
      seq !== last + 1
        ? `event ${seq} follows event ${last}`
        : data !== null && digestOf(data) !== digest
          ? `event ${seq} of ${stream}: its data was changed`
          : hashOf(previous, event) !== hash
            ? `event ${seq} of ${stream}: the chain is broken`
            : undefined;
    if (problem !== undefined) return { last, problem };
    last = seq;
    previous = hash;
  }
  return { last, problem: undefined };
}
