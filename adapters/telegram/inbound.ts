import type { Address, Incoming, Origin } from '../../src/ports.ts';
import { type Chat, type Entity, type Member, type Message, Update, type User } from './schema.ts';

/** Reads updates. Pure: who we are comes with the update, or is given. */

/** Who reads: the number is in the token, the name is known once the platform was asked. */
export interface Reader {
  readonly id: number;
  readonly username?: string | undefined;
  readonly seesAll?: boolean | undefined;
}

/** Reads a stored update; undefined where it is none of our business. */
export function readUpdate(body: unknown, reader: Reader): Incoming | undefined {
  const parsed = Update.safeParse(body);
  if (!parsed.success) return undefined;
  const update = parsed.data;
  const us: Reader = { ...reader, ...update.received_by };
  if (update.message !== undefined) return readMessage(update.message, us);
  if (update.callback_query !== undefined) return readPress(update.callback_query);
  if (update.my_chat_member !== undefined) return readOurselves(update.my_chat_member, us);
  if (update.chat_join_request !== undefined) return readJoinRequest(update.chat_join_request);
  return undefined;
}

/** Does it take our name to tell whether this is meant for us? */
export function needsName(body: unknown): boolean {
  const parsed = Update.safeParse(body);
  return parsed.success && ADDRESSED.test(parsed.data.message?.text ?? '');
}

const ADDRESSED = /^\/([\w-]+)@(\w+)(?=\s|$)/;

function readMessage(message: Message, us: Reader): Incoming | undefined {
  const origin = originOf(message);
  if (origin === undefined) return undefined;
  if (message.migrate_to_chat_id !== undefined)
    return { ...origin, sort: 'moved', to: { platform: 'telegram', chat: String(message.migrate_to_chat_id) } };
  if (message.text === undefined || !isOwnWords(message)) return undefined;
  const text = wordsOf(message.text, message.entities ?? [], us);
  if (text === undefined) return undefined;
  const answered = message.reply_to_message;
  const isAnswer = answered?.from?.id === us.id && answered.forum_topic_created === undefined;
  return {
    ...origin,
    sort: 'said',
    text,
    ...(isAnswer ? { answers: `${message.chat.id}/${answered.message_id}` } : {}),
  };
}

/**
 * Only what a person has just written themselves counts. Forwards, posts of channels, what another bot or a business
 * account made, and later edits carry somebody's name without being their word.
 */
function isOwnWords(message: Message): boolean {
  const borrowed = [
    message.forward_origin,
    message.forward_date,
    message.is_automatic_forward,
    message.via_bot,
    message.edit_date,
    message.business_connection_id,
    message.sender_business_bot,
    message.guest_query_id,
    message.guest_bot_caller_user,
    message.guest_bot_caller_chat,
  ];
  return borrowed.every((mark) => mark === undefined);
}

/** Undefined: nobody whom we listen to. */
function originOf(message: Message): Origin | undefined {
  if (message.chat.type === 'channel') return undefined;
  const account = accountOf(message);
  if (account === undefined) return undefined;
  return {
    ...account,
    address: addressOf(message),
    isPrivate: message.chat.type === 'private',
    // An ephemeral message has no number of its own that one could answer to.
    ...(message.message_id === 0 ? {} : { message: `${message.chat.id}/${message.message_id}` }),
  };
}

/** Who speaks for a chat is that chat; the user beside it is a stand-in that all anonymous administrators share. */
function accountOf({ from, sender_chat: chat }: Message): Who | undefined {
  if (chat !== undefined)
    return { account: `telegram:chat:${chat.id}`, ...(chat.title === undefined ? {} : { name: chat.title }) };
  return from === undefined || from.is_bot === true ? undefined : person(from);
}

type Who = Pick<Origin, 'account' | 'name' | 'handle'>;

function person(user: User): Who {
  const name = [user.first_name, user.last_name].filter((part) => part !== undefined && part !== '').join(' ');
  return {
    account: `telegram:${user.id}`,
    ...(name === '' ? {} : { name }),
    ...(user.username === undefined || user.username === '' ? {} : { handle: user.username }),
  };
}

interface Placed {
  readonly chat: Chat;
  readonly message_thread_id?: number | undefined;
  readonly is_topic_message?: boolean | undefined;
  readonly reply_to_message?: unknown;
}

/**
 * A thread's number without the topic mark is a chain of replies, and nothing can be sent to that; but a message that
 * answers none is in no such chain, so there the mark was only left out.
 */
