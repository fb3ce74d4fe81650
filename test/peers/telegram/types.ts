import type { Message, MessageEntity, Update, User } from 'grammy/types';

/** What the peer offers to those who use it, and what it keeps. */

/** A conversation as the tests hold it; `id` is what the Bot API calls `chat_id`. */
export interface Place {
  readonly id: number;
  readonly title: string;
  /** `message_thread_id` by the topic's name. */
  readonly topics: Readonly<Record<string, number>>;
}

export interface Button {
  readonly text: string;
  readonly callback_data?: string;
  readonly url?: string;
  readonly disabled?: unknown;
}
export type Keyboard = readonly (readonly Button[])[];

/** A version of a message, and when it appeared. */
export interface Version {
  readonly at: number;
  readonly text: string;
  readonly entities: readonly MessageEntity[];
  readonly keyboard: Keyboard;
}

/** A message as a person sees it now. */
export interface Shown extends Version {
  readonly chat: number;
  /** 0 for an ephemeral message. */
  readonly id: number;
  readonly ephemeralId?: number;
  /** Nobody else sees it. */
  readonly visibleTo?: number;
  readonly from: number;
  readonly fromBot: boolean;
  readonly topic?: number;
  readonly replyTo?: number;
  readonly silent: boolean;
  readonly forceReply: boolean;
  readonly edited: boolean;
  readonly deleted: boolean;
  readonly pinned: boolean;
}

/** Enough of a message to point at it: what `say` returns, what `messages` shows, or what an answer of the API carries. */
export type MessageRef = Shown | Message;

export interface Call {
  readonly method: string;
  readonly params: Readonly<Record<string, unknown>>;
  readonly at: number;
  /** The HTTP status that left; 0 while nothing has, or where nothing ever did. */
  status: number;
  /** What the API would say: it may be `ok` though the answer never left. */
  ok?: boolean;
  description?: string;
  result?: unknown;
}

export type Fault =
  | { readonly status: number; readonly body?: string }
  | 'html'
  | 'empty'
  | 'huge'
  /** The connection ends before anything was done, or after it was done and before the answer left. */
  | 'reset-before'
  | 'reset-after'
  /** Nothing is ever answered: not done, or done. */
  | 'hang-before'
  | 'hang-after'
  /** 429 with this `retry_after`, however odd; null leaves it out. */
  | { readonly retryAfter: unknown }
  | {
      readonly error: number;
      readonly description: string;
      readonly parameters?: Readonly<Record<string, unknown>>;
    };

export interface Breach {
  readonly limit: 'chat' | 'group' | 'global';
  readonly chat: number;
  readonly method: string;
  readonly at: number;
}

export interface Rates {
  readonly perSecond: number;
  readonly perChatSecond: number;
  readonly burst: number;
  readonly perGroupMinute: number;
}

export interface Options {
  /** `<bot id>:<secret>`. */
  readonly token?: string;
  readonly username?: string;
  /** Privacy mode, on as it is for a new bot. */
  readonly privacy?: boolean;
  readonly now?: () => number;
  /** How long a pressed button may be answered, in milliseconds. */
  readonly queryLife?: number;
  /** `refused`: 400. `ignored`: as a server from before Bot API 10.2 would do: posted for everyone to see. */
  readonly ephemeral?: 'supported' | 'refused' | 'ignored';
  readonly rates?: Partial<Rates>;
  /** Answers 429 to what is too fast; else it is only counted. */
  readonly limited?: boolean;
  /** The pause before a webhook is called again after a failure, in milliseconds. */
  readonly webhookPause?: number;
  /** What a second conflict within this time waits, in milliseconds. */
  readonly conflictPause?: number;
}

export interface SayOptions {
  readonly topic?: number | string;
  readonly replyTo?: MessageRef;
  readonly entities?: readonly MessageEntity[];
  readonly forwardedFrom?: Person;
  /** Written through this inline bot; `true` is our own. */
  readonly viaBot?: true | User;
  /** On behalf of a channel, or of the group itself: what an anonymous administrator does. */
  readonly asChannel?: Place;
  /** Seen by the bot alone: what a client does with a command that is registered as ephemeral. */
  readonly ephemeral?: boolean;
}

/** Somebody with a Telegram client. A method throws where a real client would not let them do it. */
export interface Person {
  readonly id: number;
  readonly user: User;
  /** Their conversation with the bot. */
  readonly private: Place;
  say(place: Place, text: string, options?: SayOptions): Message;
  /** Presses Start, through a link with a payload or without. */
  start(payload?: string): Message;
  /** Presses the button with this label on the message as it is shown now. */
  press(message: MessageRef, label: string): Update;
  edit(message: MessageRef, text: string): Message;
  block(): Update;
  unblock(): Update;
  /** Opens an invite link: an update of the request, or of the membership where the link lets in at once. */
  follow(link: string): Update | undefined;
  requestToJoin(link: string): Update;
  leave(place: Place): void;
}

export interface RoomSettings {
  readonly title: string;
  readonly id?: number;
  readonly username?: string;
  /** The first is the owner. */
  readonly members?: readonly Person[];
  readonly admins?: readonly Person[];
  /** Puts the bot in without an update; `addBot` does it as it happens. */
  readonly bot?: 'member' | 'admin';
}

/** A callback query that was answered. */
export interface QueryAnswer {
  readonly at: number;
  readonly text: string;
  readonly alert: boolean;
}

/** Whom a message reaches. */
export interface Notified {
  /** Mentioned by name, by link, or replied to: told even where the chat is muted. */
  readonly mentioned: readonly number[];
  /** Everybody who hears a sound: nobody, where it was sent silently. */
  readonly sounded: readonly number[];
}
