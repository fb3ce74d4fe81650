import type { MessageEntity, User } from 'grammy/types';
import { isObject, opt, type Params, readArray, readInteger, readObject, readString } from './arguments.ts';
import { bad } from './refusal.ts';
import type { Button, Keyboard } from './types.ts';

/** Texts, entities and keyboards, checked as strictly as the service does, or more. */

const PLAIN = new Set([
  ...['mention', 'hashtag', 'cashtag', 'bot_command', 'url', 'email', 'phone_number', 'bold', 'italic', 'underline'],
  ...['strikethrough', 'spoiler', 'blockquote', 'expandable_blockquote', 'code', 'pre'],
]);
const SPECIAL = new Set(['text_link', 'text_mention', 'custom_emoji', 'date_time']);

export interface Written {
  readonly text: string;
  readonly entities: readonly MessageEntity[];
}

/** Reads text and entities; trimmed at both ends, with what the service finds in it by itself added. */
export function readText(params: Params, findUser: (id: number) => User | undefined): Written {
  const raw = readString(params, 'text') ?? '';
  const mode = readString(params, 'parse_mode');
  if (mode !== undefined && mode !== '' && mode.toLowerCase() !== 'none') {
    const known = ['html', 'markdown', 'markdownv2'].includes(mode.toLowerCase());
    throw bad(known ? 'this peer does not parse texts: send entities' : 'unsupported parse_mode');
  }
  const given = (readArray(params, 'entities') ?? []).flatMap((entity) => readEntity(entity, raw, findUser) ?? []);
  const start = raw.length - raw.trimStart().length;
  const text = raw.trim();
  if (text === '') throw bad('message text is empty');
  if (text.length > 4096) throw bad('message is too long');
  const kept = given.flatMap((entity) => {
    const from = Math.max(0, entity.offset - start);
    const to = Math.min(text.length, entity.offset + entity.length - start);
    return to > from ? [{ ...entity, offset: from, length: to - from }] : [];
  });
  return { text, entities: sorted([...kept, ...found(text, kept)]) };
}

function readEntity(
  value: unknown,
  text: string,
  findUser: (id: number) => User | undefined,
): MessageEntity | undefined {
  if (!isObject(value)) throw bad("can't parse MessageEntity: expected an Object");
  const type = readString(value, 'type') ?? '';
  const offset = readInteger(value, 'offset');
  const length = readInteger(value, 'length');
  if (!PLAIN.has(type) && !SPECIAL.has(type)) throw bad(`can't parse MessageEntity: unsupported type "${type}"`);
  if (offset === undefined || length === undefined || offset < 0 || length <= 0 || offset + length > text.length)
    throw bad('ENTITY_BOUNDS_INVALID');
  if (splitsPair(text, offset) || splitsPair(text, offset + length))
    throw bad(`entity begins or ends in the middle of a UTF-16 symbol at ${offset}`);
  if (type === 'text_link') return readLink(value, offset, length, findUser);
  if (type === 'text_mention') {
    const id = isObject(value.user) ? readInteger(value.user, 'id') : undefined;
    const user = id === undefined ? undefined : findUser(id);
    // A person whom the bot never met is not linked: the words stay, the mention goes.
    return user && { type, offset, length, user };
  }
  return at(value, offset, length);
}

function readLink(value: Params, offset: number, length: number, findUser: (id: number) => User | undefined) {
  const url = readString(value, 'url') ?? '';
  const id = /^tg:\/\/user\?id=(\d+)$/.exec(url)?.[1];
  const user = id === undefined ? undefined : findUser(Number(id));
  if (user !== undefined) return { type: 'text_mention', offset, length, user } satisfies MessageEntity;
  if (url === '' || /\s/.test(url)) throw bad('wrong HTTP URL specified');
  return { type: 'text_link', offset, length, url } satisfies MessageEntity;
}

const at = (value: Params, offset: number, length: number): MessageEntity =>
  ({ ...value, offset, length }) as MessageEntity;

