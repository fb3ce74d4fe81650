import { digestOf, type Head, hashOf } from './chain.ts';
import type { Commit, MirrorRow, OutboxDraft, OutboxRow, StateRow, TimerDraft, Work } from './port.ts';
import { fromDestination, OWN_TYPE, type StoredEvent, toText, typeOf } from './rows.ts';
import type { Kept } from './state-cache.ts';
import type { Statements } from './statements.ts';

/** What the present versions are read from. */
export interface Present {
  readonly statements: Statements;
  readonly fold: number;
  /** A state as the table has it, from the cache when it is there. */
  kept(stream: string): Kept | undefined;
}

interface WithText<T> {
  readonly row: T;
  readonly text: string;
}

/** A commit as the rows that it will be: checked and serialised, nothing of it written. */
export interface Draft {
  readonly now: number;
  readonly head: Head;
  readonly events: readonly StoredEvent[];
  readonly states: readonly (WithText<StateRow> & { readonly before: Kept | undefined })[];
  readonly cleared: readonly string[];
  readonly timers: readonly WithText<TimerDraft>[];
  readonly mirrors: readonly WithText<MirrorRow>[];
  readonly outbox: readonly WithText<OutboxDraft>[];
  readonly inbox: { readonly id: string; readonly body: string; readonly outcome: string } | undefined;
}

/** Everything of a commit that can go wrong in our own code goes wrong here, before the first write. */
export function draft(present: Present, start: Head, work: Work, commit: Commit, now: number): Draft {
  const { head, events, versions } = draftEvents(present, start, commit, now);
  const { inbox, timer } = work;
  return {
    now,
    head,
    events,
    states: draftStates(present, commit, versions),
    cleared: timer === undefined ? commit.cleared : [timer, ...commit.cleared],
    timers: commit.timers.map((row) => ({ row, text: toText(row.body) })),
    mirrors: commit.mirrors.map((row) => ({ row, text: toText(row.data) })),
    outbox: commit.outbox.map((row) => ({ row, text: toText(row.body) })),
    inbox: inbox && { id: inbox.id, body: toText(inbox.body), outcome: toText(commit.outcome) },
  };
}

/** Writes the rows; returns the states as the cache keeps them and the outbox rows with their ids. */
export function write(present: Present, rows: Draft): { states: readonly Kept[]; outbox: readonly OutboxRow[] } {
  const { statements } = present;
  for (const event of rows.events) {
    const { seq, stream, version, type, at, actor, via, data, digest, hash } = event;
    statements.append.run(seq, stream, version, type, at, actor, via, data, digest, hash);
  }
  const states = rows.states.map(({ row, text, before }) => {
    const open = row.open ? 1 : 0;
    if (before) {
      statements.updateState.run(row.version, open, present.fold, text, before.id);
      return { id: before.id, row };
    }
    const made = statements.insertState.run(row.stream, row.type, row.version, open, present.fold, text);
    return { id: Number(made.lastInsertRowid), row };
  });
  for (const key of rows.cleared) {
    // '0' is the character after '/': the range holds exactly the keys that begin with the prefix.
    if (key.endsWith('/')) statements.clearTimers.run(key, `${key.slice(0, -1)}0`);
    else statements.clearTimer.run(key);
  }
  for (const { row, text } of rows.timers) statements.setTimer.run(row.key, row.due, text);
  for (const { row, text } of rows.mirrors) statements.setMirror.run(row.key, row.at, text);
  const outbox = rows.outbox.map(({ row, text }) => writeOutbox(statements, row, text, rows.now));
  // What was received before keeps its raw body, and is done with its outcome.
  if (rows.inbox && statements.decideInbox.run(rows.inbox.outcome, rows.inbox.id).changes === 0)
    statements.insertInbox.run(rows.inbox.id, rows.now, rows.inbox.body, rows.inbox.outcome);
  return { states, outbox };
}

/** The events at the end of the chain, where it ends then, and each stream's new version. */
function draftEvents({ statements, kept }: Present, start: Head, commit: Commit, now: number) {
  const versions = new Map<string, number>();
  let head = start;
  const events = commit.events.map(({ stream, version, type, at, actor, via, data }): StoredEvent => {
    if (!stream.isWellFormed()) throw new Error('a stream id that is not well-formed Unicode');
    const before = versions.get(stream) ?? kept(stream)?.row.version ?? statements.versionOf.get(stream) ?? 0;
    if (version !== before + 1) throw new Error(`${stream} is at version ${before}, an event said ${version}`);
    if (at > now) throw new Error(`an event of ${stream} is dated after now`);
    const text = toText(data);
    const event = {
      seq: head.seq + 1,
      stream,
      version,
      // SQLite would change what is not well-formed, and the hash would no longer be that of the row.
      type: type.toWellFormed(),
      at,
      actor: actor.toWellFormed(),
      via: via.toWellFormed(),
      digest: digestOf(text),
    };
    const hash = hashOf(head.hash, event);
    versions.set(stream, version);
    // The clock never runs backwards against any event, also when one is dated before the last.
    head = { seq: event.seq, at: Math.max(head.at, at), hash };
    return { ...event, data: text, hash };
  });
  return { head, events, versions };
}

/** Every stream with new events gets its new state, at the version of its last event. */
function draftStates({ kept }: Present, commit: Commit, versions: ReadonlyMap<string, number>): Draft['states'] {
  const missing = new Set(versions.keys());
  const seen = new Set<string>();
  const states = commit.states.map((row) => {
    const { stream } = row;
    const before = kept(stream);
    const version = versions.get(stream) ?? before?.row.version ?? 0;
    if (row.version !== version) throw new Error(`${stream} is at version ${version}, its state said ${row.version}`);
    if (row.type !== typeOf(stream)) throw new Error(`${stream} is not of type ${row.type}`);
    if (seen.has(stream)) throw new Error(`two states of ${stream}`);
    seen.add(stream);
    missing.delete(stream);
    return { row, text: toText(row.state), before };
  });
  for (const stream of missing) {
    if (typeOf(stream) !== OWN_TYPE) throw new Error(`events of ${stream} came without its state`);
  }
  return states;
}

/** What is new may go at once, also where the clock was set back: this one here never runs backwards. */
const AT_ONCE = 0;

function writeOutbox(statements: Statements, row: OutboxDraft, body: string, now: number): OutboxRow {
  const { kind, lane, to, key, at, late, address } = row;
  const made = statements.insertOutbox.run(
    kind, lane, fromDestination(to), address ?? null, key, at, late ? 1 : 0, body, AT_ONCE, now,
  ); // biome-ignore format: one row
  const id = Number(made.lastInsertRowid);
  return {
    id, kind, lane, to, key, at, late, body: row.body, state: 'new', attempts: 0, dueAt: AT_ONCE, reason: null,
    ...(address === undefined ? {} : { address }),
  }; // biome-ignore format: one row
}
