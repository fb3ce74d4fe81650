import { describe, expect, test } from 'vitest';
import { needsName, readUpdate } from '../../adapters/telegram/inbound.ts';

/** What Telegram tells, and what is made of it. */

const US = { id: 777, username: 'baton_bot', seesAll: false };
const olga = { id: 1001, is_bot: false, first_name: 'Olga', last_name: 'Petrova', username: 'olga' };
const privately = { id: 1001, type: 'private', first_name: 'Olga' };
const group = { id: -1001234567890, type: 'supergroup', title: 'Ops' };

const read = (update: object) => readUpdate({ update_id: 1, ...update }, US);
const inGroup = (message: object) =>
  read({ message: { message_id: 5, date: 1, from: olga, chat: group, text: '/status', ...message } });
const inPrivate = (message: object) =>
  read({ message: { message_id: 5, date: 1, from: olga, chat: privately, text: '/status', ...message } });
const textOf = (message: object): string | undefined => {
  const incoming = inGroup(message);
  return incoming?.sort === 'said' ? incoming.text : undefined;
};

test('words in a group and in private', () => {
  expect(inGroup({ text: 'good morning' })).toEqual({
    sort: 'said',
    account: 'telegram:1001',
    name: 'Olga Petrova',
    handle: 'olga',
    address: { platform: 'telegram', chat: '-1001234567890' },
    isPrivate: false,
    message: '-1001234567890/5',
    text: 'good morning',
  });
  expect(inPrivate({})).toMatchObject({
    account: 'telegram:1001',
    address: { platform: 'telegram', chat: '1001' },
    isPrivate: true,
    text: '/status',
  });
});

test('the username is that of the moment, and nothing where there is none', () => {
  expect(inGroup({ from: { ...olga, username: 'olga_new' } })).toMatchObject({ handle: 'olga_new' });
  expect(inGroup({ from: { ...olga, username: undefined } })).not.toHaveProperty('handle');
  expect(inGroup({ from: { ...olga, username: '' } })).not.toHaveProperty('handle');
  expect(inGroup({ sender_chat: { ...group, username: 'ops_chat' } })).not.toHaveProperty('handle');
});

test('ids of 52 bits arrive whole', () => {
  const id = 2 ** 52 - 1;
  expect(inGroup({ from: { id, first_name: 'Far' }, chat: { ...group, id: -id } })).toMatchObject({
    account: `telegram:${id}`,
    address: { chat: `-${id}` },
  });
});

test('a topic is a thread; a chain of replies is none', () => {
  expect(inGroup({ message_thread_id: 7, is_topic_message: true })?.address.thread).toBe('7');
  expect(inGroup({ message_thread_id: 7, is_topic_message: false })?.address).not.toHaveProperty('thread');
  const earlier = { message_id: 7, from: olga };
  expect(inGroup({ message_thread_id: 7, reply_to_message: earlier })?.address).not.toHaveProperty('thread');
  expect(inGroup({ message_thread_id: 7, is_topic_message: true, reply_to_message: earlier })?.address.thread).toBe(
    '7',
  );
  // Where the mark is missing, what answers nothing can be in no chain.
  expect(inGroup({ message_thread_id: 7 })?.address.thread).toBe('7');
});

test('a reply to us names the message of ours', () => {
  const ours = { message_id: 4, from: { id: 777, is_bot: true } };
  expect(inGroup({ reply_to_message: ours })).toMatchObject({ answers: '-1001234567890/4' });
  expect(inGroup({ reply_to_message: { ...ours, from: olga } })).not.toHaveProperty('answers');
  expect(inGroup({ reply_to_message: { ...ours, forum_topic_created: { name: 'x' } } })).not.toHaveProperty('answers');
});

