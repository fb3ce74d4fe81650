import { isRefusal, openReadOnly } from './connection.ts';

/** What `baton doctor` wants to know of a database, read without the lock. */
export interface Inspection {
  /** Rows that a verification reads: events and states. */
  readonly rows: number;
  readonly parked: number;
  readonly grants: readonly { readonly person: string; readonly role: string; readonly granted: boolean }[];
  /** People on call whose test page was not confirmed. */
  readonly uncovered: readonly string[];
}

interface People {
  readonly grants?: Readonly<Record<string, Readonly<Record<string, boolean>>>>;
}
interface Calendar {
  readonly tests?: Readonly<Record<string, { readonly confirmed: boolean }>>;
}

/** Undefined when the file can not be opened. */
export function inspect(path: string): Inspection | undefined {
  const db = openReadOnly(path);
  if (isRefusal(db)) return undefined;
  try {
    const state = (stream: string): string | undefined =>
      (db.prepare('SELECT state AS data FROM states WHERE stream = ?').get(stream) as { data: string } | undefined)
        ?.data;
    const parked = db
      .prepare("SELECT count(*) AS n FROM outbox WHERE state IN ('failed', 'uncertain', 'expired')")
      .get() as { n: number };
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
    return { rows: rows.n, parked: parked.n, grants, uncovered };
  } finally {
    db.close();
  }
}
