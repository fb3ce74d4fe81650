import type { Database } from 'better-sqlite3';
import { isRefusal, openReadOnly } from './connection.ts';
import { IS_PARKED } from './parked.ts';

/** What `baton doctor` wants to know of a database, read without the lock. */
export interface Inspection {
  /** Rows that a verification reads: events and states. */
  readonly rows: number;
  /** Messages that need a person, by the reason; the most frequent first. */
  readonly parked: readonly Counted[];
  /** Messages that should have been said five minutes ago, and wait still. */
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
  /** When the last backup was made that could be restored; undefined: it is not known of any. */
  readonly backedUpAt: number | undefined;
}

interface Counted {
  readonly what: string;
  readonly count: number;
}

const LATE_AFTER = 5 * 60_000;

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
    const state = (stream: string): string | undefined =>
      (db.prepare('SELECT state AS data FROM states WHERE stream = ?').get(stream) as { data: string } | undefined)
        ?.data;
    const rows = db.prepare('SELECT (SELECT count(*) FROM events) + (SELECT count(*) FROM states) AS n').get() as {
      n: number;
    };
    const people = JSON.parse(state('people/all') ?? '{}') as People;
    const calendar = JSON.parse(state('calendar/all') ?? '{}') as Calendar;
    const grants = Object.entries(people.grants ?? {}).flatMap(([person, roles]) =>
      Object.entries(roles).map(([role, granted]) => ({ person, role, granted })),
    );
    const uncovered = Object.entries(calendar.tests ?? {}).flatMap(([person, test]) =>
      test.confirmed ? [] : [person],
    );
    const added = Object.values(people.added ?? {}).map(({ id, roles = [] }) => ({ id, roles }));
    return { rows: rows.n, ...stuck(db, now), grants, added, removed: people.removed ?? [], uncovered, ...health(db) };
  } finally {
    db.close();
  }
}

function health(db: Database): Pick<Inspection, 'doubt' | 'backedUpAt'> {
  const text = (statement: string): string | undefined => db.prepare<[], string>(statement).pluck().get();
  const doubt = JSON.parse(text("SELECT data FROM mirrors WHERE key = 'safe-mode'") ?? 'null') as {
    why: string;
  } | null;
  const backup = text("SELECT value FROM meta WHERE name = 'backup.good'");
  return { doubt: doubt?.why, backedUpAt: backup === undefined ? undefined : Number(backup) };
}

/** What does not get on, either way. */
function stuck(db: Database, now: number): Pick<Inspection, 'parked' | 'late' | 'parkedReceipts'> {
  const count = (rest: string, ...values: number[]): Counted[] =>
    db.prepare<number[], Counted>(`SELECT ${rest} GROUP BY what ORDER BY count DESC, what`).all(...values);
  const messages = "coalesce(reason, 'no reason was given') AS what, count(*) AS count FROM outbox";
  // A file from before this column holds nothing that waits to be dealt with.
  const hasReceipts = db.prepare("SELECT 1 FROM pragma_table_info('inbox') WHERE name = 'state'").get() !== undefined;
  return {
    parked: count(`${messages} WHERE ${IS_PARKED}`),
    late: count(`${messages} WHERE state IN ('new', 'sending') AND max(at, created) < ?`, now - LATE_AFTER),
    parkedReceipts: hasReceipts
      ? count("coalesce(source, 'somewhere') AS what, count(*) AS count FROM inbox WHERE state = 'parked'")
      : [],
  };
}