const splitsPair = (text: string, index: number): boolean =>
  /[\ud800-\udbff]/.test(text[index - 1] ?? '') && /[\udc00-\udfff]/.test(text[index] ?? '');

const sorted = (entities: readonly MessageEntity[]): readonly MessageEntity[] =>
  [...entities].sort((a, b) => a.offset - b.offset || b.length - a.length);

const FOUND: readonly (readonly ['mention' | 'bot_command' | 'url', RegExp])[] = [
  ['mention', /(?<![\w@/])@[A-Za-z]\w{3,31}\b/g],
  ['bot_command', /(?<![\w/<>@])\/\w{1,64}(?:@[A-Za-z]\w{2,31})?(?![\w/])/g],
  ['url', /\bhttps?:\/\/[^\s<>"]+/g],
];
const CLOSED = new Set(['code', 'pre', 'text_link', 'text_mention', 'url']);

/** Mentions, commands and addresses that the service marks by itself: everywhere but in code and in links. */
export function found(text: string, given: readonly MessageEntity[]): readonly MessageEntity[] {
  const taken = given.filter(({ type }) => CLOSED.has(type) || type === 'mention' || type === 'bot_command');
  return FOUND.flatMap(([type, pattern]) =>
    [...text.matchAll(pattern)]
      .map((match): MessageEntity => ({ type, offset: match.index, length: match[0].length }))
      .filter((entity) => !taken.some((other) => overlap(entity, other))),
  );
}

const overlap = (a: MessageEntity, b: MessageEntity): boolean =>
  a.offset < b.offset + b.length && b.offset < a.offset + a.length;

export interface Markup {
  readonly keyboard: Keyboard;
  readonly forceReply: boolean;
}

/** Reads `reply_markup`. Under an edit only an inline keyboard is taken. */
export function readMarkup(params: Params, edit: boolean): Markup | undefined {
  const value = readObject(params, 'reply_markup');
  if (value === undefined) return undefined;
  if ('inline_keyboard' in value) return { keyboard: readKeyboard(value), forceReply: false };
  const other = ['keyboard', 'remove_keyboard', 'force_reply'].some((name) => name in value);
  if (!other || edit) throw bad(edit ? 'inline keyboard expected' : "can't parse reply keyboard markup JSON object");
  return { keyboard: [], forceReply: value.force_reply === true };
}

function readKeyboard(markup: Params): Keyboard {
  const rows = readArray(markup, 'inline_keyboard') ?? [];
  const keyboard = rows.map((row) => {
    if (!Array.isArray(row)) throw bad("can't parse inline keyboard: expected an Array of Arrays");
    return row.map(readButton);
  });
  if (keyboard.flat().length > 100) throw bad('reply markup is too long');
  return keyboard.filter((row) => row.length > 0);
}

function readButton(value: unknown): Button {
  if (!isObject(value)) throw bad("can't parse inline keyboard button: InlineKeyboardButton must be an Object");
  const text = readString(value, 'text');
  if (text === undefined || text.trim() === '') throw bad("can't parse inline keyboard button: text is empty");
  const data = readString(value, 'callback_data');
  const url = readString(value, 'url');
  if (data !== undefined && (data === '' || Buffer.byteLength(data) > 64)) throw bad('BUTTON_DATA_INVALID');
  if (url !== undefined && !/^(https?|tg):\/\/[^\s/]\S*$/.test(url))
    throw bad(`inline keyboard button URL '${url}' is invalid: Wrong HTTP URL`);
  const others = ['copy_text', 'web_app', 'login_url', 'switch_inline_query', 'switch_inline_query_current_chat'];
  if (data === undefined && url === undefined && ![...others, 'disabled'].some((name) => name in value))
    throw bad('text buttons are unallowed in the inline keyboard');
  return { text, ...opt('callback_data', data), ...opt('url', url), ...opt('disabled', value.disabled) };
}
