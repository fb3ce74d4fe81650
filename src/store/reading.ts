import type { Database } from 'better-sqlite3';
import { isRefusal, openReadOnly } from './connection.ts';
import { createConversations } from './conversations.ts';
import { IS_PARKED } from './parked.ts';
import type { OutboxRow, Reading } from './port.ts';
import {
  fromText,
  type StoredEvent,
  type StoredMirror,
  type StoredOutbox,
  type StoredState,
  type StoredTimer,
  toEventRow,
  toLane,
  toMirror,
  toOutboxRow,
  toStateRow,
  toTimer,
  typeOf,
} from './rows.ts';
import type { StateCache } from './state-cache.ts';

/** What pages are made from: a second handle on the file, which can not write and holds nobody up. */

export interface ReadingHandle {
  readonly reading: Reading;
  /** Rows that a turn has committed. */
  add(rows: readonly OutboxRow[]): void;
  close(): void;
}

/** A reader waits for nobody in WAL; what it waits for all the same holds up the event loop. */
const BUSY_TIMEOUT = 250;
const CACHE_KIB = 2_048;
/** So many rows at once, where all of them are asked for. */
const BATCH = 500;

interface Question<P extends unknown[], R> {
  all(...values: P): R[];
  get(...values: P): R | undefined;
}

/** For whole statements that only read, each with a limit: another one is a fault of ours, and there is no iterator. */
export function asker(db: Database) {
  return <P extends unknown[], R>(sql: string): Question<P, R> => {
    const statement = db.prepare<P, R>(sql);
    if (!statement.readonly || !/\blimit (?:\?|\d+)$/i.test(sql)) throw new Error(`no question with a limit: ${sql}`);
    return { all: (...values) => statement.all(...values), get: (...values) => statement.get(...values) };
  };
}

/**
 * The handle is opened at the first question: a process without pages has none. What decisions have in memory already is
 * shared; whatever else is asked for is read here.
 */
export function createReading(writer: Database, cache: StateCache): ReadingHandle {
  let opened: { readonly db: Database; readonly ask: ReturnType<typeof prepareQuestions> } | undefined;
  const ask = () => {
    if (opened === undefined) {
      const db = openHandle(writer);
      opened = { db, ask: prepareQuestions(db) };
    }
    return opened.ask;
  };
  const conversations = createConversations({
    newest: (limit) => ask().newestOutbox.all(limit, limit),
    outbox: (id) => ask().outbox.get(id),
  });
  return {
    add: conversations.add,
    close: () => {
      if (opened !== undefined && opened.db !== writer) opened.db.close();
    },
    reading: {
      ...states(ask, cache),
      ...feeds(ask, writer),
      mirror(key) {
        const row = ask().mirror.get(key);
        return row && toMirror(row);
      },
      history(stream, limit) {
        if (limit !== undefined) return ask().newestEvents.all(stream, limit).map(toEventRow).reverse();
        return inBatches<StoredEvent>((last) => ask().eventsAfter.all(stream, last?.version ?? 0, BATCH)).map(
          toEventRow,
        );
      },
      messages: conversations.messages,
    },
  };
}

/** A database in memory is there for its own handle alone. */
function openHandle(writer: Database): Database {
  if (writer.memory) return writer;
  const db = openReadOnly(writer.name, BUSY_TIMEOUT);
  if (isRefusal(db)) throw new Error(db.refusal);
  db.pragma(`cache_size = -${CACHE_KIB}`);
  return db;
}

type Ask = () => ReturnType<typeof prepareQuestions>;

function states(ask: Ask, cache: StateCache): Pick<Reading, 'state' | 'open'> {
  return {
    state(stream) {
      const known = cache.get(stream, typeOf(stream));
      if (known) return known.row;
      const row = ask().state.get(stream);
      return row && toStateRow(row);
    },
    open(type) {
      const known = cache.open(type);
      if (known) return known;
      const rows = inBatches<StoredState>((last) => ask().openStates.all(type, last?.id ?? 0, BATCH));
      cache.fill(
        type,
        rows.map((row) => ({ id: row.id, row: toStateRow(row) })),
      );
      return cache.open(type) ?? [];
    },
  };
}

