import type { CallbackQuery, ChatMember, Message, Update, User } from 'grammy/types';
import { opt } from './arguments.ts';
import { ask, depart, enter, setMember } from './membership.ts';
import { found } from './text.ts';
import type { MessageRef, Person, Place, SayOptions } from './types.ts';
import {
  change,
  createRoom,
  findKept,
  isAdmin,
  isIn,
  type Kept,
  keep,
  latest,
  type Room,
  toMessage,
  type World,
} from './world.ts';

/** People with a Telegram client, and what the bot gets to see of what they do. */

const GROUP_BOT: User = { id: 1_087_968_824, is_bot: true, first_name: 'Group', username: 'GroupAnonymousBot' };
const CHANNEL_BOT: User = { id: 136_817_688, is_bot: true, first_name: 'Channel', username: 'Channel_Bot' };

export function createPerson(world: World, user: User): Person {
  const account = { user, seen: false, started: false, blocked: false };
  world.accounts.set(user.id, account);
  const { id, first_name } = user;
  createRoom(world, { id, type: 'private', first_name, ...opt('username', user.username) });
  const own: Place = { id, title: first_name, topics: {} };
  const say = (place: Place, text: string, options: SayOptions = {}) => speak(world, user, place, text, options);
  const gate = (status: 'member' | 'kicked') => {
    account.blocked = status === 'kicked';
    const room = roomOf(world, own);
    const bot = world.bot;
    const to: ChatMember = status === 'member' ? { status, user: bot } : { status, user: bot, until_date: 0 };
    return wanted(setMember(world, room, user, to), 'my_chat_member');
  };
  return {
    id,
    user,
    private: own,
    say,
    start: (payload) => {
      const first = !account.started;
      if (account.blocked) gate('member');
      account.started = true;
      if (payload !== undefined && !/^[A-Za-z0-9_-]{1,64}$/.test(payload))
        throw new Error(`a link can't carry ${JSON.stringify(payload)}: 1 to 64 of A-Z, a-z, 0-9, _ and -`);
      if (first) roomOf(world, own).members.set(world.bot.id, { status: 'member', user: world.bot });
      return say(own, payload === undefined ? '/start' : `/start ${payload}`);
    },
    press: (message, label) => press(world, user, message, label),
    edit: (message, text) => {
      const kept = findKept(world, message);
      if (kept.from.id !== id) throw new Error(`${first_name} did not write this`);
      change(world, kept, { text, entities: found(text, []), keyboard: [] });
      deliver(world, kept, true);
      return toMessage(world, kept);
    },
    block: () => gate('kicked'),
    unblock: () => gate('member'),
    follow: (link) => follow(world, user, link),
    requestToJoin: (link) => wanted(follow(world, user, link), 'chat_join_request'),
    leave: (place) => depart(world, roomOf(world, place), user, user),
  };
}

/** The update where there must be one: the bot asked for its kind, and has the rights. */
export function wanted(update: Update | undefined, kind: string): Update {
  if (update === undefined)
    throw new Error(`the bot gets no ${kind}: it is not among its allowed_updates, or not its right`);
  return update;
}

export function roomOf(world: World, place: { readonly id: number }): Room {
  const room = world.rooms.get(place.id);
  if (room === undefined) throw new Error(`there is no chat ${place.id}`);
  return room;
}

function speak(world: World, user: User, place: Place, text: string, options: SayOptions): Message {
  const room = roomOf(world, place);
  const account = world.accounts.get(user.id);
  if (room.chat.type === 'private' && (room.chat.id !== user.id || account?.started !== true || account.blocked))
    throw new Error(`${user.first_name} must press Start first`);
  if (room.chat.type !== 'private' && !isIn(room.members.get(user.id)) && options.asChannel === undefined)
    throw new Error(`${user.first_name} is not in ${place.title}`);
  if (room.movedTo !== undefined) throw new Error(`${place.title} is a supergroup now`);
  const topic = typeof options.topic === 'string' ? topicNamed(place, options.topic) : options.topic;
  if (topic !== undefined && !room.topics.has(topic)) throw new Error(`${place.title} has no topic ${topic}`);
  const given = options.entities ?? [];
  const replyTo = options.replyTo === undefined ? undefined : findKept(world, options.replyTo);
  const sender = options.asChannel === undefined ? undefined : roomOf(world, options.asChannel);
  const kept = keep(world, room, {
    from: sender === undefined ? user : sender === room ? GROUP_BOT : CHANNEL_BOT,
    text,
    entities: options.entities === undefined ? found(text, []) : given,
    replyTo,
    topic: topic ?? replyTo?.topic,
    senderChat: sender?.chat,
    ...opt('visibleTo', options.ephemeral === true ? world.bot.id : undefined),
    extra: {
      ...opt('via_bot', options.viaBot === true ? world.bot : options.viaBot),
      ...opt('forward_origin', forwarded(world, options.forwardedFrom)),
    },
  });
  deliver(world, kept, false);
  return toMessage(world, kept);
}

