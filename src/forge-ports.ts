/** The ports of the places where stories, issues, documents and mail are kept: what their adapters stand behind. */

import type { ForgeNews } from './core/forge-news.ts';
import type { TrackerNews } from './core/incoming.ts';
import type { ForgePlatform, Job } from './core/job.ts';
import type { Finding, Sent, WebhookRequest, WebhookResponse } from './ports.ts';

export type { ForgeNews } from './core/forge-news.ts';
export type { TrackerNews } from './core/incoming.ts';
export type { ForgePlatform, Job } from './core/job.ts';
export type { Severity } from './core/organisation.ts';
export type { AdapterLog, Clock, Finding, WebhookRequest, WebhookResponse } from './ports.ts';

/** What became of a job: as of a message. `ref` names what was made: `org/repo#12`, `grid/us:4`, a circle's slug. */
export type Performed =
  | { readonly is: 'done'; readonly ref?: string }
  | Extract<Sent, { readonly is: 'refused' | 'later' | 'away' | 'uncertain' }>;

/** Where an adapter hands in what came by webhook: stored on disk before it resolves. The same id is stored once. */
export interface ForgeIntake {
  receive(id: string, body: unknown): Promise<'stored' | 'full'>;
}

export interface Changes {
  readonly news: readonly ForgeNews[];
  /** Where to go on from next time. */
  readonly cursor: string;
  /** There is more already: ask again without waiting. */
  readonly more: boolean;
  /** Places that could not be asked in this round, told at its end: nothing is verified by it. */
  readonly lacking?: readonly string[];
}

/** What is open at a place, as it is found at the very first: for an import. */
export interface Listed {
  readonly of: TrackerNews;
  /** The issue that a story belongs to, where the platform keeps it: `org/repo#12`. */
  readonly pair?: string;
}
export interface Listing {
  /** The repository or circle that this page is of; undefined: there is none. */
  readonly where?: string;
  readonly entries: readonly Listed[];
  /** Pull requests among them, which are no issues. */
  readonly skipped: number;
  /** Why this place was passed over. */
  readonly trouble?: string;
  readonly cursor: string;
  readonly more: boolean;
  /** How much of all is through, from 0 to 1. */
  readonly part: number;
}

/** No connection came about: whatever was to be said or done never left this machine. Codes of Node and of its HTTP client. */
export const NEVER_LEFT: ReadonlySet<string> = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENETDOWN',
  'UND_ERR_CONNECT_TIMEOUT',
  'CERT_HAS_EXPIRED',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'ERR_TLS_CERT_ALTNAME_INVALID',
]);

export interface ForgeAdapter {
  readonly platform: ForgePlatform;
  start(intake: ForgeIntake): void;
  stop(): Promise<void>;
  state(): { readonly is: 'starting' | 'connected' | 'away' | 'refused'; readonly line: string };
  /** Reads a stored webhook. Pure; empty where it is none of our business, or of our own making. */
  read(body: unknown): readonly ForgeNews[];
  /**
   * Does a job. `marker` is ours and unique to the job: what an earlier try made is found by it and never made twice;
   * `again` says that there was one.
   */
  perform(job: Job, marker: string, again: boolean): Promise<Performed>;
  /** What changed since the cursor (undefined: from `since` on), at most a page of it, within the platform's limits. */
  changes(
    cursor: string | undefined,
    since: number,
  ): Promise<Changes | Extract<Performed, { readonly is: 'away' | 'later' }>>;
  /** What is open now, a page of it, the cursor being of this list alone; what changes meanwhile may come twice. */
  list?(cursor: string | undefined): Promise<Listing | Extract<Performed, { readonly is: 'away' | 'later' }>>;
  /** What one story or issue is now; null: it is not there; undefined: nobody could tell. */
  look(ref: string): Promise<TrackerNews | null | undefined>;
  readonly webhook: { readonly path: string; handle(request: WebhookRequest): Promise<WebhookResponse> };
  /** Calls the platform and says what the token may do, and what is lacking. Never throws. */
  check(): Promise<readonly Finding[]>;
}

/**
 * Why it is not proved that credentials can not be seen. `seen`: one can be; `wrong`: the settings themselves are;
 * `unknown`: it could not be asked, or what came is not understood.
 */
export interface Unproved {
  readonly is: 'seen' | 'wrong' | 'unknown';
  readonly why: string;
}

/** Documents: whether a page is there, and when it changed last. Never what it says. */
export interface Documents {
  /** Is this address one of ours to ask? Everything else goes to the common link check. */
  covers(url: string): boolean;
  /** The HTTP status that the link check wants (200, 404, 0), and the last change where it is known. */
  look(url: string): Promise<{ readonly status: number; readonly changedAt?: number }>;
  /** Is this address on their host, whether it may be asked or not? What is and is not covered is never asked. */
  isHere(url: string): boolean;
  /** Undefined: all is well. Until then nothing else may be asked. */
  proveBlindness(): Promise<Unproved | undefined>;
  check(): Promise<readonly Finding[]>;
  /** The way in for news of changed pages, where one is set up. */
  readonly webhook?: { readonly path: string; handle(request: WebhookRequest): Promise<WebhookResponse> };
  /** Where that news goes. */
  start?(intake: ForgeIntake): void;
  /** Which of these addresses such news is about. Pure. */
  touched?(body: unknown, urls: readonly string[]): readonly string[];
}

/** What came back of a letter that was not delivered. */
export interface Bounce {
  /** What stood before the @ of our Message-ID: the letter's id; where the report has it. */
  readonly id?: string;
  readonly to: string;
  /** It will never be delivered; otherwise the server still tries, or somebody may try again. */
  readonly permanent: boolean;
  /** And because nobody is there: no other letter would arrive. */
  readonly isGone: boolean;
  /** One line for people, in the words of the server that said no. */
  readonly why: string;
}

/** A letter: text and HTML, in the organisation's name. */
export interface Letter {
  /** Ours and unique: the Message-ID is made from it, so that a double is one. */
  readonly id: string;
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  readonly html: string;
  /** RFC 8058: where one click ends it. */
  readonly unsubscribe?: string;
  readonly urgent: boolean;
}
/**
 * What became of a letter. `refused` and `unreachable`: there is no such mailbox. `put-off`: this one letter, or this one
 * mailbox, is to be tried again later (greylisting, a full mailbox); the others may go at once.
 */
export type Posted = Sent | { readonly is: 'put-off'; readonly after: number; readonly why: string };

export interface Mail {
  send(letter: Letter): Promise<Posted>;
  check(): Promise<readonly Finding[]>;
  stop(): Promise<void>;
}
