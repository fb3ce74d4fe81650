import type { Database } from 'better-sqlite3';
import { journalOf } from './ballast.ts';
import { isRefusal, openReadOnly } from './connection.ts';
import { IS_PARKED } from './parked.ts';
import { backedUpAt, LATE_AFTER } from './port.ts';
import { asker } from './reading.ts';

/** What `baton doctor` wants to know of a database, read without the lock. */
export interface Inspection {
  /** Rows that a verification reads: events and states. */
  readonly rows: number;
  /** Messages that need a person, by the reason; the most frequent first. */
  readonly parked: readonly Counted[];
  /** Messages that wait for nearly five minutes. */
  readonly late: readonly Counted[];
  /** What came in and could not be dealt with, by where it came from. */
  readonly parkedReceipts: readonly Counted[];
  /** People whom commands added, and the ids of those whom commands removed. */
  readonly added: readonly { readonly id: string; readonly roles: readonly string[] }[];
  readonly removed: readonly string[];
  readonly grants: readonly { readonly person: string; readonly role: string; readonly granted: boolean }[];
  /** People on call whose test page was not confirmed. */
  readonly uncovered: readonly string[];
  /** Why nothing is decided, where safe mode was recorded and is not over. */
  readonly doubt: string | undefined;
  /** From when on no backup was made that could be restored; undefined: none is expected of this file. */
  readonly backedUpAt: number | undefined;
  /** When the next thing is to happen at its time. */
  readonly timerDue: number | undefined;
  /** The bytes of the journal beside the file. */
  readonly journal: number;
  /** Chats in which the head of the history stands and could not be pinned. */
  readonly unpinned: readonly { readonly address: string; readonly why: string }[];
}

interface Counted {
  readonly what: string;
  readonly count: number;
}

/** The most frequent ones. */
const MOST_REASONS = 100;

interface People {
  readonly added?: Readonly<Record<string, { readonly id: string; readonly roles?: readonly string[] }>>;
  readonly removed?: readonly string[];
  readonly grants?: Readonly<Record<string, Readonly<Record<string, boolean>>>>;
}
interface Calendar {
  readonly tests?: Readonly<Record<string, { readonly confirmed: boolean }>>;
}

/** Undefined when the file can not be opened. */
export function inspect(path: string, now: number): Inspection | undefined {
  const db = openReadOnly(path);
  if (isRefusal(db)) return undefined;
  try {
    const ask = asker(db);
    const states = ask<[string], { state: string }>('SELECT state FROM states WHERE stream = ? LIMIT 1');
    const state = (stream: string): string | undefined => states.get(stream)?.state;
    const rows = ask<[], { n: number }>(
      'SELECT (SELECT count(*) FROM events) + (SELECT count(*) FROM states) AS n LIMIT 1',
    ).get();
    const people = JSON.parse(state('people/all') ?? '{}') as People;
    const calendar = JSON.parse(state('calendar/all') ?? '{}') as Calendar;
    const grants = Object.entries(people.grants ?? {}).flatMap(([person, roles]) =>
      Object.entries(roles).map(([role, granted]) => ({ person, role, granted })),
    );
    const uncovered = Object.entries(calendar.tests ?? {}).flatMap(([person, test]) =>
      test.confirmed ? [] : [person],
    );
    const added = Object.values(people.added ?? {}).map(({ id, roles = [] }) => ({ id, roles }));
    return {
      rows: rows?.n ?? 0,
      ...stuck(db, now),
      grants,
      added,
      removed: people.removed ?? [],
      uncovered,
      ...health(db),
      timerDue: ask<[], { due: number }>('SELECT due FROM timers ORDER BY due LIMIT 1').get()?.due,
      journal: journalOf(path),
    };
  } finally {
    db.close();
  }
}

function health(db: Database): Pick<Inspection, 'doubt' | 'backedUpAt' | 'unpinned'> {
  const text = (statement: string): string | undefined => asker(db)<[], { text: string }>(statement).get()?.text;
  const doubt = JSON.parse(text("SELECT data AS text FROM mirrors WHERE key = 'safe-mode' LIMIT 1") ?? 'null') as {
    why: string;
  } | null;
  const metas = asker(db)<[string], { value: string }>('SELECT value FROM meta WHERE name = ? LIMIT 1');
  const pins = JSON.parse(text("SELECT value AS text FROM meta WHERE name = 'head.pins' LIMIT 1") ?? '{}') as Readonly<
    Record<string, { readonly why?: string }>
  >;
  const unpinned = Object.entries(pins).flatMap(([address, { why }]) => (why === undefined ? [] : [{ address, why }]));
  return { doubt: doubt?.why, unpinned, backedUpAt: backedUpAt((name) => metas.get(name)?.value) };
}

/** What does not get on, either way. */
function stuck(db: Database, now: number): Pick<Inspection, 'parked' | 'late' | 'parkedReceipts'> {
  const ask = asker(db);
  const count = (rest: string, ...values: number[]): Counted[] =>
    ask<number[], Counted>(`SELECT ${rest} GROUP BY what ORDER BY count DESC, what LIMIT ${MOST_REASONS}`).all(
      ...values,
    );
  const messages = "coalesce(reason, 'no reason was given') AS what, count(*) AS count FROM outbox";
  // A file from before this column holds nothing that waits to be dealt with.
  const hasReceipts = ask("SELECT 1 FROM pragma_table_info('inbox') WHERE name = 'state' LIMIT 1").get() !== undefined;
  return {
    parked: count(`${messages} WHERE ${IS_PARKED}`),
    late: count(`${messages} WHERE state IN ('new', 'sending') AND max(at, created) < ?`, now - LATE_AFTER),
    parkedReceipts: hasReceipts
      ? count("coalesce(source, 'somewhere') AS what, count(*) AS count FROM inbox WHERE state = 'parked'")
      : [],
  };
}
