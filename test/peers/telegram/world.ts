import type { Chat, ChatInviteLink, ChatMember, Message, MessageEntity, User } from 'grammy/types';
import { opt } from './arguments.ts';
import type { Queue } from './queue.ts';
import type { Breach, Call, Keyboard, MessageRef, Options, QueryAnswer, Shown, Version } from './types.ts';

/** Everything that the pretended service keeps. */

interface Account {
  readonly user: User;
  /** The bot got something from them: it may name them from then on. */
  seen: boolean;
  started: boolean;
  blocked: boolean;
}

export interface Kept {
  readonly room: Room;
  readonly id: number;
  readonly ephemeralId?: number;
  readonly visibleTo?: number;
  readonly at: number;
  readonly from: User;
  readonly senderChat?: Chat;
  readonly versions: [Version, ...Version[]];
  readonly topic?: number;
  readonly replyTo?: Kept;
  readonly silent: boolean;
  readonly forceReply: boolean;
  /** What else a message may carry: a forward's origin, a service message's news. */
  readonly extra: Partial<Message>;
  deleted: boolean;
  pinned: boolean;
}

export interface InviteLink {
  readonly link: ChatInviteLink;
  used: number;
}

export interface Room {
  readonly chat: Chat;
  readonly members: Map<number, ChatMember>;
  readonly messages: Map<number, Kept>;
  readonly ephemeral: Map<number, Kept>;
  readonly topics: Map<number, string>;
  readonly links: Map<string, InviteLink>;
  /** Who asks to be let in, and through which link. */
  readonly requests: Map<number, string>;
  lastId: number;
  lastEphemeral: number;
  /** The bot that wrote last: it gets the commands that name nobody. */
  lastBot: number | undefined;
  movedTo: number | undefined;
}

interface Query {
  readonly id: string;
  readonly user: number;
  readonly at: number;
  readonly room: Room;
  readonly message: Kept;
}

export interface World {
  readonly token: string;
  readonly bot: User;
  privacy: boolean;
  queryLife: number;
  ephemeral: NonNullable<Options['ephemeral']>;
  readonly now: () => number;
  readonly accounts: Map<number, Account>;
  readonly rooms: Map<number, Room>;
  readonly queries: Map<string, Query>;
  readonly answers: Map<string, QueryAnswer[]>;
  readonly commands: Map<string, readonly { readonly command: string; readonly description: string }[]>;
  readonly calls: Call[];
  readonly breaches: Breach[];
  readonly queue: Queue;
  /** Counts a call that the limits are about; throws 429 where they are enforced. */
  readonly pace: (method: string, room: Room) => void;
  /** Tells those who wait that something is different. */
  readonly changed: () => void;
  /** Private chats and basic groups share one sequence of message ids. */
  lastSharedId: number;
  serial: number;
}

export const seconds = (milliseconds: number): number => Math.floor(milliseconds / 1000);

export function createRoom(world: World, chat: Chat): Room {
  const room: Room = {
    chat,
    members: new Map(),
    messages: new Map(),
    ephemeral: new Map(),
    topics: new Map(),
    links: new Map(),
    requests: new Map(),
    // The first message of a supergroup is the one that made it: the number 1 is no topic that could be written to.
    lastId: chat.type === 'supergroup' || chat.type === 'channel' ? 1 : 0,
    lastEphemeral: 0,
    lastBot: undefined,
    movedTo: undefined,
  };
  world.rooms.set(chat.id, room);
  return room;
}

export interface Draft {
  readonly from: User;
  readonly text?: string;
  readonly entities?: readonly MessageEntity[];
  readonly keyboard?: Keyboard;
  readonly topic?: number | undefined;
  readonly replyTo?: Kept | undefined;
  readonly silent?: boolean;
  readonly forceReply?: boolean;
  readonly senderChat?: Chat | undefined;
  readonly visibleTo?: number | undefined;
  readonly extra?: Partial<Message>;
}

