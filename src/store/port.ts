/**
 * The store's port. One writer hands it turns; everything else only reads. States and events are plain JSON: what they
 * mean is the core's business, so a second store needs to know nothing of it.
 */

/** A stream's present state: the fold of its events, kept beside them. `open` is false once its life has ended. */
export interface StateRow {
  readonly stream: string;
  readonly type: string;
  readonly version: number;
  readonly open: boolean;
  readonly state: unknown;
}

/** One recorded fact. `at` is UTC milliseconds; `seq` runs without a gap over all streams. */
export interface EventRow {
  readonly seq: number;
  readonly stream: string;
  readonly version: number;
  readonly type: string;
  readonly at: number;
  readonly actor: string;
  readonly via: string;
  readonly data: unknown;
}

export type Lane = 'page' | 'answer' | 'card' | 'digest';
/** `place`: the address of an answer, where it is said to nobody whom the organisation names. */
export type Destination =
  | { readonly person: string }
  | { readonly chat: string }
  | { readonly email: string }
  | { readonly place: string };
export type OutboxState = 'new' | 'sending' | 'sent' | 'uncertain' | 'failed' | 'expired';

/** A message that a commit wants said. `body` is the core's message as JSON; `at` is the instant it belongs to. */
export interface OutboxDraft {
  readonly kind: string;
  readonly lane: Lane;
  readonly to: Destination;
  readonly key: string | null;
  readonly at: number;
  readonly late: boolean;
  readonly body: unknown;
  /** Where on a platform, as text: rows of one address and lane are sent in their order. Without: the destination's own. */
  readonly address?: string;
}
export interface OutboxRow extends OutboxDraft {
  readonly id: number;
  readonly state: OutboxState;
  readonly attempts: number;
  readonly dueAt: number;
  readonly reason: string | null;
}

export interface TimerDraft {
  readonly key: string;
  readonly due: number;
  readonly body: unknown;
}

/** What was last seen of something outside (a link check, say), with the time it was seen. */
export interface MirrorRow {
  readonly key: string;
  readonly at: number;
  readonly data: unknown;
}

/**
 * What the decision of one command reads. All of it comes from inside the transaction that will record the decision.
 */
export interface Reader {
  state(stream: string): StateRow | undefined;
  /** Every open state of one type, oldest first. */
  open(type: string): readonly StateRow[];
  mirror(key: string): MirrorRow | undefined;
  /** The events of one stream in order; `limit` newest ones when given. */
  history(stream: string, limit?: number): readonly EventRow[];
}

/**
 * What pages are made from: the store over a handle of its own that can write nothing. Each answer is whole statements,
 * every one with a limit, and shows all that was committed until then.
 */
export interface Reading extends Reader {
  /** Sent or waiting messages for these destinations, newest last. */
  messages(to: readonly Destination[], limit: number): readonly OutboxRow[];
  /** Outbox rows that need a person: failed, uncertain or expired. */
  parked(limit: number): readonly OutboxRow[];
  /** Rows that should have been said before this instant, and wait still. */
  late(before: number, limit: number): readonly OutboxRow[];
  /** Answered inbox rows, newest last: what was said and what was answered (the console's conversation). */
  inbox(
    limit: number,
  ): readonly { readonly id: string; readonly at: number; readonly body: unknown; readonly outcome: unknown }[];
  /** The earliest timer, due or not. */
  nextTimer(): TimerDraft | undefined;
  /** How many rows each table has, and the file's size in bytes (0 in memory). */
  figures(): { readonly events: number; readonly bytes: number; readonly timers: number; readonly outbox: number };
  /** What waits to be said, by lane: how many, and since when the oldest of them does. */
  waiting(): readonly { readonly lane: Lane; readonly count: number; readonly oldest: number }[];
}

/** Everything that one decision leaves behind; it is recorded as a whole or not at all. */
export interface Commit {
  readonly events: readonly Omit<EventRow, 'seq'>[];
  readonly states: readonly StateRow[];
  readonly outbox: readonly OutboxDraft[];
  readonly timers: readonly TimerDraft[];
  /** Timer keys to clear: an exact key, or a prefix when it ends with `/`. Applied before `timers` are set. */
  readonly cleared: readonly string[];
  readonly mirrors: readonly MirrorRow[];
  /** The answer, stored with the inbox id so that a redelivery gets the same one. Plain JSON. */
  readonly outcome: unknown;
}

