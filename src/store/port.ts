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
export type Destination = { readonly person: string } | { readonly chat: string } | { readonly email: string };
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
  /** The incoming id. Known already: `decide` is not called and the stored outcome is the result. */
  readonly inbox?: { readonly id: string; readonly body: unknown };
  /**
   * The timer that this work fires; it is removed in the same transaction (before the commit's own timers are set).
   * When it is no longer there or no longer due (an earlier work cleared it or put it off), `decide` is not called:
   * `known`, outcome null.
   */
  readonly timer?: string;
  /** Pure: may be called again on another store. `now` is read once for this command and never runs backwards. */
  decide(read: Reader, now: number): Commit;
}

/** `done`: recorded. `known`: the inbox id was there already. `fault`: our own error; only this work was undone. */
export type WorkResult =
  | { readonly result: 'done'; readonly outcome: unknown; readonly outbox: readonly OutboxRow[] }
  | { readonly result: 'known'; readonly outcome: unknown }
  | { readonly result: 'fault'; readonly error: unknown };

/** A turn that could not be committed (disk full, I/O error). Nothing in it was done. */
export class TurnFailed extends Error {
  readonly reason: 'full' | 'io' | 'closed';
  constructor(reason: TurnFailed['reason'], cause: unknown) {
    super(`the turn was not committed (${reason})`, { cause });
    this.name = 'TurnFailed';
    this.reason = reason;
  }
}

export interface Store extends Reader {
  /** Commits all works of the turn in one transaction with one fsync. Throws `TurnFailed` when none of it happened. */
  write(turn: readonly Work[]): Promise<readonly WorkResult[]>;
  /** Timers due at or before `now`, in order of due instant and then of setting. */
  due(now: number, limit: number): readonly TimerDraft[];
  /** The earliest timer, due or not. */
  nextTimer(): TimerDraft | undefined;
  /** How many rows each table has, and the file's size in bytes (0 in memory). */
  figures(): { readonly events: number; readonly bytes: number; readonly timers: number; readonly outbox: number };
  /** The events after `seq`, in order, at most `limit`. */
  events(afterSeq: number, limit: number): readonly EventRow[];
  /** Outbox rows to deliver: due ones, in order per destination and lane; marks them `sending` with a lease. */
  claim(now: number, limit: number): Promise<readonly OutboxRow[]>;
  mark(
    id: number,
    state: OutboxState,
    details?: { dueAt?: number; reason?: string; platformId?: string },
  ): Promise<void>;
  /** Sent or waiting messages for these destinations, newest last. For the console and the board. */
  messages(to: readonly Destination[], limit: number): readonly OutboxRow[];
  /** Outbox rows that need a person: failed, uncertain or expired. */
  parked(limit: number): readonly OutboxRow[];
  /** The platform's id of the message that was last sent there under this key: the one to edit. */
  sentAs(to: Destination, key: string): string | undefined;
  /** Answered inbox rows, newest last: what was said and what was answered (the console's conversation). */
  inbox(
    limit: number,
  ): readonly { readonly id: string; readonly at: number; readonly body: unknown; readonly outcome: unknown }[];
  /** Keeps the text of a process version under its hash for ever. */
  keepProcess(hash: string, kind: string, text: string): Promise<void>;
  processText(hash: string): { readonly kind: string; readonly text: string } | undefined;
  meta(name: string): string | undefined;
  setMeta(name: string, value: string): Promise<void>;
  /** Empties the bodies of delivered messages and of answered incoming ones after 30 days; says how many. */
  prune(now: number): Promise<{ readonly outbox: number; readonly inbox: number }>;
  close(): Promise<void>;
}