/** Puts a message into a room; one that is seen by a single person gets an ephemeral id. */
export function keep(world: World, room: Room, draft: Draft): Kept {
  const at = world.now();
  const ephemeral = draft.visibleTo !== undefined;
  const kept: Kept = {
    room,
    id: ephemeral ? 0 : nextId(world, room),
    ...opt('ephemeralId', ephemeral ? ++room.lastEphemeral : undefined),
    ...opt('visibleTo', draft.visibleTo),
    at,
    from: draft.from,
    ...opt('senderChat', draft.senderChat),
    versions: [{ at, text: draft.text ?? '', entities: draft.entities ?? [], keyboard: draft.keyboard ?? [] }],
    ...opt('topic', draft.topic),
    ...opt('replyTo', draft.replyTo),
    silent: draft.silent ?? false,
    forceReply: draft.forceReply ?? false,
    extra: draft.extra ?? {},
    deleted: false,
    pinned: false,
  };
  if (kept.ephemeralId === undefined) room.messages.set(kept.id, kept);
  else room.ephemeral.set(kept.ephemeralId, kept);
  if (draft.from.is_bot && !ephemeral && draft.senderChat === undefined) room.lastBot = draft.from.id;
  world.changed();
  return kept;
}

function nextId(world: World, room: Room): number {
  const shared = room.chat.type === 'private' || room.chat.type === 'group';
  return shared ? ++world.lastSharedId : ++room.lastId;
}

export const latest = (kept: Kept): Version => kept.versions.at(-1) ?? kept.versions[0];

/** A new version of a message. */
export function change(world: World, kept: Kept, version: Omit<Version, 'at'>): void {
  kept.versions.push({ ...version, at: world.now() });
  world.changed();
}

/** The message as the API tells of it. */
export function toMessage(world: World, kept: Kept, withReply = true): Message {
  const { text, entities, keyboard, at } = latest(kept);
  const reply = withReply && kept.replyTo !== undefined && !kept.replyTo.deleted ? kept.replyTo : undefined;
  const receiver = kept.visibleTo === undefined ? undefined : world.accounts.get(kept.visibleTo)?.user;
  const message = {
    message_id: kept.id,
    ...opt('ephemeral_message_id', kept.ephemeralId),
    ...opt('receiver_user', kept.visibleTo === world.bot.id ? world.bot : receiver),
    ...opt('message_thread_id', kept.topic),
    ...(kept.topic === undefined ? {} : { is_topic_message: true }),
    ...(kept.room.chat.type === 'channel' ? {} : { from: kept.from }),
    ...opt('sender_chat', kept.room.chat.type === 'channel' ? kept.room.chat : kept.senderChat),
    chat: kept.room.chat,
    date: seconds(kept.at),
    ...(kept.versions.length > 1 ? { edit_date: seconds(at) } : {}),
    ...opt('reply_to_message', reply && toMessage(world, reply, false)),
    ...(text === '' ? {} : { text }),
    ...(entities.length === 0 ? {} : { entities: [...entities] }),
    ...(keyboard.length === 0 ? {} : { reply_markup: { inline_keyboard: keyboard } }),
    ...kept.extra,
  };
  return message as Message;
}

/** The message as a person sees it. */
export function toShown(kept: Kept): Shown {
  return {
    ...latest(kept),
    chat: kept.room.chat.id,
    id: kept.id,
    ...opt('ephemeralId', kept.ephemeralId),
    ...opt('visibleTo', kept.visibleTo),
    from: kept.from.id,
    fromBot: kept.from.is_bot,
    ...opt('topic', kept.topic),
    ...opt('replyTo', kept.replyTo?.id),
    silent: kept.silent,
    forceReply: kept.forceReply,
    edited: kept.versions.length > 1,
    deleted: kept.deleted,
    pinned: kept.pinned,
  };
}

/** The message that a test points at. */
export function findKept(world: World, ref: MessageRef): Kept {
  const shown = 'message_id' in ref ? undefined : ref;
  const message = 'message_id' in ref ? ref : undefined;
  const room = world.rooms.get(message?.chat.id ?? shown?.chat ?? 0);
  const ephemeral = message?.ephemeral_message_id ?? shown?.ephemeralId;
  const id = message?.message_id ?? shown?.id ?? 0;
  const kept = ephemeral === undefined ? room?.messages.get(id) : room?.ephemeral.get(ephemeral);
  if (kept === undefined) throw new Error(`there is no message ${id} in chat ${room?.chat.id}`);
  return kept;
}

export const isIn = (member: ChatMember | undefined): boolean =>
  member !== undefined && ['creator', 'administrator', 'member'].includes(member.status);

export const isAdmin = (member: ChatMember | undefined): boolean =>
  member?.status === 'creator' || member?.status === 'administrator';

/** Whether the member holds a right; the owner holds all. */
export const has = (member: ChatMember | undefined, right: string): boolean =>
  member?.status === 'creator' ||
  (member?.status === 'administrator' &&
    Object.entries(member).some(([name, value]) => name === right && value === true));
