import { isDeepStrictEqual } from 'node:util';
import type { Database } from 'better-sqlite3';
import { FOLD, readMeta, writeMeta } from './migrate.ts';
import type { EventRow } from './port.ts';
import { DamagedRow, fromText, type StoredEvent, type StoredState, toEventRow, toText, typeOf } from './rows.ts';

/** The core's fold, one event at a time; the first one gets `undefined`. */
export type Evolve = (type: string, state: unknown, event: EventRow) => { state: unknown; open: boolean };

interface Folded {
  readonly version: number;
  readonly open: boolean;
  readonly state: unknown;
}

/** Folds one stream's events; nothing when it has none, or when one has lost its data: nothing follows from it then. */
function foldEvents(evolve: Evolve, type: string, events: readonly StoredEvent[]): Folded | undefined {
  let folded: Folded | undefined;
  for (const event of events) {
    if (event.data === null) return undefined;
    folded = { version: event.version, ...evolve(type, folded?.state, toEventRow(event)) };
  }
  return folded;
}

/** Whether a state is what its events fold to; undefined: it is. */
export function whatIsWrong(
  row: StoredState,
  events: readonly StoredEvent[],
  by: { readonly fold: number; readonly evolve: Evolve },
): string | undefined {
  try {
    return differenceOf(row, events, by);
  } catch (error) {
    if (error instanceof DamagedRow) return 'it can not be read, or one of its events can not';
    throw error;
  }
}

function differenceOf(
  row: StoredState,
  events: readonly StoredEvent[],
  { fold, evolve }: { readonly fold: number; readonly evolve: Evolve },
): string | undefined {
  const end = events.at(-1)?.version ?? 0;
  if (row.version !== end) return `it is at version ${row.version}, its events end at ${end}`;
  if (row.type !== typeOf(row.stream)) return `it is not of type ${row.type}`;
  if (row.fold !== fold) return `it was folded by version ${row.fold}, not ${fold}: fold it again`;
  const folded = foldEvents(evolve, row.type, events);
  if (folded && folded.open !== (row.open === 1))
    return `it is ${row.open === 1 ? 'open' : 'closed'}, its events say otherwise`;
  // Through text, because that is how the state was kept: what JSON leaves out is left out on both sides.
  const same = folded && isDeepStrictEqual(fromText(toText(folded.state)), fromText(row.state));
  return same ? undefined : 'it is not what its events fold to';
}

export function eventsOfStream(db: Database) {
  return db.prepare<[string], StoredEvent>('select * from events where stream = ? order by version');
}

/** Whether the states were folded by another version of the fold than `fold`. */
export function isStale(db: Database, fold: number): boolean {
  return readMeta(db, FOLD) !== String(fold);
}

/** Folds every state again and returns how many there were. Runs inside the caller's transaction. */
export function refoldAll(db: Database, fold: number, evolve: Evolve): number {
  const batch = db.prepare<[number], StoredState>('select * from states where id > ? order by id limit 500');
  const events = eventsOfStream(db);
  const update = db.prepare('update states set version = ?, open = ?, fold = ?, state = ? where id = ?');
  let count = 0;
  let last = 0;
  for (;;) {
    const rows = batch.all(last);
    for (const { id, stream, type } of rows) {
      const folded = foldEvents(evolve, type, events.all(stream));
      if (folded) update.run(folded.version, folded.open ? 1 : 0, fold, toText(folded.state), id);
      last = id;
      count += 1;
    }
    if (rows.length === 0) break;
  }
  writeMeta(db, FOLD, String(fold));
  return count;
}
