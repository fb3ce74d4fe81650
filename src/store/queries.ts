import type { Database } from 'better-sqlite3';
import { and, asc, desc, drizzle, eq, isNotNull, lt, sql } from './drizzle.ts';
import { IS_PARKED } from './parked.ts';
import type { Store } from './port.ts';
import { fromDestination, fromText, toOutboxRow } from './rows.ts';
import { inbox, meta, outbox, processes } from './schema.ts';

type Queries = Pick<Store, 'parked' | 'sentAs' | 'receivedSince' | 'processText' | 'meta'>;

/** So many rows at once: a statement that is gone through slowly would keep the journal from being taken in. */
const BATCH = 200;

/** What is read seldom: for the start, the forges and the doctor. Prepared once, as everything is. */
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
  const newest = db
    .select()
    .from(inbox)
    .where(lt(inbox.id, sql.placeholder('before')))
    .orderBy(desc(inbox.id))
    .limit(BATCH)
    .prepare();
  const process = db.select().from(processes).where(eq(processes.hash, name)).prepare();
  const value = db.select().from(meta).where(eq(meta.name, name)).prepare();

  return {
    parked: (most) => parked.all({ limit: most }).map(toOutboxRow),
    sentAs: (to, key) => sentAs.get({ name: key, to: fromDestination(to) })?.platformId ?? undefined,
    receivedSince(source, at, most) {
      const found: { id: string; source: string; body: unknown }[] = [];
      // From the end on: what is older than that is not even looked at.
      for (let before = Number.MAX_SAFE_INTEGER; ; ) {
        const rows = newest.all({ before });
        for (const row of rows) {
          if (row.at < at || found.length === most) return found;
          if (row.source === source && row.body !== null) found.push({ id: row.key, source, body: fromText(row.body) });
          before = row.id;
        }
        if (rows.length < BATCH) return found;
      }
    },
    processText(hash) {
      const found = process.get({ name: hash });
      return found && { kind: found.kind, text: found.text };
    },
    meta: (wanted) => value.get({ name: wanted })?.value,
  };
}