const forwarded = (world: World, from: Person | undefined): Message['forward_origin'] =>
  from && { type: 'user', date: Math.floor(world.now() / 1000) - 60, sender_user: from.user };

function topicNamed(place: Place, name: string): number {
  const topic = place.topics[name];
  if (topic === undefined) throw new Error(`${place.title} has no topic "${name}"`);
  return topic;
}

/** Tells the bot of a message, if privacy lets it see that. */
function deliver(world: World, kept: Kept, edited: boolean): void {
  if (!sees(world, kept)) return;
  const account = world.accounts.get(kept.from.id);
  if (account !== undefined) account.seen = true;
  const message = toMessage(world, kept);
  const channel = kept.room.chat.type === 'channel';
  const kind = channel ? (edited ? 'edited_channel_post' : 'channel_post') : edited ? 'edited_message' : 'message';
  world.queue.push(kind, message as NonNullable<Update['message']> & NonNullable<Update['edited_channel_post']>);
}

function sees(world: World, kept: Kept): boolean {
  const { room } = kept;
  if (room.chat.type === 'private') return true;
  const member = room.members.get(world.bot.id);
  if (!isIn(member)) return false;
  if (!world.privacy || isAdmin(member) || room.chat.type === 'channel') return true;
  if (kept.visibleTo === world.bot.id || kept.extra.via_bot?.id === world.bot.id) return true;
  if (kept.replyTo?.from.id === world.bot.id) return true;
  return isForBot(world, room, kept);
}

/** A command that names the bot; one that names nobody goes to the bot that wrote last. */
function isForBot(world: World, room: Room, kept: Kept): boolean {
  const { text, entities } = latest(kept);
  const command = entities.find(({ type, offset }) => type === 'bot_command' && offset === 0);
  if (command === undefined) return false;
  const [, name] = text.slice(0, command.length).split('@');
  if (name !== undefined) return name.toLowerCase() === world.bot.username?.toLowerCase();
  const others = [...room.members.values()].some(({ user }) => user.is_bot && user.id !== world.bot.id);
  return room.lastBot === undefined ? !others : room.lastBot === world.bot.id;
}

function press(world: World, user: User, ref: MessageRef, label: string): Update {
  const kept = findKept(world, ref);
  if (kept.deleted) throw new Error('the message is gone');
  if (kept.visibleTo !== undefined && kept.visibleTo !== user.id)
    throw new Error(`${user.first_name} can't see this message`);
  if (kept.room.chat.type === 'private' ? kept.room.chat.id !== user.id : !isIn(kept.room.members.get(user.id)))
    throw new Error(`${user.first_name} is not in this chat`);
  const buttons = latest(kept).keyboard.flat();
  const button = buttons.find(({ text }) => text === label);
  const labels = buttons.map(({ text }) => text).join(', ');
  if (button === undefined) throw new Error(`no button "${label}" here, only: ${labels}`);
  if (button.callback_data === undefined || button.disabled !== undefined)
    throw new Error(`the button "${label}" calls nobody${button.url === undefined ? '' : `: it opens ${button.url}`}`);
  const id = `4382${String(++world.serial).padStart(14, '0')}`;
  world.queries.set(id, { id, user: user.id, at: world.now(), room: kept.room, message: kept });
  const account = world.accounts.get(user.id);
  if (account !== undefined) account.seen = true;
  const query: CallbackQuery = {
    id,
    from: user,
    message: toMessage(world, kept),
    chat_instance: String(Math.abs(kept.room.chat.id) * 31),
    data: button.callback_data,
  };
  return wanted(world.queue.push('callback_query', query), 'callback_query');
}

function follow(world: World, user: User, url: string): Update | undefined {
  const room = [...world.rooms.values()].find(({ links }) => links.has(url));
  const link = room?.links.get(url);
  if (room === undefined || link === undefined) throw new Error(`there is no invite link ${url}`);
  const { is_revoked, expire_date, member_limit, creates_join_request } = link.link;
  if (is_revoked || (expire_date ?? Number.POSITIVE_INFINITY) * 1000 <= world.now())
    throw new Error('the link has expired');
  if (link.used >= (member_limit ?? Number.POSITIVE_INFINITY)) throw new Error('the link has been used up');
  const now = room.members.get(user.id);
  if (now?.status === 'kicked') throw new Error(`${user.first_name} is banned there`);
  if (isIn(now)) return undefined;
  return creates_join_request ? ask(world, room, user, link) : enter(world, room, user, user, link);
}