/** One command of a turn. */
export interface Work {
  /**
   * The incoming id. Known already and decided: `decide` is not called and the stored outcome is the result. Received and
   * not yet decided: `decide` is called, and the row is done with it.
   */
  readonly inbox?: { readonly id: string; readonly body: unknown };
  /**
   * The timer that this work fires; it is removed in the same transaction (before the commit's own timers are set).
   * When it is no longer there or no longer due (an earlier work cleared it or put it off), `decide` is not called:
   * `known`, outcome null.
   */
  readonly timer?: string;
  /** The clock was wrong and is right now: what it dated does not hold back the `now` of this work and of later ones. */
  readonly setsClock?: true;
  /** Pure: may be called again on another store. `now` is read once for this command and never runs backwards. */
  decide(read: Reader, now: number): Commit;
}

/** A raw body that came in and waits for its decision. */
interface Received {
  readonly id: string;
  readonly source: string;
  readonly body: unknown;
}

/** Raw bodies, stored before they are confirmed to whoever sent them; the bookmark moves in the same transaction. */
export interface Receipt {
  readonly receive: readonly (Received & { /** It is none of our business: kept, and done. */ readonly done?: true })[];
  readonly bookmark?: { readonly name: string; readonly value: string };
}

/** A message of ours on a platform that is looked at again. `form`: what a reply to it fills in; `live`: what it shows. */
export interface Post {
  readonly id: number;
  readonly outbox: number;
  readonly address: string;
  readonly platformId: string;
  readonly live: unknown;
  readonly form: unknown;
  readonly shown: string | null;
}
type PostDraft = Pick<Post, 'live' | 'form' | 'shown'>;

/** What a button stands for, in the one place where it may be pressed. */
export interface StoredButton {
  readonly token: string;
  readonly address: string;
  readonly command: string;
  readonly on: string;
  readonly args: string;
}

/** `done`: recorded; of a receipt the outcome is `{ others }` where ids were known with another body. `known`: the inbox id was there already. `fault`: our own error; only this work was undone. */
export type WorkResult =
  | { readonly result: 'done'; readonly outcome: unknown; readonly outbox: readonly OutboxRow[] }
  | { readonly result: 'known'; readonly outcome: unknown }
  | { readonly result: 'fault'; readonly error: unknown };

/** A turn that could not be committed (disk full, I/O error, a damaged file). Nothing in it was done. */
export class TurnFailed extends Error {
  readonly reason: 'full' | 'io' | 'corrupt' | 'busy' | 'closed';
  constructor(reason: TurnFailed['reason'], cause: unknown) {
    super(`the turn was not committed (${reason})`, { cause });
    this.name = 'TurnFailed';
    this.reason = reason;
  }
}