function feeds(
  ask: Ask,
  { memory }: Database,
): Pick<Reading, 'parked' | 'late' | 'inbox' | 'nextTimer' | 'figures' | 'waiting'> {
  return {
    parked: (limit) => ask().parked.all(limit).map(toOutboxRow),
    late: (before, limit) => ask().late.all(before, before, limit).map(toOutboxRow),
    inbox: (limit) =>
      ask()
        .answered.all(limit)
        .map(({ key, at, body, outcome }) => ({ id: key, at, body: fromText(body), outcome: fromText(outcome) }))
        .reverse(),
    nextTimer() {
      const row = ask().nextTimer.get();
      return row && toTimer(row);
    },
    figures: () => ({
      events: ask().events.get()?.n ?? 0,
      bytes: memory ? 0 : (ask().bytes.get()?.n ?? 0),
      timers: ask().timers.get()?.n ?? 0,
      outbox: ask().messages.get()?.n ?? 0,
    }),
    waiting: () =>
      ask()
        .waiting.all()
        .map(({ lane, count, oldest }) => ({ lane: toLane(lane), count, oldest })),
  };
}

/** All rows, in statements that each end by themselves. */
function inBatches<R>(next: (last: R | undefined) => readonly R[]): R[] {
  const all: R[] = [];
  for (;;) {
    const rows = next(all.at(-1));
    all.push(...rows);
    if (rows.length < BATCH) return all;
  }
}

const EVENT = 'seq, stream, version, type, at, actor, via, data, digest, hash';
const OUTBOX = 'id, kind, lane, destination, address, key, at, late, body, state, attempts, due, reason';

function prepareQuestions(db: Database) {
  const ask = asker(db);
  return {
    state: ask<[string], StoredState>('select * from states where stream = ? limit 1'),
    openStates: ask<[string, number, number], StoredState>(
      'select * from states where type = ? and open = 1 and id > ? order by id limit ?',
    ),
    mirror: ask<[string], StoredMirror>('select key, at, data from mirrors where key = ? limit 1'),
    newestEvents: ask<[string, number], StoredEvent>(
      `select ${EVENT} from events where stream = ? order by version desc limit ?`,
    ),
    eventsAfter: ask<[string, number, number], StoredEvent>(
      `select ${EVENT} from events where stream = ? and version > ? order by version limit ?`,
    ),
    outbox: ask<[number], StoredOutbox>(`select ${OUTBOX} from outbox where id = ? limit 1`),
    newestOutbox: ask<[number, number], { id: number; destination: string }>(
      'select id, destination from outbox where id > (select coalesce(max(id), 0) from outbox) - ? order by id limit ?',
    ),
    parked: ask<[number], StoredOutbox>(`select ${OUTBOX} from outbox where ${IS_PARKED} order by id limit ?`),
    late: ask<[number, number, number], StoredOutbox>(
      `select ${OUTBOX} from outbox where state in ('new', 'sending') and max(at, created) < ?
       union all select ${OUTBOX} from outbox where state = 'uncertain' and max(at, created) < ? order by id limit ?`,
    ),
    waiting: ask<[], { lane: string; count: number; oldest: number }>(
      `select lane, count(*) as count, min(since) as oldest from (
         select lane, max(at, created) as since from outbox where state in ('new', 'sending')
         union all select lane, max(at, created) from outbox where state = 'uncertain')
       group by lane order by lane limit 10`,
    ),
    answered: ask<[number], { key: string; at: number; body: string; outcome: string }>(
      'select key, at, body, outcome from inbox where body is not null and source is null order by id desc limit ?',
    ),
    nextTimer: ask<[], StoredTimer>('select key, due, body from timers order by due, id limit 1'),
    events: ask<[], { n: number }>('select seq as n from events order by seq desc limit 1'),
    timers: ask<[], { n: number }>('select count(*) as n from timers limit 1'),
    // Rows of the outbox are never deleted: the last id is their number.
    messages: ask<[], { n: number }>('select coalesce(max(id), 0) as n from outbox limit 1'),
    bytes: ask<[], { n: number }>(
      'select page_count * page_size as n from pragma_page_count, pragma_page_size limit 1',
    ),
  };
}
