import { expect, test } from 'vitest';
import { botFor, given, keyboard, refusalOf } from './given.ts';

/** The Telegram peer, spoken to by grammY over real sockets: what the bot does, and what it is refused. */

test('a token that is not ours, and methods and paths that are none', async () => {
  const { peer, api } = await given();
  expect(await refusalOf(botFor(peer, '1:wrong').api.getMe())).toMatchObject({
    error_code: 401,
    description: 'Unauthorized',
  });
  expect(await refusalOf(api.getUserProfilePhotos(1))).toMatchObject({ error_code: 404 });
  expect((await fetch(`${peer.root}/elsewhere`)).status).toBe(404);
  expect(await api.getMe()).toMatchObject({ username: 'baton_bot', can_read_all_group_messages: false });
});

test('nobody is written to who did not start, or who blocked the bot, or threw it out', async () => {
  const { peer, api, olga } = await given();
  expect(await refusalOf(api.sendMessage(4711, 'x'))).toMatchObject({ description: 'Bad Request: chat not found' });
  expect(await refusalOf(api.sendMessage(olga.id, 'x'))).toMatchObject({
    error_code: 403,
    description: "Forbidden: bot can't initiate conversation with a user",
  });
  olga.start();
  await api.sendMessage(String(olga.id), 'hello');
  expect(olga.block().my_chat_member?.new_chat_member.status).toBe('kicked');
  expect(await refusalOf(api.sendMessage(olga.id, 'x'))).toMatchObject({
    error_code: 403,
    description: 'Forbidden: bot was blocked by the user',
  });
  olga.unblock();
  await api.sendMessage(olga.id, 'again');
  const group = peer.group({ title: 'Service', members: [olga] });
  expect(peer.addBot(group, olga).my_chat_member?.new_chat_member.status).toBe('member');
  await api.sendMessage(group.id, 'hello');
  peer.removeBot(group, olga);
  expect(await refusalOf(api.sendMessage(group.id, 'x'))).toMatchObject({
    error_code: 403,
    description: 'Forbidden: bot was kicked from the group chat',
  });
});

test('texts, entities, keyboards and answers are held to the limits', async () => {
  const { api, olga } = await given();
  olga.start();
  const send = (text: string, other: Parameters<typeof api.sendMessage>[2] = {}) =>
    api.sendMessage(olga.id, text, other);
  await send('x'.repeat(4096));
  expect((await refusalOf(send('x'.repeat(4097)))).description).toBe('Bad Request: message is too long');
  expect((await refusalOf(send('  \n'))).description).toBe('Bad Request: message text is empty');
  const bold = (offset: number, length: number) => ({ entities: [{ type: 'bold' as const, offset, length }] });
  expect((await send('🚀 go', bold(3, 2))).entities).toEqual([{ type: 'bold', offset: 3, length: 2 }]);
  expect((await refusalOf(send('🚀 go', bold(3, 3)))).description).toContain('ENTITY_BOUNDS_INVALID');
  expect((await refusalOf(send('🚀 go', bold(1, 3)))).description).toContain('UTF-16');
  expect((await refusalOf(send('<b>x</b>', { parse_mode: 'HTML' }))).error_code).toBe(400);
  await send('x', { reply_markup: keyboard('ok', 'ä'.repeat(32)) });
  const long = await refusalOf(send('x', { reply_markup: keyboard('ok', 'ä'.repeat(33)) }));
  expect(long.description).toBe('Bad Request: BUTTON_DATA_INVALID');
  expect((await refusalOf(api.raw.sendMessage({ chat_id: olga.id, text: 7 as never }))).description).toContain(
    'String',
  );
});

