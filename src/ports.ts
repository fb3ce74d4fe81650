/** What adapters may import: the ports that they stand behind. */

import type { Button, Text } from './core/text.ts';

export type { TrackerNews } from './core/incoming.ts';
export type { Button, Node, Text } from './core/text.ts';

/** The one clock. UTC milliseconds; never a local time. */
export interface Clock {
  now(): number;
}

/** Looks whether a page answers; resolves to its HTTP status, 0 when it could not be reached or must not be asked. */
export interface LinkCheck {
  check(url: string): Promise<number>;
}

/** What an adapter logs: never a token, never a payload. */
export interface AdapterLog {
  info(message: string, details?: Readonly<Record<string, unknown>>): void;
  warn(message: string, details?: Readonly<Record<string, unknown>>): void;
  /** Our own error; returns the reference under which it is found. */
  fault(message: string, error: unknown): string;
}

export type Platform = 'telegram' | 'slack';

/**
 * One conversation on a platform. In a private conversation `chat` is the person's own id: Telegram's chats are named so,
 * and Slack opens the conversation when it is written to.
 */
export interface Address {
  readonly platform: Platform;
  readonly chat: string;
  /** A Telegram topic's number, or the `ts` that a Slack thread hangs on. */
  readonly thread?: string;
}

/** Who did something, and where. */
export interface Origin {
  /** The platform and the immutable id: `telegram:1001`, `slack:U0OLGA`, `slack:T0OTHER/U0X` from another workspace. */
  readonly account: string;
  /** What the platform calls them: shown to people, never an identity. */
  readonly name?: string;
  /** Their username at present, without the sign: they may pass it on, so it finds whom a text mentions and nothing more. */
  readonly handle?: string;
  readonly address: Address;
  /** Nobody else reads there. */
  readonly isPrivate: boolean;
  /** The platform's id of the message that this is, or that the button stands on; as in `Sent`. */
  readonly message?: string;
}

/** What came in, once the platform's own wrapping is taken off. */
export type Incoming =
  /** Words. `answers` is the message of ours that they reply to. A command begins with a slash on every platform. */
  | (Origin & { readonly sort: 'said'; readonly text: string; readonly answers?: string })
  /** A button; `query` is what the platform wants answered so that the button stops waiting. */
  | (Origin & { readonly sort: 'pressed'; readonly token: string; readonly query?: string })
  /** A form was filled in: values by the names of its fields. */
  | (Origin & { readonly sort: 'filled'; readonly token: string; readonly values: Readonly<Record<string, string>> })
  /** We were added to a chat. `seesAll`: we read everything there, not only what is said to us. */
  | (Origin & { readonly sort: 'added'; readonly title: string; readonly seesAll: boolean })
  /** The chat has another id from now on. */
  | (Origin & { readonly sort: 'moved'; readonly to: Address })
  /** Somebody asks to be let into the chat, through this link where one is known. */
  | (Origin & { readonly sort: 'join-asked'; readonly link?: string })
  /** The person took us out of their private conversation, or let us in again. */
  | (Origin & { readonly sort: 'blocked' | 'unblocked' });

/** A form asks for what a command lacks. */
export interface Form {
  /** Stands for the command and the words that it has already; looked up on the server. */
  readonly token: string;
  /** The command with the words that it has: `/reject WEB-1`. */
  readonly title: string;
  /** An example of the whole command. */
  readonly example: string;
  readonly fields: readonly Field[];
}
export interface Field {
  readonly name: string;
  readonly label: string;
  readonly optional: boolean;
  readonly sort: 'text' | 'long' | 'person' | 'choice';
  readonly choices?: readonly string[];
  readonly value?: string;
}

/** The answer to something that came in. */
export interface Reply {
  readonly ok: boolean;
  /** The contract's code; `silent`: say nothing at all. */
  readonly code: string;
  readonly nodes: Text;
  /** For the asker alone: a refusal, or anything in a chat that is not the organisation's. */
  readonly quiet: boolean;
  readonly form?: Form;
  token(button: Button): string;
}

/** A section of a person's home page: what waits for them, the board. */
export interface Section {
  readonly title: string;
  readonly nodes: Text;
}

/** A line of a platform's command menu. */
export interface MenuEntry {
  readonly command: string;
  readonly summary: string;
}

/** Where an adapter hands in what came. */
export interface Intake {
  /**
   * Stores raw bodies, and the bookmark with them in one transaction; resolves once they are on disk. Only then may they
   * be confirmed to the platform. A known id is stored once. `full`: nothing was stored; come again later.
   */
  receive(
    bodies: readonly { readonly id: string; readonly body: unknown }[],
    bookmark?: string,
  ): Promise<'stored' | 'full'>;
  /** The bookmark that was stored last: the next offset, say. */
  bookmark(): string | undefined;
  /** Decides and commits at once, for what the platform wants answered in the response. The same id gets the same answer. */
  decide(incoming: Incoming, id: string): Promise<Reply>;
  /** A form for a command, with a first value where there is one; undefined: there is no such command, nothing to fill in, or nobody whom we know. */
  form(command: string, value: string | undefined, address: Address, account: string): Promise<Form | undefined>;
  /** What a person's home page shows; a stranger sees the way in and nothing else. */
  home(
    account: string,
    address: Address,
  ): Promise<{ readonly sections: readonly Section[]; token(button: Button): string }>;
}

