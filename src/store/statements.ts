import type { Database } from 'better-sqlite3';
import type { StoredEvent, StoredMirror, StoredOutbox, StoredState, StoredTimer } from './rows.ts';

export type Statements = ReturnType<typeof prepareStatements>;

const EVENT = 'seq, stream, version, type, at, actor, via, data, digest, hash';
const OUTBOX = 'id, kind, lane, destination, key, at, late, body, state, attempts, due, reason';

/**
 * The statements of a turn, prepared once. They are raw SQL because they are the hottest ones: a `get` through drizzle
 * costs four times as much. What is asked seldom is in `queries.ts`.
 */
export function prepareStatements(db: Database) {
  return {
    begin: db.prepare('begin immediate'),
    commit: db.prepare('commit'),
    rollback: db.prepare('rollback'),
    save: db.prepare('savepoint work'),
    release: db.prepare('release work'),
    undo: db.prepare('rollback to work'),

    head: db.prepare<[], Pick<StoredEvent, 'seq' | 'at' | 'hash'>>(
      'select seq, at, hash from events order by seq desc limit 1',
    ),
    append: db.prepare(`insert into events (${EVENT}) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`),
    versionOf: db.prepare<[string], number>('select max(version) from events where stream = ?').pluck(),
    history: db.prepare<[string], StoredEvent>(`select ${EVENT} from events where stream = ? order by version`),
    newest: db.prepare<[string, number], StoredEvent>(
      `select ${EVENT} from events where stream = ? order by version desc limit ?`,
    ),
    eventsAfter: db.prepare<[number, number], StoredEvent>(
      `select ${EVENT} from events where seq > ? order by seq limit ?`,
    ),

    state: db.prepare<[string], StoredState>('select * from states where stream = ?'),
    openStates: db.prepare<[string], StoredState>('select * from states where type = ? and open = 1 order by id'),
    insertState: db.prepare('insert into states (stream, type, version, open, fold, state) values (?, ?, ?, ?, ?, ?)'),
    updateState: db.prepare('update states set version = ?, open = ?, fold = ?, state = ? where id = ?'),

    known: db.prepare<[string], string>('select outcome from inbox where key = ?').pluck(),
    insertInbox: db.prepare('insert into inbox (key, at, body, outcome) values (?, ?, ?, ?)'),

    insertOutbox: db.prepare(
      `insert into outbox (kind, lane, destination, key, at, late, body, state, attempts, due, created)
       values (?, ?, ?, ?, ?, ?, ?, 'new', 0, ?, ?)`,
    ),

    timer: db.prepare<[string], number>('select due from timers where key = ?').pluck(),
    setTimer: db.prepare('insert or replace into timers (key, due, body) values (?, ?, ?)'),
    clearTimer: db.prepare('delete from timers where key = ?'),
    clearTimers: db.prepare('delete from timers where key >= ? and key < ?'),
    due: db.prepare<[number, number], StoredTimer>(
      'select key, due, body from timers where due <= ? order by due, id limit ?',
    ),
    nextTimer: db.prepare<[], StoredTimer>('select key, due, body from timers order by due, id limit 1'),

    mirror: db.prepare<[string], StoredMirror>('select key, at, data from mirrors where key = ?'),
    setMirror: db.prepare(
      `insert into mirrors (key, at, data) values (?, ?, ?)
       on conflict (key) do update set at = excluded.at, data = excluded.data`,
    ),

    waiting: db.prepare<[], StoredOutbox>(`select ${OUTBOX} from outbox where state in ('new', 'sending') order by id`),
    outbox: db.prepare<[number], StoredOutbox>(`select ${OUTBOX} from outbox where id = ?`),
    newestOutbox: db.prepare<[number], { id: number; destination: string }>(
      'select id, destination from outbox where id > (select coalesce(max(id), 0) from outbox) - ? order by id',
    ),
    claim: db.prepare<[number, number], StoredOutbox>(
      `update outbox set state = 'sending', attempts = attempts + 1, lease = ? where id = ? returning ${OUTBOX}`,
    ),
    abandon: db.prepare(
      `update outbox set state = 'uncertain', lease = null, reason = 'no answer was recorded' where id = ?`,
    ),
    mark: db.prepare(
      `update outbox set state = ?, due = coalesce(?, due), reason = ?, platform_id = coalesce(?, platform_id), lease = null
       where id = ?`,
    ),
  };
}