test('an edit that changes nothing is refused, and so is one of what is not ours', async () => {
  const { peer, api, olga } = await given();
  const start = olga.start();
  const sent = await api.sendMessage(olga.id, 'one', { reply_markup: keyboard('ok', '1') });
  const edit = (text: string, reply_markup?: ReturnType<typeof keyboard>) =>
    api.editMessageText(olga.id, sent.message_id, text, reply_markup === undefined ? {} : { reply_markup });
  expect((await refusalOf(edit('one', keyboard('ok', '1')))).description).toMatch(
    /^Bad Request: message is not modified/,
  );
  await edit('one');
  expect(peer.shown(sent).keyboard).toEqual([]);
  await api.editMessageReplyMarkup(olga.id, sent.message_id, { reply_markup: keyboard('ok', '2') });
  await api.deleteMessage(olga.id, sent.message_id);
  expect((await refusalOf(edit('two'))).description).toBe('Bad Request: message to edit not found');
  expect((await refusalOf(api.editMessageText(olga.id, start.message_id, 'x'))).description).toBe(
    "Bad Request: message can't be edited",
  );
});

test('a button is answered once and soon', async () => {
  let now = 1_800_000_000_000;
  const { peer, api, olga } = await given({ now: () => now, queryLife: 1000 });
  olga.start();
  const sent = await api.sendMessage(olga.id, 'x', { reply_markup: keyboard('ok', '1') });
  const query = olga.press(sent, 'ok').callback_query?.id ?? '';
  expect((await refusalOf(api.answerCallbackQuery(query, { text: 'x'.repeat(201) }))).error_code).toBe(400);
  await api.answerCallbackQuery(query);
  const late = olga.press(sent, 'ok').callback_query?.id ?? '';
  now += 1001;
  for (const id of [query, late])
    expect((await refusalOf(api.answerCallbackQuery(id))).description).toMatch(/^Bad Request: query is too old/);
  expect(peer.answersTo(late)).toEqual([]);
});

test('an ephemeral message is for one person, after they did something or from an administrator', async () => {
  const { peer, api, olga, pavel } = await given();
  const group = peer.supergroup({ title: 'Product', members: [olga, pavel], bot: 'member' });
  const board = await api.sendMessage(group.id, 'board', { reply_markup: keyboard('ok', '1') });
  const only = (callback_query_id?: string) => ({
    ephemeral_message_parameters: { receiver_user_id: olga.id, ...(callback_query_id && { callback_query_id }) },
  });
  expect((await refusalOf(api.sendMessage(group.id, 'psst', only()))).error_code).toBe(400);
  const query = olga.press(board, 'ok').callback_query?.id ?? '';
  const sent = await api.sendMessage(group.id, 'psst', { ...only(query), reply_markup: keyboard('go', '2') });
  expect(sent).toMatchObject({ message_id: 0, ephemeral_message_id: 1 });
  expect(peer.shown(sent)).toMatchObject({ visibleTo: olga.id, text: 'psst' });
  expect(peer.notified(sent)).toEqual({ mentioned: [], sounded: [olga.id] });
  expect(() => pavel.press(sent, 'go')).toThrow("can't see");
  await api.raw.editEphemeralMessageText({
    chat_id: group.id,
    receiver_user_id: olga.id,
    ephemeral_message_id: 1,
    text: 'later',
  });
  expect(peer.shown(sent).text).toBe('later');
  peer.addBot(group, olga, { admin: true });
  await api.sendMessage(group.id, 'any time', only());
  peer.ephemeral('refused');
  expect((await refusalOf(api.sendMessage(group.id, 'psst', only()))).error_code).toBe(400);
  peer.ephemeral('ignored');
  expect((await api.sendMessage(group.id, 'for all to see', only())).message_id).toBeGreaterThan(0);
});

test('whom a message notifies', async () => {
  const { peer, api, olga, pavel } = await given();
  const group = peer.group({ title: 'Service', members: [olga, pavel], bot: 'member' });
  const entities = [{ type: 'code' as const, offset: 0, length: 9 }];
  const told = async (text: string, other: Parameters<typeof api.sendMessage>[2] = {}) =>
    peer.notified(await api.sendMessage(group.id, text, other));
  const all = [olga.id, pavel.id];
  expect(await told('@olga_ops look')).toEqual({ mentioned: [olga.id], sounded: all });
  expect(await told('@olga_ops look', { entities })).toEqual({ mentioned: [], sounded: all });
  expect(await told('quiet', { disable_notification: true })).toEqual({ mentioned: [], sounded: [] });
  const link = { type: 'text_link' as const, offset: 0, length: 5, url: `tg://user?id=${pavel.id}` };
  expect(await told('Pavel look', { entities: [link] })).toEqual({ mentioned: [pavel.id], sounded: all });
});

