import type { Database } from 'better-sqlite3';
import { type Ballast, createBallast } from './ballast.ts';
import { isRefusal, type OpenRefusal, openWritable, unopened } from './connection.ts';
import { type Evolve, isStale, refoldAll } from './fold.ts';
import { type Lock, takeLock } from './lock.ts';
import { MIGRATIONS, migrate, writeMeta } from './migrate.ts';
import { createOutbox } from './outbox.ts';
import { type Reader, type Store, type TimerDraft, TurnFailed } from './port.ts';
import { createPosts } from './posts.ts';
import { createPruner } from './prune.ts';
import { createQueries } from './queries.ts';
import { createReading } from './reading.ts';
import { type StoredState, toEventRow, toMirror, toStateRow, toTimer, typeOf } from './rows.ts';
import { failureOf } from './sqlite-errors.ts';
import { createStateCache, type Kept, type StateCache } from './state-cache.ts';
import { prepareStatements, type Statements } from './statements.ts';
import { createTurns } from './turn.ts';
import { createWatch, type StateProof } from './watch.ts';

export type { OpenRefusal } from './connection.ts';

export interface SqliteOptions {
  /** The file, or `:memory:`. */
  readonly path: string;
  /** The version of the core's fold. */
  readonly fold: number;
  now(): number;
  readonly productVersion: string;
  /** Where the copy from before a migration goes; beside the database when not given. */
  readonly backups?: string | undefined;
  /** The folder of the migrations, when it is not the repository's. */
  readonly migrations?: string | undefined;
  /** So many bytes are held back beside the file and given up when the disk is full; none when not given. */
  readonly ballast?: number | undefined;
  /** A file of a newer version is opened to be read, where it can be; it takes nothing that is written. */
  readonly evenNewer?: boolean | undefined;
}

export interface SqliteStore extends Store, StateProof {
  /** Set where a newer version wrote the file: why nothing is written to it. */
  readonly newer: string | undefined;
  /** Room for the ballast, and it is held back again: what was full is no longer. */
  regain(): boolean;
  /** The states were folded by another version of the fold: `refold` comes before the first turn. */
  needsRefold(): boolean;
  /** Folds every state anew from its events, in one transaction; returns how many. */
  refold(evolve: Evolve): number;
}

const RECENT_STATES = 4_096;

/** Opens the store, or says in one line why not and what to do. */
export function openSqliteStore(options: SqliteOptions): SqliteStore | OpenRefusal {
  const lock = options.path === ':memory:' ? undefined : takeLock(options.path, options.now());
  if (lock && isRefusal(lock)) return lock;
  const db = openWritable(options.path);
  if (isRefusal(db)) {
    lock?.release();
    return db;
  }
  try {
    const refusal = migrate(db, { ...options, migrations: options.migrations ?? MIGRATIONS });
    if (!refusal) return createStore(db, lock, options);
    if (refusal.doubt === 'newer' && options.evenNewer === true) {
      db.pragma('query_only = on');
      return createStore(db, lock, options, refusal.refusal);
    }
    db.close();
    lock?.release();
    return refusal;
  } catch (error) {
    db.close();
    lock?.release();
    return unopened(options.path, error);
  }
}

/** The store over a connection that is open and migrated. */
export function createStore(
  db: Database,
  lock: Lock | undefined,
  options: SqliteOptions,
  newer: string | undefined = undefined,
): SqliteStore {
  const statements = prepareStatements(db);
  const cache = createStateCache(RECENT_STATES);
  const { kept, reader } = createReader(statements, cache);
  const ballast = createBallast(options.path, db.memory ? 0 : (options.ballast ?? 0));
  const turns = createTurns({ db, statements, cache, reader, fold: options.fold, now: options.now, kept });
  const transact = createTransact(db, statements, ballast);
  const pruner = createPruner(db, transact);
  const outbox = createOutbox({ statements, transact, onSent: pruner.reopened, isReadOnly: newer !== undefined });
  const { reading, ...pages } = createReading(db, cache);
  const queries = createQueries(db);
  const posts = createPosts(statements, transact);
  const { feeds, turned } = createFeeds(statements);
  const keep = db.prepare('insert into processes (hash, kind, text) values (?, ?, ?) on conflict (hash) do nothing');
  let stale = isStale(db, options.fold);

  return {
    ...reader,
    ...queries,
    ...posts,
    reading,
    messages: reading.messages,
    inbox: reading.inbox,
    figures: reading.figures,
    waiting: reading.waiting,
    ...feeds,
    ...createWatch(db, statements, options.fold),
    newer,
    regain: () => ballast.regain() && hasRoom(db, transact),
    async write(turn) {
      if (!db.open) throw new TurnFailed('closed', undefined);
      if (stale) throw new Error('the states were folded by another version: refold comes before the first turn');
      turned();
      const results = orDrop(ballast, () => turns(turn));
      for (const result of results) {
        if (result.result !== 'done') continue;
        outbox.add(result.outbox);
        pages.add(result.outbox);
      }
      return results;
    },
    claim: outbox.claim,
    mark: outbox.mark,
    behind: outbox.behind,
    copies: outbox.copies,
    late: outbox.late,
    retry: outbox.retry,
    discard: outbox.discard,
    async keepProcess(hash, kind, text) {
      transact(() => keep.run(hash, kind, text));
    },
    async setMeta(name, value) {
      transact(() => writeMeta(db, name, value));
    },
    async prune(now) {
      outbox.flush();
      return pruner.prune(now);
    },
    needsRefold: () => stale,
    refold(evolve) {
      const count = transact(() => refoldAll(db, options.fold, evolve));
      cache.clear();
      stale = false;
      return count;
    },
    async close() {
      if (!db.open) return;
      outbox.flush();
      // The one that closes last takes the journal in, and that one must be able to write.
      pages.close();
      db.close();
      lock?.release();
    },
  };
}

