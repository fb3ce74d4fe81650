import type { Database } from 'better-sqlite3';
import { and, asc, desc, drizzle, eq, isNotNull, isNull, sql } from './drizzle.ts';
import { IS_PARKED } from './parked.ts';
import type { Store } from './port.ts';
import { fromDestination, fromText, toOutboxRow } from './rows.ts';
import { inbox, meta, outbox, processes } from './schema.ts';

type Queries = Pick<Store, 'parked' | 'sentAs' | 'inbox' | 'receivedSince' | 'processText' | 'meta'>;

/** What is read seldom: for the console, the board and the doctor. Prepared once, as everything is. */
export function createQueries(client: Database): Queries {
  const db = drizzle({ client });
  const { limit, name } = { limit: sql.placeholder('limit'), name: sql.placeholder('name') };
  // Written out rather than bound: only so does SQLite see that the partial index holds all of it.
  const isParked = sql.raw(IS_PARKED);
  const parked = db.select().from(outbox).where(isParked).orderBy(asc(outbox.id)).limit(limit).prepare();
  const sentAs = db
    .select({ platformId: outbox.platformId })
    .from(outbox)
    .where(and(eq(outbox.key, name), eq(outbox.destination, sql.placeholder('to')), isNotNull(outbox.platformId)))
    .orderBy(desc(outbox.id))
    .limit(1)
    .prepare();
  const answered = db
    .select()
    .from(inbox)
    .where(and(isNotNull(inbox.body), isNull(inbox.source)))
    .orderBy(desc(inbox.id))
    .limit(limit)
    .prepare();
  const newest = client.prepare<[], { key: string; at: number; source: string | null; body: string | null }>(
    'select key, at, source, body from inbox order by id desc',
  );
  const process = db.select().from(processes).where(eq(processes.hash, name)).prepare();
  const value = db.select().from(meta).where(eq(meta.name, name)).prepare();

  return {
    parked: (most) => parked.all({ limit: most }).map(toOutboxRow),
    sentAs: (to, key) => sentAs.get({ name: key, to: fromDestination(to) })?.platformId ?? undefined,
    inbox: (most) =>
      answered
        .all({ limit: most })
        .map(({ key, at, body, outcome }) => ({ id: key, at, body: fromText(body), outcome: fromText(outcome) }))
        .reverse(),
    receivedSince(source, at, most) {
      const found: { id: string; source: string; body: unknown }[] = [];
      // From the end on: what is older than that is not even looked at.
      for (const row of newest.iterate()) {
        if (row.at < at || found.length === most) break;
        if (row.source === source && row.body !== null) found.push({ id: row.key, source, body: fromText(row.body) });
      }
      return found;
    },
    processText(hash) {
      const found = process.get({ name: hash });
      return found && { kind: found.kind, text: found.text };
    },
    meta: (wanted) => value.get({ name: wanted })?.value,
  };
}