test('invite links, join requests and rights', async () => {
  const { peer, api, olga, pavel } = await given();
  const group = peer.supergroup({ title: 'Handover', members: [olga], bot: 'member' });
  expect((await refusalOf(api.createChatInviteLink(group.id))).description).toContain('not enough rights');
  peer.addBot(group, olga, { admin: true });
  const both = refusalOf(api.createChatInviteLink(group.id, { member_limit: 1, creates_join_request: true }));
  expect((await both).description).toContain("member limit can't be specified");
  const asking = await api.createChatInviteLink(group.id, { creates_join_request: true, name: 'for Pavel' });
  const request = pavel.requestToJoin(asking.invite_link).chat_join_request;
  expect(request).toMatchObject({ from: { id: pavel.id }, invite_link: { name: 'for Pavel' } });
  await api.approveChatJoinRequest(group.id, pavel.id);
  expect(await api.getChatMember(group.id, pavel.id)).toMatchObject({ status: 'member' });
  expect((await refusalOf(api.declineChatJoinRequest(group.id, pavel.id))).description).toContain('USER_ALREADY');
  const once = await api.createChatInviteLink(group.id, { member_limit: 1 });
  const third = peer.user({ id: 1003, first_name: 'Third' });
  third.follow(once.invite_link);
  expect(() => peer.user({ id: 1004, first_name: 'Fourth' }).follow(once.invite_link)).toThrow('used up');
  expect((await api.getChatAdministrators(group.id)).map(({ user }) => user.id)).toEqual([olga.id, peer.bot.id]);
});

test('menus by scope', async () => {
  const { peer, api, olga } = await given();
  olga.start();
  const commands = [{ command: 'status', description: 'Where things stand.' }];
  await api.setMyCommands(commands, { scope: { type: 'chat', chat_id: olga.id } });
  expect(peer.menu(`chat:${olga.id}`)).toEqual(commands);
  expect(await api.getMyCommands()).toEqual([]);
  const wrong = [{ command: 'Status', description: 'x' }];
  expect((await refusalOf(api.setMyCommands(wrong))).description).toContain('BOT_COMMAND_INVALID');
  await api.deleteMyCommands({ scope: { type: 'chat', chat_id: olga.id } });
  expect(peer.menu(`chat:${olga.id}`)).toEqual([]);
});

test('too fast is counted, and refused where that is asked for', async () => {
  const { peer, api, olga } = await given({ now: () => 1_800_000_000_000 });
  olga.start();
  for (const text of ['1', '2', '3']) await api.sendMessage(olga.id, text);
  expect(peer.breaches).toEqual([]);
  await api.sendMessage(olga.id, '4');
  expect(peer.breaches).toMatchObject([{ limit: 'chat', chat: olga.id }]);
  peer.limit(true);
  expect(await refusalOf(api.sendMessage(olga.id, '5'))).toMatchObject({
    error_code: 429,
    parameters: { retry_after: 1 },
  });
  expect(peer.fromBot(olga.private)).toHaveLength(4);
});

test('pinning, deleting and going are a matter of rights', async () => {
  const { peer, api, olga } = await given();
  const group = peer.supergroup({ title: 'Product', members: [olga], bot: 'member' });
  const sent = await api.sendMessage(group.id, 'board');
  const words = olga.say(group, 'her words');
  expect((await refusalOf(api.pinChatMessage(group.id, sent.message_id))).description).toContain('not enough rights');
  expect((await refusalOf(api.deleteMessage(group.id, words.message_id))).description).toContain("can't be deleted");
  peer.addBot(group, olga, { admin: true });
  await api.pinChatMessage(group.id, sent.message_id);
  expect(peer.shown(sent).pinned).toBe(true);
  await api.deleteMessage(group.id, words.message_id);
  expect(peer.shown(words).deleted).toBe(true);
  await api.sendChatAction(group.id, 'typing');
  await api.leaveChat(group.id);
  expect(await refusalOf(api.getChat(group.id))).toMatchObject({
    error_code: 403,
    description: 'Forbidden: bot is not a member of the supergroup chat',
  });
});
