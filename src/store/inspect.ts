import type { Database } from 'better-sqlite3';
import { journalOf } from './ballast.ts';
import { isRefusal, type OpenRefusal, openReadOnly, unopened } from './connection.ts';
import { whatIsNewer } from './migrate.ts';
import { IS_PARKED } from './parked.ts';
import { backedUpAt, LATE_AFTER } from './port.ts';
import { asker } from './reading.ts';
import { type Refusing, refusingChats } from './refusing.ts';
import { fromText } from './rows.ts';

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
  /** When the last event happened. */
  readonly lastAt: number | undefined;
  /** The bytes of the journal beside the file. */
  readonly journal: number;
  /** Chats in which the head of the history stands and could not be pinned. */
  readonly unpinned: readonly { readonly address: string; readonly why: string }[];
  /** Chats that refused the last message. */
  readonly refusing: readonly Refusing[];
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

/** A refusal where the file can not be opened, or is too damaged to be looked at: `baton verify` says what of it is. */
export function inspect(path: string, now: number): Inspection | OpenRefusal {
  const db = openReadOnly(path);
  if (isRefusal(db)) return db;
  try {
    const ask = asker(db);
    const states = ask<[string], { state: string }>('SELECT state FROM states WHERE stream = ? LIMIT 1');
    const state = (stream: string): string | undefined => states.get(stream)?.state;
    const rows = ask<[], { n: number }>(
      'SELECT (SELECT count(*) FROM events) + (SELECT count(*) FROM states) AS n LIMIT 1',
    ).get();
    const people = fromText(state('people/all') ?? '{}') as People;
    const calendar = fromText(state('calendar/all') ?? '{}') as Calendar;
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
      lastAt: ask<[], { at: number }>('SELECT at FROM events ORDER BY seq DESC LIMIT 1').get()?.at,
      journal: journalOf(path),
    };
  } catch (error) {
    return unopened(path, error);
  } finally {
    db.close();
  }
}

/** The same, where no more is asked than what can be seen. */
export function inspected(path: string, now: number): Inspection | undefined {
  const seen = inspect(path, now);
  return isRefusal(seen) ? undefined : seen;
}

/** Why this version does not work on the file: a later one did. Undefined: it does, or the file can not be opened. */
export function newerThan(path: string, productVersion: string, fold: number): string | undefined {
  const db = openReadOnly(path);
  if (isRefusal(db)) return undefined;
  try {
    return whatIsNewer(db, { path, productVersion, fold })?.refusal;
  } catch {
    // It is damaged, and that is said by whoever looks at all of it.
    return undefined;
  } finally {
    db.close();
  }
}

function health(db: Database): Pick<Inspection, 'doubt' | 'backedUpAt' | 'unpinned' | 'refusing'> {
  const text = (statement: string): string | undefined => asker(db)<[], { text: string }>(statement).get()?.text;
  const doubt = fromText(text("SELECT data AS text FROM mirrors WHERE key = 'safe-mode' LIMIT 1") ?? 'null') as {
    why: string;
  } | null;
  const metas = asker(db)<[string], { value: string }>('SELECT value FROM meta WHERE name = ? LIMIT 1');
  const pins = fromText(text("SELECT value AS text FROM meta WHERE name = 'head.pins' LIMIT 1") ?? '{}') as Readonly<
    Record<string, { readonly why?: string }>
  >;
  const unpinned = Object.entries(pins).flatMap(([address, { why }]) => (why === undefined ? [] : [{ address, why }]));
  const backedUp = backedUpAt((name) => metas.get(name)?.value);
  return { doubt: doubt?.why, unpinned, refusing: refusingChats(db), backedUpAt: backedUp };
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
