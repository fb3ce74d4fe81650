import type { Database } from 'better-sqlite3';
import type {
  StoredButton,
  StoredEvent,
  StoredMirror,
  StoredOutbox,
  StoredPost,
  StoredState,
  StoredTimer,
} from './rows.ts';

export type Statements = ReturnType<typeof prepareStatements>;

const EVENT = 'seq, stream, version, type, at, actor, via, data, digest, hash';
const OUTBOX = 'id, kind, lane, destination, address, key, at, late, body, state, attempts, due, reason';

/** The copies of a message are so many rows apart at most. */
const NEARBY = 1_000;

/**
 * The statements of a turn, prepared once. They are raw SQL because they are the hottest ones: a `get` through drizzle
 * costs four times as much. What is asked seldom is in `queries.ts`.
 */
export function prepareStatements(db: Database) {
  return { ...turnStatements(db), ...outboxStatements(db) };
}

function turnStatements(db: Database) {
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

    known: db.prepare<[string], { outcome: string; state: string }>('select outcome, state from inbox where key = ?'),
    receive: db.prepare(
      `insert into inbox (key, at, body, outcome, source, state) values (?, ?, ?, 'null', ?, ?) on conflict (key) do nothing`,
    ),
    bodyOf: db.prepare<[string], string | null>('select body from inbox where key = ?').pluck(),
    decideInbox: db.prepare(`update inbox set outcome = ?, state = 'done' where key = ? and state <> 'done'`),
    faulted: db
      .prepare<[string], string>(
        `update inbox set tries = tries + 1, state = case when tries >= 2 then 'parked' else state end
         where key = ? and state = 'new' returning state`,
      )
      .pluck(),
    received: db.prepare<[string, number], { key: string; source: string; body: string | null }>(
      `select key, source, body from inbox where state = 'new' and state in ('new', 'parked') and source = ?
       order by id limit ?`,
    ),
    parkedReceipts: db.prepare<[number], { key: string; source: string; body: string | null }>(
      `select key, source, body from inbox where state = 'parked' and state in ('new', 'parked') order by id limit ?`,
    ),
    setMeta: db.prepare(
      'insert into meta (name, value) values (?, ?) on conflict (name) do update set value = excluded.value',
    ),
    insertInbox: db.prepare('insert into inbox (key, at, body, outcome) values (?, ?, ?, ?)'),

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
  };
}

function outboxStatements(db: Database) {
  return {
    insertOutbox: db.prepare(
      `insert into outbox (kind, lane, destination, address, key, at, late, body, state, attempts, due, created)
       values (?, ?, ?, ?, ?, ?, ?, ?, 'new', 0, ?, ?)`,
    ),

    waiting: db.prepare<[], StoredOutbox>(
      `select ${OUTBOX} from outbox where state in ('new', 'sending')
       union all select ${OUTBOX} from outbox where state = 'uncertain' order by id`,
    ),
    // By when they should have been said, not by when they are tried next: each try puts that off.
    late: db.prepare<[number, number, number], StoredOutbox>(
      `select ${OUTBOX} from outbox where state in ('new', 'sending') and max(at, created) < ?
       union all select ${OUTBOX} from outbox where state = 'uncertain' and max(at, created) < ? order by id limit ?`,
    ),
    lateOf: db.prepare<[number, string, string, number, string, string, number], StoredOutbox>(
      `select ${OUTBOX} from outbox where state in ('new', 'sending') and max(at, created) < ? and (lane = ? or instr(key, ?) = 1)
       union all select ${OUTBOX} from outbox where state = 'uncertain' and max(at, created) < ? and (lane = ? or instr(key, ?) = 1)
       order by id limit ?`,
    ),
    // What one commit says stands together.
    copies: db.prepare<[number, number, string, number, string, string | null], StoredOutbox>(
      `select ${OUTBOX} from outbox where id between ? - ${NEARBY} and ? + ${NEARBY}
         and destination = ? and at = ? and kind = ? and key is ? order by id`,
    ),
    revive: db.prepare<[number, number], StoredOutbox>(
      `update outbox set state = 'new', due = ?, reason = null
       where id = ? and state in ('failed', 'uncertain', 'expired') returning ${OUTBOX}`,
    ),
    giveUp: db.prepare(
      `update outbox set state = 'sent', reason = 'discarded' where id = ? and state in ('failed', 'uncertain', 'expired')`,
    ),

    insertPost: db.prepare(
      `insert into posts (outbox, address, platform_id, live, form, shown, open)
       select id, coalesce(address, destination), ?, ?, ?, ?, ? from outbox where id = ?
       on conflict (outbox) do update set platform_id = excluded.platform_id, shown = excluded.shown`,
    ),
    openPosts: db.prepare<[], StoredPost>('select * from posts where open = 1 order by id'),
    post: db.prepare<[string], StoredPost>('select * from posts where platform_id = ? order by id desc limit 1'),
    shown: db.prepare('update posts set shown = ?, open = ? where id = ?'),
    reposted: db.prepare<[string, number]>('update posts set platform_id = ? where id = ?'),

    keepButton: db.prepare(
      `insert into buttons (token, address, command, target, args) values (?, ?, ?, ?, ?) on conflict (token) do nothing`,
    ),
    button: db.prepare<[string], StoredButton>(
      'select token, address, command, target, args from buttons where token = ?',
    ),
    outbox: db.prepare<[number], StoredOutbox>(`select ${OUTBOX} from outbox where id = ?`),
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