describe('commands', () => {
  test.each([
    ['/status@baton_bot PRJ-1', '/status PRJ-1'],
    ['/status@BATON_Bot', '/status'],
    ['/page_test@baton_bot now', '/page_test now'],
    ['/page-test@baton_bot now', '/page-test now'],
    ['/say@baton_bot two\nlines', '/say two\nlines'],
    ['/release@other', undefined],
    ['/release@baton_bot2 PRJ-1', undefined],
    ['/start join-PRJ-1', '/join PRJ-1'],
    ['/start@baton_bot join-PRJ-1', '/join PRJ-1'],
    ['/start iam-K7QX-M2PD', '/iam K7QX-M2PD'],
    ['/start', '/help'],
    ['/start release-PRJ-1', '/help'],
    ['/\u2060reject WEB-1 as @\u2060pete said', '/reject WEB-1 as @pete said'],
  ])('%s', (text, expected) => {
    expect(textOf({ text })).toBe(expected);
  });

  test('meant for somebody by name, while our own name is not known yet', () => {
    const body = { update_id: 1, message: { message_id: 5, from: olga, chat: group, text: '/status@baton_bot' } };
    expect(needsName(body)).toBe(true);
    expect(readUpdate(body, { id: 777 })).toBeUndefined();
    const stamped = { ...body, received_by: { username: 'baton_bot', seesAll: true } };
    expect(readUpdate(stamped, { id: 777 })).toMatchObject({ text: '/status' });
    expect(needsName({ ...body, message: { ...body.message, text: '/status' } })).toBe(false);
  });

  test.each(['code', 'pre', 'blockquote', 'expandable_blockquote'])('shown as %s is no command', (type) => {
    expect(inGroup({ entities: [{ type, offset: 0, length: 7 }] })).toBeUndefined();
    expect(inPrivate({ entities: [{ type, offset: 0, length: 7 }] })).toBeUndefined();
    expect(textOf({ text: '/reject x', entities: [{ type, offset: 8, length: 1 }] })).toBe('/reject x');
  });
});

test('a person named by an entity becomes their number', () => {
  const text = '😀 /handover to Ann and Bob';
  const mention = (name: string, id: number) => ({
    type: 'text_mention',
    offset: text.indexOf(name),
    length: name.length,
    user: { id, first_name: name },
  });
  expect(textOf({ text, entities: [mention('Ann', 5), mention('Bob', 6)] })).toBe('😀 /handover to <@5> and <@6>');
  expect(textOf({ text: 'x', entities: [{ type: 'text_mention', offset: 0, length: 9, user: { id: 5 } }] })).toBe('x');
});

test('a label with a link behind it is where the link leads', () => {
  const text = '/link WEB-1 the issue';
  const at = (url: string) => ({ text, entities: [{ type: 'text_link', offset: 12, length: 9, url }] });
  expect(textOf(at('https://github.com/example/web/issues/3'))).toBe(
    '/link WEB-1 https://github.com/example/web/issues/3',
  );
  expect(textOf(at('tg://user?id=5'))).toBe(text);
});

describe('not their own fresh words', () => {
  test.each<[string, object]>([
    ['a forward', { forward_origin: { type: 'user', sender_user: olga, date: 1 } }],
    ['a forward of an older server', { forward_date: 1 }],
    ['a post forwarded by itself', { is_automatic_forward: true, sender_chat: { id: -5, type: 'channel' } }],
    ['made by an inline bot', { via_bot: { id: 9, is_bot: true, first_name: 'gif' } }],
    ['of a business account', { business_connection_id: 'b' }],
    ['by a business bot', { sender_business_bot: { id: 9, is_bot: true, first_name: 'b' } }],
    ['of a guest', { guest_query_id: 'g' }],
    ['for a guest', { guest_bot_caller_user: olga }],
    ['edited', { edit_date: 2 }],
    ['another bot', { from: { id: 9, is_bot: true, first_name: 'other' } }],
    ['of nobody', { from: undefined }],
    ['a picture', { text: undefined, caption: '/status' }],
    ['in a channel', { chat: { id: -7, type: 'channel', title: 'News' } }],
  ])('%s', (_, message) => {
    expect(inGroup(message)).toBeUndefined();
  });

  test.each(['edited_message', 'channel_post', 'edited_channel_post', 'business_message', 'guest_message'])(
    'the update %s',
    (kind) => {
      expect(read({ [kind]: { message_id: 5, date: 1, from: olga, chat: group, text: '/status' } })).toBeUndefined();
    },
  );
});

test('an anonymous administrator is the chat, not the stand-in that all of them share', () => {
  const standIn = { id: 1087968824, is_bot: true, first_name: 'Group', username: 'GroupAnonymousBot' };
  expect(inGroup({ from: standIn, sender_chat: group })).toMatchObject({
    account: 'telegram:chat:-1001234567890',
    name: 'Ops',
  });
});

test('a name is only a name', () => {
  const impostor = { id: 66, is_bot: false, first_name: 'Olga', last_name: 'Petrova', username: 'olga' };
  expect(inGroup({ from: impostor })).toMatchObject({ account: 'telegram:66', name: 'Olga Petrova' });
});