/** A message to send, or what an earlier one is to show from now on. */
export interface Outgoing {
  /** Ours and unique: a message whose fate is unknown is found again by it, where the platform can keep it. */
  readonly id: string;
  readonly address: Address;
  readonly nodes: Text;
  token(button: Button): string;
  /** Wakes people: never silent, never without notification. */
  readonly loud: boolean;
  /** Set where it answers something that came in. */
  readonly answer?: {
    readonly account: string;
    readonly quiet: boolean;
    readonly ok: boolean;
    readonly isPrivate: boolean;
    readonly message?: string;
    readonly query?: string;
    readonly form?: Form;
  };
}

/** What became of a message. */
export type Sent =
  /** A definite yes. The id is what `edit` wants; null where the platform keeps nothing that could be edited. */
  | { readonly is: 'sent'; readonly id: string | null }
  /** A definite no to this very message (400, 403, 404). `unreachable`: nothing gets through to this address at present. */
  | { readonly is: 'refused'; readonly why: string; readonly unreachable?: true }
  /** Too fast (429): nothing was sent, and nothing of this platform should be for so many milliseconds. */
  | { readonly is: 'later'; readonly after: number; readonly why: string }
  /** It never left: no connection, or the token is not taken. */
  | { readonly is: 'away'; readonly why: string }
  /** Nobody knows: a time-out, a reset, a 5xx. */
  | { readonly is: 'uncertain'; readonly why: string }
  /** The chat has another id; nothing was sent. */
  | { readonly is: 'moved'; readonly to: Address };

/** The platform could not be asked. */
export type Unasked = Extract<Sent, { is: 'later' | 'away' | 'uncertain' }>;

/** How fast a platform may be written to. Times in milliseconds. */
export interface Pace {
  /** Between two messages or edits to one chat. */
  readonly perChat: number;
  /** Between two edits of one message. */
  readonly perMessage: number;
  /** So many within a minute to one chat of several people; undefined: no such limit. */
  readonly perGroupMinute?: number;
  /** So many calls a second over all chats. */
  readonly perSecond: number;
}

/** What a check of the platform found: `ok`, or what is lacking and where to click. */
export interface Finding {
  readonly ok: boolean;
  readonly what: string;
  readonly remedy?: string;
}

/** A request as it came over HTTP: the raw bytes, for the signature is over them. */
export interface WebhookRequest {
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly body: Buffer;
}
export interface WebhookResponse {
  readonly status: number;
  /** Well answered, and yet nobody knows who asked. */
  readonly isUnsigned?: true;
  readonly type?: string;
  readonly body?: string;
}

export interface ChatAdapter {
  readonly platform: Platform;
  readonly pace: Pace;
  /** Begins to take in. Returns at once: what is wrong with the connection is supervised and told by `state`. */
  start(intake: Intake): void;
  /** Takes in nothing more; resolves when what is under way has ended. */
  stop(): Promise<void>;
  /** How the connection is: one line for people. `refused` is a token that is not taken, which waiting does not mend. */
  state(): { readonly is: 'starting' | 'connected' | 'away' | 'refused'; readonly line: string };
  /** Reads a stored raw body. Pure; undefined where it is none of our business. */
  read(body: unknown): Incoming | undefined;
  send(message: Outgoing): Promise<Sent>;
  /** Changes a message of ours; what shows that already is a success. */
  edit(id: string, message: Outgoing): Promise<Sent>;
  /**
   * Looks for a message whose fate is unknown: its id, null where it is not there, undefined where the platform can not
   * tell. What the platform can not tell at present is asked again later, and nothing is sent before.
   */
  find(message: Outgoing, since: number): Promise<string | null | undefined | Unasked>;
  /** The public way in, where the platform calls us. */
  readonly webhook?: { readonly path: string; handle(request: WebhookRequest): Promise<WebhookResponse> };
  /** Calls the platform and says what the token may do. Never throws. */
  check(): Promise<readonly Finding[]>;
  /** Sets the command menu of one private conversation or chat; without an address, of everyone else. */
  menu?(entries: readonly MenuEntry[], address?: Address): Promise<Sent>;
  /** A link into a chat for one person; undefined: the chat is open to all, or none can be made. */
  inviteLink?(address: Address, until: number, name: string): Promise<string | undefined | Unasked>;
  /** Takes somebody's message out of its chat, by its id as in `Origin`, where the platform lets us. */
  remove?(message: string): Promise<Sent>;
  /** Pins a message of ours in its chat, silently, or takes the pin off, where the platform lets us. */
  pin?(id: string, yes: boolean): Promise<Sent>;
  /** Lets somebody in who asked, or not. */
  admit?(address: Address, account: string, yes: boolean): Promise<Sent>;
}
