import { randomBytes } from 'node:crypto';
import { EventEmitter } from 'node:events';
import type { Json } from './json.ts';

/** What a workspace knows: people, conversations, what is shown in them. */

export const TEAM = 'T0BATON';
export const APP = 'A0BATON';
export const BOT_USER = 'U0BATON';
export const BOT = 'B0BATON';

export interface Human {
  readonly id: string;
  readonly name: string;
  /** The workspace that they are of: their own where they come from another company. */
  readonly team: string;
  readonly guest: boolean;
  deleted: boolean;
  readonly bot: boolean;
}

export interface Message {
  readonly channel: string;
  readonly ts: string;
  readonly user: string;
  readonly botId: string | undefined;
  readonly thread: string | undefined;
  /** The one person who sees it, where it is ephemeral. */
  readonly only: string | undefined;
  text: string;
  blocks: readonly Json[];
  metadata: Json | undefined;
  parse: string | undefined;
  linkNames: boolean;
  deleted: boolean;
  pinned: boolean;
  /** What it has shown before, oldest first. */
  readonly edits: { readonly at: number; readonly text: string; readonly blocks: readonly Json[] }[];
}

export interface Channel {
  readonly id: string;
  readonly name: string;
  readonly private: boolean;
  /** The person of a private conversation with the bot. */
  readonly im: string | undefined;
  readonly members: Set<string>;
  archived: boolean;
  readonly messages: Message[];
  readonly byTs: Map<string, Message>;
  /** The answers to a message, by its `ts`. */
  readonly threads: Map<string, Message[]>;
}

export interface View {
  readonly id: string;
  readonly user: string;
  readonly root: string;
  readonly previous: string | undefined;
  readonly external: string | undefined;
  hash: string;
  content: Json;
}

export interface World {
  readonly now: () => number;
  readonly people: Map<string, Human>;
  readonly channels: Map<string, Channel>;
  /** The open modals of a person, the one in front last. */
  readonly modals: Map<string, View[]>;
  readonly homes: Map<string, View>;
  readonly triggers: Map<string, { readonly at: number; readonly user: string; used: boolean }>;
  /** What a careful client would not do, though it is no error. */
  readonly oddities: string[];
  readonly changes: EventEmitter;
  /** A number as a message's name: later ones are greater. */
  ts(): string;
  id(prefix: string): string;
  /** Something is different from before. */
  changed(): void;
  /** The private conversation of a person with the bot. */
  direct(user: string): Channel;
  addChannel(channel: {
    id: string;
    name: string;
    private?: boolean;
    members?: Iterable<string>;
    im?: string;
  }): Channel;
  put(message: Partial<Message> & { readonly channel: string; readonly user: string }): Message;
  change(message: Message, content: { text: string; blocks: readonly Json[]; metadata?: Json | undefined }): void;
}

export function createWorld(now: () => number): World {
  let last = 0;
  let count = 0;
  const world: World = {
    now,
    people: new Map(),
    channels: new Map(),
    modals: new Map(),
    homes: new Map(),
    triggers: new Map(),
    oddities: [],
    changes: new EventEmitter().setMaxListeners(0),
    ts: () => {
      last = Math.max(last + 1, now() * 1000);
      return `${Math.floor(last / 1e6)}.${String(last % 1e6).padStart(6, '0')}`;
    },
    id: (prefix) => {
      count += 1;
      return `${prefix}${String(count).padStart(6, '0')}${randomBytes(4).toString('hex').toUpperCase()}`;
    },
    changed: () => void world.changes.emit('change'),
    direct: (user) => {
      const id = `D${user.slice(1)}`;
      return world.channels.get(id) ?? world.addChannel({ id, name: id, members: [user, BOT_USER], im: user });
    },
    addChannel: ({ id, name, private: closed = false, members = [], im }) => {
      const channel: Channel = {
        id,
        name,
        private: closed,
        im,
        members: new Set(members),
        archived: false,
        messages: [],
        byTs: new Map(),
        threads: new Map(),
      };
      world.channels.set(id, channel);
      return channel;
    },
    put: (given) => put(world, given),
    change: (message, { text, blocks, metadata }) => {
      message.edits.push({ at: now(), text: message.text, blocks: message.blocks });
      Object.assign(message, { text, blocks, ...(metadata === undefined ? {} : { metadata }) });
      world.changed();
    },
  };
  return world;
}

function put(world: World, given: Partial<Message> & { readonly channel: string; readonly user: string }): Message {
  const message: Message = {
    ts: world.ts(),
    botId: undefined,
    thread: undefined,
    only: undefined,
    text: '',
    blocks: [],
    metadata: undefined,
    parse: undefined,
    linkNames: false,
    deleted: false,
    pinned: false,
    edits: [],
    ...given,
  };
  const channel = world.channels.get(given.channel);
  channel?.messages.push(message);
  channel?.byTs.set(message.ts, message);
  if (message.thread !== undefined) {
    const thread = channel?.threads.get(message.thread);
    if (thread === undefined) channel?.threads.set(message.thread, [message]);
    else thread.push(message);
  }
  world.changed();
  return message;
}