describe('buttons', () => {
  const press = (message: object | undefined, more: object = {}) =>
    read({ callback_query: { id: 'q1', from: olga, chat_instance: 'c', data: 'tok', message, ...more } });

  test('on a card in a topic', () => {
    const card = { message_id: 8, date: 1, chat: group, message_thread_id: 3, is_topic_message: true, text: 'card' };
    expect(press(card)).toEqual({
      sort: 'pressed',
      account: 'telegram:1001',
      name: 'Olga Petrova',
      handle: 'olga',
      address: { platform: 'telegram', chat: '-1001234567890', thread: '3' },
      isPrivate: false,
      message: '-1001234567890/8',
      token: 'tok',
      query: 'q1',
    });
  });

  test('a card without the topic mark is in a topic where it answers nothing', () => {
    const card = { message_id: 8, date: 1, chat: group, message_thread_id: 3 };
    expect(press(card)?.address.thread).toBe('3');
    expect(press({ ...card, reply_to_message: { message_id: 3 } })?.address).not.toHaveProperty('thread');
  });

  test('on a card that is too old to be shown to us', () => {
    expect(press({ message_id: 8, date: 0, chat: privately })).toMatchObject({ isPrivate: true, message: '1001/8' });
  });

  test('without a card, without data, by a bot', () => {
    expect(press(undefined, { inline_message_id: 'i' })).toBeUndefined();
    expect(press({ message_id: 8, chat: group }, { data: undefined, game_short_name: 'g' })).toBeUndefined();
    expect(press({ message_id: 8, chat: group }, { from: { id: 9, is_bot: true } })).toBeUndefined();
  });
});

describe('about ourselves', () => {
  const member = (chat: object, before: object | undefined, after: object, seesAll = false) =>
    readUpdate(
      { update_id: 1, my_chat_member: { chat, from: olga, date: 1, old_chat_member: before, new_chat_member: after } },
      { ...US, seesAll },
    );
  const left = { status: 'left' };
  const inside = { status: 'member' };

  test('added to a group', () => {
    expect(member(group, left, inside)).toEqual({
      sort: 'added',
      account: 'telegram:1001',
      name: 'Olga Petrova',
      handle: 'olga',
      address: { platform: 'telegram', chat: '-1001234567890' },
      isPrivate: false,
      title: 'Ops',
      seesAll: false,
    });
    expect(member(group, left, inside, true)).toMatchObject({ seesAll: true });
    expect(member(group, left, { status: 'administrator' })).toMatchObject({ seesAll: true });
    expect(member(group, { status: 'kicked' }, { status: 'restricted', is_member: true })?.sort).toBe('added');
  });

  test.each<[string, object, object]>([
    ['made an administrator', inside, { status: 'administrator' }],
    ['taken out', inside, left],
    ['restricted outside', left, { status: 'restricted', is_member: false }],
  ])('not added: %s', (_, before, after) => {
    expect(member(group, before, after)).toBeUndefined();
  });

  test('blocked and let in again', () => {
    expect(member(privately, inside, { status: 'kicked' })).toMatchObject({
      sort: 'blocked',
      account: 'telegram:1001',
    });
    expect(member(privately, { status: 'kicked' }, inside)).toMatchObject({ sort: 'unblocked', isPrivate: true });
    expect(member(privately, inside, inside)).toBeUndefined();
  });
});

test('a group became a supergroup', () => {
  const old = { id: -42, type: 'group', title: 'Ops' };
  expect(inGroup({ chat: old, text: undefined, migrate_to_chat_id: -10042 })).toMatchObject({
    sort: 'moved',
    address: { chat: '-42' },
    to: { platform: 'telegram', chat: '-10042' },
  });
  expect(inGroup({ text: undefined, migrate_from_chat_id: -42 })).toBeUndefined();
});

test('somebody asks to be let in', () => {
  const request = { chat: group, from: olga, user_chat_id: 1001, date: 1 };
  expect(read({ chat_join_request: { ...request, invite_link: { invite_link: 'https://t.me/+abc' } } })).toMatchObject({
    sort: 'join-asked',
    account: 'telegram:1001',
    address: { chat: '-1001234567890' },
    link: 'https://t.me/+abc',
  });
  expect(read({ chat_join_request: request })).not.toHaveProperty('link');
});

test.each<[string, unknown]>([
  ['nothing', undefined],
  ['null', null],
  ['a list', []],
  ['words', '/status'],
  ['no number', { message: { message_id: 1 } }],
  ['a message of another shape', { update_id: 1, message: { message_id: 'x', chat: 5, text: {} } }],
  ['a prototype', JSON.parse('{"update_id":1,"__proto__":{"message":{"message_id":1}}}')],
  ['a kind of tomorrow', { update_id: 1, hologram: {} }],
])('no update at all: %s', (_, body) => {
  expect(readUpdate(body, US)).toBeUndefined();
});
