import type { ChatMember, User } from 'grammy/types';
import { isObject, needInteger, type Params, readBoolean, readInteger, readObject, readString } from './arguments.ts';
import { bad, forbidden, Refusal } from './refusal.ts';
import { has, isIn, type Kept, type Room, type World } from './world.ts';

/** What the bot may reach: chats, topics, members, messages. */

/** The chat that `chat_id` names. */
export function readRoom(world: World, params: Params, write: boolean): Room {
  const text = readString({ id: typeof params.chat_id === 'number' ? String(params.chat_id) : params.chat_id }, 'id');
  if (text === undefined || text === '') throw bad('chat_id is empty');
  const named = (room: Room) => `@${room.chat.username ?? ''}`.toLowerCase() === text.toLowerCase();
  const room = text.startsWith('@')
    ? [...world.rooms.values()].find((other) => other.chat.type !== 'private' && named(other))
    : world.rooms.get(/^-?\d{1,16}$/.test(text) ? Number(text) : 0);
  if (room === undefined) throw bad('chat not found');
  if (room.chat.type === 'private') checkPrivate(world, room, write);
  else checkMembership(world, room, write);
  return room;
}

function checkPrivate(world: World, room: Room, write: boolean): void {
  const account = world.accounts.get(room.chat.id);
  if (account?.blocked === true && write) throw forbidden('bot was blocked by the user');
  if (account?.started === true) return;
  if (write) throw forbidden("bot can't initiate conversation with a user");
  if (account?.seen !== true) throw bad('chat not found');
}

function checkMembership(world: World, room: Room, write: boolean): void {
  const { type } = room.chat;
  if (room.movedTo !== undefined && write)
    throw new Refusal(400, 'Bad Request: group chat was upgraded to a supergroup chat', {
      migrate_to_chat_id: room.movedTo,
    });
  const member = room.members.get(world.bot.id);
  const open = room.chat.username !== undefined && !write;
  if (member?.status === 'kicked') throw forbidden(`bot was kicked from the ${type} chat`);
  if (isIn(member) || room.movedTo !== undefined || open) return;
  // The bot never heard of a private chat that it was never in.
  if (member === undefined) throw bad('chat not found');
  throw forbidden(`bot is not a member of the ${type} chat`);
}

/** The bot's own right in a chat. */
export function needRight(world: World, room: Room, right: string, lacking: string): void {
  if (room.chat.type === 'private' || !has(room.members.get(world.bot.id), right)) throw bad(lacking);
}

/** The topic that a message goes to. Only forums have any; elsewhere the number is not looked at. */
export function readTopic(room: Room, params: Params): number | undefined {
  const topic = readInteger(params, 'message_thread_id');
  if (topic === undefined || topic === 0) return undefined;
  const forum = room.chat.is_forum === true || room.chat.type === 'private';
  if (!forum) return undefined;
  if (!room.topics.has(topic)) throw bad('message thread not found');
  return topic;
}

/** A message that is still there. */
export function readMessage(room: Room, params: Params, what: string): Kept {
  const id = needInteger(params, 'message_id', 'message identifier is not specified');
  const kept = room.messages.get(id);
  if (kept === undefined || kept.deleted) throw bad(`${what} not found`);
  return kept;
}

/** The message that a new one answers. */
export function readReply(room: Room, params: Params): Kept | undefined {
  const reply = readObject(params, 'reply_parameters');
  const id = reply === undefined ? readInteger(params, 'reply_to_message_id') : readInteger(reply, 'message_id');
  const ephemeral = reply === undefined ? undefined : readInteger(reply, 'ephemeral_message_id');
  if (reply !== undefined && id === undefined && ephemeral === undefined)
    throw bad("can't parse reply parameters: message_id is not specified");
  if (id === undefined && ephemeral === undefined) return undefined;
  const kept = ephemeral === undefined ? room.messages.get(id ?? 0) : room.ephemeral.get(ephemeral);
  if (kept !== undefined && !kept.deleted) return kept;
  if (reply !== undefined && readBoolean(reply, 'allow_sending_without_reply')) return undefined;
  throw bad('message to be replied not found');
}

/** Whom the bot may name: it got something from them, or shares a chat with them. */
export function findUser(world: World, id: number): User | undefined {
  const account = world.accounts.get(id);
  if (account === undefined) return id === world.bot.id ? world.bot : undefined;
  if (account.seen) return account.user;
  const shared = [...world.rooms.values()].some(
    ({ members }) => isIn(members.get(id)) && isIn(members.get(world.bot.id)),
  );
  return shared ? account.user : undefined;
}

/** The person that `user_id` names, and what they are in the chat. */
export function readMember(world: World, room: Room, params: Params): { user: User; member: ChatMember } {
  const id = needInteger(params, 'user_id', 'invalid user_id specified');
  const user = id === world.bot.id ? world.bot : world.accounts.get(id)?.user;
  if (user === undefined) throw bad('user not found');
  return { user, member: room.members.get(id) ?? { status: 'left', user } };
}

const QUICK = 15_000;

/** Who alone is to see a message: undefined for everyone. An ordinary bot may do so right after the person did something. */
export function readReceiver(world: World, room: Room, params: Params): number | undefined {
  const wanted = readObject(params, 'ephemeral_message_parameters');
  if (wanted === undefined || world.ephemeral === 'ignored') return undefined;
  if (world.ephemeral === 'refused') throw bad('ephemeral messages are not supported');
  const user = needInteger(wanted, 'receiver_user_id', 'invalid user identifier specified');
  if (room.chat.type !== 'group' && room.chat.type !== 'supergroup')
    throw bad('ephemeral messages can be sent only to groups and supergroups');
  if (!isIn(room.members.get(user))) throw bad('user not found');
  if (has(room.members.get(world.bot.id), 'can_manage_chat')) return user;
  const since = world.now() - QUICK;
  const query = world.queries.get(readString(wanted, 'callback_query_id') ?? '');
  if (query !== undefined && query.user === user && query.at >= since) return user;
  const reply = isObject(params.reply_parameters) ? readReply(room, params) : undefined;
  if (reply !== undefined && reply.from.id === user && reply.at >= since) return user;
  throw bad('not enough rights to send an ephemeral message to the user');
}