function addressOf({ chat, message_thread_id: thread, is_topic_message: mark, reply_to_message }: Placed): Address {
  const isTopic = mark ?? reply_to_message === undefined;
  return {
    platform: 'telegram',
    chat: String(chat.id),
    ...(isTopic && thread !== undefined ? { thread: String(thread) } : {}),
  };
}

const QUOTING = new Set(['code', 'pre', 'blockquote', 'expandable_blockquote']);

/** The words as the core reads them; undefined where a command is another bot's, or only shown. */
function wordsOf(text: string, entities: readonly Entity[], us: Reader): string | undefined {
  const isCommand = text.startsWith('/');
  if (isCommand && entities.some(({ type, offset, length }) => QUOTING.has(type) && offset === 0 && length > 0))
    return undefined;
  // The word joiner is what we put into names and commands of others; pasted back, it must not be in the way.
  const words = withTargets(text, entities).replaceAll('\u2060', '');
  const addressed = ADDRESSED.exec(words);
  if (addressed !== null && addressed[2]?.toLowerCase() !== us.username?.toLowerCase()) return undefined;
  const plain = addressed === null ? words : `/${addressed[1]}${words.slice(addressed[0].length)}`;
  return isCommand ? started(plain) : plain;
}

/**
 * People without a username are named by an entity; the core knows them by their number. And a label may say something
 * else than where its link leads: what counts is where it leads.
 */
function withTargets(text: string, entities: readonly Entity[]): string {
  const inOrder = entities
    .filter(({ offset, length }) => offset + length <= text.length)
    .sort((a, b) => a.offset - b.offset);
  const parts: string[] = [];
  let end = 0;
  for (const entity of inOrder) {
    const target = targetOf(entity);
    // No client writes one label into another: of such, the first counts, and a body full of them costs no time.
    if (target === undefined || entity.offset < end) continue;
    parts.push(text.slice(end, entity.offset), target);
    end = entity.offset + entity.length;
  }
  return [...parts, text.slice(end)].join('');
}

function targetOf({ type, user, url }: Entity): string | undefined {
  if (type === 'text_mention') return user === undefined ? undefined : `<@${user.id}>`;
  return type === 'text_link' && url !== undefined && /^https?:\/\/\S+$/i.test(url) ? url : undefined;
}

const LINKED = /^(join|iam)-([\w-]{1,60})$/;

/** What opening us by a link means: `?start=join-PRJ-1` arrives as `/start join-PRJ-1`. */
function started(words: string): string {
  const start = /^\/start(?:\s+(\S*))?\s*$/i.exec(words);
  if (start === null) return words;
  const linked = LINKED.exec(start[1] ?? '');
  return linked === null ? '/help' : `/${linked[1]} ${linked[2]}`;
}

function readPress(query: NonNullable<Update['callback_query']>): Incoming | undefined {
  const { id, from, data, message } = query;
  if (data === undefined || message === undefined || from.is_bot === true) return undefined;
  return {
    ...person(from),
    address: addressOf(message),
    isPrivate: message.chat.type === 'private',
    ...(message.message_id === 0 ? {} : { message: `${message.chat.id}/${message.message_id}` }),
    sort: 'pressed',
    token: data,
    query: id,
  };
}

const isIn = (member: Member | undefined): boolean =>
  member !== undefined &&
  (['creator', 'administrator', 'member'].includes(member.status) ||
    (member.status === 'restricted' && member.is_member === true));

function readOurselves(change: NonNullable<Update['my_chat_member']>, us: Reader): Incoming | undefined {
  const { chat, from, old_chat_member: before, new_chat_member: after } = change;
  const origin = { ...person(from), address: addressOf({ chat }), isPrivate: chat.type === 'private' };
  if (chat.type === 'private') {
    if (isIn(before) === isIn(after) && before !== undefined) return undefined;
    return { ...origin, sort: isIn(after) ? 'unblocked' : 'blocked' };
  }
  if (chat.type === 'channel' || isIn(before) || !isIn(after)) return undefined;
  const seesAll = us.seesAll === true || after.status === 'administrator' || after.status === 'creator';
  return { ...origin, sort: 'added', title: chat.title ?? '', seesAll };
}

function readJoinRequest(request: NonNullable<Update['chat_join_request']>): Incoming {
  const link = request.invite_link?.invite_link;
  return {
    ...person(request.from),
    address: addressOf({ chat: request.chat }),
    isPrivate: false,
    sort: 'join-asked',
    ...(link === undefined ? {} : { link }),
  };
}