function createReader(statements: Statements, cache: StateCache) {
  function kept(stream: string): Kept | undefined {
    const known = cache.get(stream, typeOf(stream));
    if (known) return known;
    const row = statements.state.get(stream);
    if (!row) return undefined;
    const found = { id: row.id, row: toStateRow(row) };
    cache.put(found);
    return found;
  }

  const reader: Reader = {
    state: (stream) => kept(stream)?.row,
    open(type) {
      const known = cache.open(type);
      if (known) return known;
      cache.fill(type, statements.openStates.all(type).map(toKept));
      return cache.open(type) ?? [];
    },
    mirror(key) {
      const row = statements.mirror.get(key);
      return row && toMirror(row);
    },
    history(stream, limit) {
      if (limit === undefined) return statements.history.all(stream).map(toEventRow);
      return statements.newest.all(stream, limit).map(toEventRow).reverse();
    },
  };
  return { kept, reader };
}

function toKept(row: StoredState): Kept {
  return { id: row.id, row: toStateRow(row) };
}

/** What the shell's loop asks for: timers, events. */
function createFeeds(statements: Statements) {
  // Asked several times a command, and changed by turns alone; null where there is none, undefined where it is not known.
  let next: TimerDraft | null | undefined;
  const feeds: Pick<Store, 'due' | 'nextTimer' | 'events'> = {
    due: (now, limit) => statements.due.all(now, limit).map(toTimer),
    nextTimer() {
      if (next === undefined) {
        const row = statements.nextTimer.get();
        next = row ? toTimer(row) : null;
      }
      return next ?? undefined;
    },
    events: (afterSeq, limit) => statements.eventsAfter.all(afterSeq, limit).map(toEventRow),
  };
  const turned = (): void => {
    next = undefined;
  };
  return { feeds, turned };
}

const ROOM = 'store.room';
const ROOM_BYTES = 1_000_000;

/** Written and taken back: what a few words fit into is not yet a disk that has room. The pages stay in the file for later. */
function hasRoom(db: Database, transact: <T>(run: () => T) => T): boolean {
  try {
    transact(() => writeMeta(db, ROOM, 'x'.repeat(ROOM_BYTES)));
    transact(() => writeMeta(db, ROOM, ''));
    return true;
  } catch (error) {
    if (error instanceof TurnFailed) return false;
    throw error;
  }
}

/** A small transaction beside the turns; what kept it from happening is told as it is for a turn. */
function createTransact(db: Database, statements: Statements, ballast: Ballast) {
  return <T>(run: () => T): T =>
    orDrop(ballast, () => {
      if (!db.open) throw new TurnFailed('closed', undefined);
      try {
        statements.begin.run();
        const result = run();
        statements.commit.run();
        return result;
      } catch (error) {
        if (db.inTransaction) statements.rollback.run();
        const reason = failureOf(error);
        throw reason ? new TurnFailed(reason, error) : error;
      }
    });
}

/** A full disk gets the ballast's space: the next turn, which says what happened, has room. */
function orDrop<T>(ballast: Ballast, run: () => T): T {
  try {
    return run();
  } catch (error) {
    if (error instanceof TurnFailed && error.reason === 'full') ballast.drop();
    throw error;
  }
}