export interface Store extends Reader, Pick<Reading, 'messages' | 'inbox' | 'figures' | 'waiting'> {
  /** For what only looks. */
  readonly reading: Reading;
  /** Commits all works of the turn in one transaction with one fsync. Throws `TurnFailed` when none of it happened. */
  write(turn: readonly (Work | Receipt)[]): Promise<readonly WorkResult[]>;
  /** Timers due at or before `now`, in order of due instant and then of setting. */
  due(now: number, limit: number): readonly TimerDraft[];
  /** The earliest timer, due or not. */
  nextTimer(): TimerDraft | undefined;
  /** When this timer is due; undefined: there is none. */
  timerDue(key: string): number | undefined;
  /** The last event and its hash: what is posted outside, so that a tail that was cut off is missed. */
  head(): { readonly seq: number; readonly hash: string };
  /** Proves a part of the chain, of the events after `seq`: where it ended, and what is wrong there. */
  checkChain(afterSeq: number, limit: number): { readonly last: number; readonly problem: string | undefined };
  /** What an error of a reading says of the file; undefined: it says nothing of it. */
  damage(error: unknown): 'io' | 'corrupt' | undefined;
  /** The events after `seq`, in order, at most `limit`. */
  events(afterSeq: number, limit: number): readonly EventRow[];
  /** Received from there and not yet decided, oldest first. */
  received(source: string, limit: number): readonly Received[];
  /** What was received from there at this instant or later, decided on or not, newest first. */
  receivedSince(source: string, at: number, limit: number): readonly Received[];
  /** A received row could not be decided: counts it, and parks the row at the third time. Resolves to whether it is parked. */
  faulted(id: string): Promise<boolean>;
  /** What was parked of what came in, newest last. */
  parkedReceipts(limit: number): readonly Received[];
  /**
   * Outbox rows to deliver: due ones, in order per address and lane; marks them `sending` with a lease. Their `state` is
   * the one before: what is `uncertain` may have been said, and is looked for first. `may` is asked of each in turn.
   */
  claim(
    now: number,
    limit: number,
    may?: (row: { address: string; lane: Lane; id: number }) => boolean,
  ): Promise<readonly OutboxRow[]>;
  mark(
    id: number,
    state: OutboxState,
    details?: { dueAt?: number; reason?: string; platformId?: string; post?: PostDraft },
  ): Promise<void>;
  /** How many rows of the queue of this row wait behind it, and whether a newer one of the same kind and key is among them. */
  behind(id: number): { readonly rows: number; readonly newer: boolean };
  /** The rows of the same message at other addresses, itself included. */
  copies(row: OutboxRow): readonly OutboxRow[];
  /** Rows that should have been said before this instant, and wait still; `only` those of a lane, or whose key begins so. */
  late(before: number, limit: number, only?: { readonly lane: Lane; readonly key: string }): readonly OutboxRow[];
  /** Puts a parked row back, due at once; false where it is not parked. */
  retry(id: number, now: number): Promise<boolean>;
  /** Gives a parked row up; false where it is not parked. */
  discard(id: number): Promise<boolean>;
  /** The cards that may still change. */
  openPosts(): readonly Post[];
  /** The message of ours that a platform's id means. */
  post(platformId: string): Post | undefined;
  /** A card shows something else now; `open` false: it never changes again. */
  shown(post: number, digest: string, open: boolean): Promise<void>;
  /** A card stands in another message now: its chat has moved, and what was said there before can not be changed. */
  reposted(post: number, platformId: string): Promise<void>;
  /** Keeps what buttons stand for; known ones cost nothing. */
  keepButtons(buttons: readonly StoredButton[]): Promise<void>;
  button(token: string): StoredButton | undefined;
  /** Outbox rows that need a person: failed, uncertain or expired. */
  parked(limit: number): readonly OutboxRow[];
  /** The platform's id of the message that was last sent there under this key: the one to edit. */
  sentAs(to: Destination, key: string): string | undefined;
  /** Keeps the text of a process version under its hash for ever. */
  keepProcess(hash: string, kind: string, text: string): Promise<void>;
  processText(hash: string): { readonly kind: string; readonly text: string } | undefined;
  meta(name: string): string | undefined;
  setMeta(name: string, value: string): Promise<void>;
  /** Empties the bodies of delivered messages and of answered incoming ones after 30 days; says how many. */
  prune(now: number): Promise<{ readonly outbox: number; readonly inbox: number }>;
  close(): Promise<void>;
}

/** A journal of so many bytes is not taken in any more: somebody reads the file and does not end. */
export const MOST_JOURNAL = 64 * 1024 * 1024;

/** What waits for so long is late. Who looks each minute has told of it before five minutes are over. */
export const LATE_AFTER = 4 * 60_000;

/** Backups are made every hour: where none was whole for so long, something is wrong. */
export const BACKUP_LATE_AFTER = 2 * 60 * 60_000;

/** When the last backup was made that could be restored, and since when they are made at all. */
export const LAST_GOOD_BACKUP = 'backup.good';
export const BACKUPS_SINCE = 'backup.since';

/** From when on no backup was whole; undefined: none is expected of this file. */
export function backedUpAt(meta: (name: string) => string | undefined): number | undefined {
  const at = meta(LAST_GOOD_BACKUP) ?? meta(BACKUPS_SINCE);
  return at === undefined || !Number.isFinite(Number(at)) ? undefined : Number(at);
}

/**
 * Why a message that never left needs nobody: it was overtaken. Whoever gives one up for such a reason takes the words from
 * here, for what is parked is told from what is not by them.
 */
export const OVERTAKEN = {
  followed: 'a newer one follows',
  repeated: 'a newer one of its sort follows',
  over: 'it was over before it could be said',
  decided: 'it was decided anew',
} as const;
