import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { HttpError, webhookCallback } from 'grammy';
import type { Update } from 'grammy/types';
import { expect, test } from 'vitest';
import { ASSUMPTIONS } from './telegram/assumptions.ts';
import { botFor, closing, given, keyboard, refusalOf } from './telegram/given.ts';
import type { TelegramPeer } from './telegram/peer.ts';

/** The Telegram peer, spoken to by grammY over real sockets: what comes to the bot, and what fails on the way. */

const idsOf = (updates: readonly Update[]) => updates.map(({ update_id }) => update_id);
const until = (peer: TelegramPeer, polls: number) => peer.waitFor(() => peer.callsOf('getUpdates').length >= polls);

test('a command comes by the long poll, is answered, pressed, edited and answered again', async () => {
  const { peer, olga } = await given();
  const bot = botFor(peer);
  bot.command('start', (ctx) => ctx.reply(`hello ${ctx.match}`, { reply_markup: keyboard('Accept', 'token-1') }));
  bot.on('callback_query:data', async (ctx) => {
    await ctx.editMessageText(`accepted: ${ctx.callbackQuery.data}`);
    await ctx.answerCallbackQuery({ text: 'Done.', show_alert: true });
  });
  const running = bot.start();
  olga.start('abc_123');
  const first = await peer.waitFor(() => peer.fromBot(olga.private)[0]);
  expect(first).toMatchObject({ text: 'hello abc_123', keyboard: [[{ text: 'Accept' }]] });
  const query = olga.press(first, 'Accept');
  await peer.waitFor(() => peer.answersTo(query)[0]);
  expect(peer.shown(first)).toMatchObject({ text: 'accepted: token-1', keyboard: [], edited: true });
  expect(peer.edits(first).map(({ text }) => text)).toEqual(['hello abc_123', 'accepted: token-1']);
  expect(peer.answersTo(query)).toMatchObject([{ text: 'Done.', alert: true }]);
  expect(() => olga.press(first, 'Accept')).toThrow('no button');
  await bot.stop();
  await running;
});

test('an update is confirmed by a later offset only, and comes again when it is asked for', async () => {
  const { peer, api, olga } = await given();
  olga.start();
  olga.say(olga.private, 'two');
  const both = await api.getUpdates();
  expect(both.map((update) => update.message?.text)).toEqual(['/start', 'two']);
  expect(idsOf(await api.getUpdates())).toEqual(idsOf(both));
  expect(idsOf(await api.getUpdates({ limit: 1 }))).toEqual(idsOf(both).slice(0, 1));
  const [, second] = idsOf(both);
  expect(idsOf(await api.getUpdates({ offset: second ?? 0 }))).toEqual([second]);
  expect(await api.getUpdates({ offset: (second ?? 0) + 1 })).toEqual([]);
  expect(peer.pending()).toEqual([]);
  peer.redeliver(second ?? 0);
  expect(idsOf(await api.getUpdates({ offset: (second ?? 0) + 1 }))).toEqual([second]);
});

test('updates come out of order and with ids that jump back', async () => {
  const { peer, api, olga } = await given();
  olga.start();
  peer.hold();
  for (const text of ['one', 'two']) olga.say(olga.private, text);
  expect(await api.getUpdates()).toHaveLength(1);
  peer.release((updates) => updates.toReversed());
  const texts = (await api.getUpdates()).map((update) => update.message?.text);
  expect(texts).toEqual(['/start', 'two', 'one']);
  await api.getUpdates({ offset: 700_000_004 });
  peer.jump(41);
  olga.say(olga.private, 'after a week');
  expect(await api.getUpdates({ offset: 700_000_100 })).toMatchObject([{ update_id: 41 }]);
});

test('a poll waits, and a second one ends the first with 409', async () => {
  const { peer, api, olga } = await given();
  const first = refusalOf(api.getUpdates({ timeout: 50 }));
  await until(peer, 1);
  const second = api.getUpdates({ timeout: 50 });
  expect(await first).toMatchObject({
    error_code: 409,
    description: expect.stringMatching(/^Conflict: terminated by other/),
  });
  olga.start();
  expect(await second).toMatchObject([{ message: { text: '/start' } }]);
});

test('chat_member comes to those who list it, and to administrators', async () => {
  const { peer, api, olga, pavel } = await given();
  const group = peer.supergroup({ title: 'Product', members: [olga], bot: 'admin' });
  peer.add(group, pavel);
  const kinds = (updates: readonly Update[]) => updates.map((update) => Object.keys(update)[1]);
  expect(kinds(await api.getUpdates())).toEqual(['message']);
  await api.getUpdates({ offset: -1, allowed_updates: ['message', 'chat_member'] });
  peer.remove(group, pavel, olga);
  expect(kinds(await api.getUpdates({ offset: (await api.getUpdates())[0]?.update_id ?? 0 }))).toContain('chat_member');
});

test('a press that is not fetched within minutes is lost, other updates are not', async () => {
  let now = 1_800_000_000_000;
  const { api, olga } = await given({ now: () => now });
  olga.start();
  const sent = await api.sendMessage(olga.id, 'x', { reply_markup: keyboard('ok', '1') });
  olga.press(sent, 'ok');
  expect(await api.getUpdates()).toHaveLength(2);
  now += 150_000;
  expect(await api.getUpdates()).toMatchObject([{ message: { text: '/start' } }]);
});

test('privacy lets through what is said to the bot', async () => {
  const { peer, api, olga } = await given();
  const group = peer.group({ title: 'Service', members: [olga], bot: 'member' });
  const ours = await api.sendMessage(group.id, 'hello');
  const lines = ['just talk', '@baton_bot look', '/status', '/status@Baton_Bot', '/status@other_bot'];
  for (const line of lines) olga.say(group, line);
  olga.say(group, 'a reply', { replyTo: ours });
  olga.say(group, 'through us', { viaBot: true });
  peer.otherBot(group, 'news_bot', 'a headline');
  olga.say(group, '/help');
  const texts = async () => (await api.getUpdates()).map((update) => update.message?.text);
  expect(await texts()).toEqual(['/status', '/status@Baton_Bot', 'a reply', 'through us']);
  peer.addBot(group, olga, { admin: true });
  olga.say(group, 'seen by an administrator');
  expect(await texts()).toContain('seen by an administrator');
});

test('topics, anonymous administrators, forwards', async () => {
  const { peer, api, olga, pavel } = await given({ privacy: false });
  const forum = peer.supergroup({ title: 'Project', members: [olga], topics: ['Votes'], bot: 'member' });
  const topic = forum.topics.Votes ?? 0;
  olga.say(forum, 'here', { topic: 'Votes' });
  olga.say(forum, 'as the group', { asChannel: forum });
  olga.say(forum, 'his words', { forwardedFrom: pavel });
  const [inTopic, anonymous, forward] = (await api.getUpdates()).map(({ message }) => message);
  expect(inTopic).toMatchObject({ message_thread_id: topic, is_topic_message: true, chat: { is_forum: true } });
  expect(anonymous).toMatchObject({ sender_chat: { id: forum.id }, from: { is_bot: true } });
  expect(forward).toMatchObject({ forward_origin: { type: 'user', sender_user: { id: pavel.id } } });
  const sent = await api.sendMessage(forum.id, 'x', { message_thread_id: topic });
  expect(peer.shown(sent).topic).toBe(topic);
  for (const message_thread_id of [1, 999])
    expect((await refusalOf(api.sendMessage(forum.id, 'x', { message_thread_id }))).description).toBe(
      'Bad Request: message thread not found',
    );
});

test('a group that became a supergroup says where it went', async () => {
  const { peer, api, olga } = await given();
  const group = peer.group({ title: 'Service', members: [olga], bot: 'member' });
  const moved = peer.migrate(group);
  expect((await api.getUpdates()).map(({ message }) => message)).toMatchObject([
    { chat: { id: group.id }, migrate_to_chat_id: moved.id },
    { chat: { id: moved.id }, migrate_from_chat_id: group.id },
  ]);
  const refusal = await refusalOf(api.sendMessage(group.id, 'x'));
  expect(refusal).toMatchObject({ error_code: 400, parameters: { migrate_to_chat_id: moved.id } });
  expect(refusal.description).toBe('Bad Request: group chat was upgraded to a supergroup chat');
  await api.sendMessage(moved.id, 'x');
});

test('answers that fail to come: before or after the message was kept', async () => {
  const { peer, api, olga } = await given();
  olga.start();
  const send = (text: string) => api.sendMessage(olga.id, text);
  for (const fault of ['reset-before', 'reset-after', 'html', 'empty'] as const) {
    peer.fault('sendMessage', fault);
    await expect(send(fault)).rejects.toThrow(HttpError);
  }
  expect(peer.fromBot(olga.private).map(({ text }) => text)).toEqual(['reset-after']);
  peer.fault('sendMessage', { status: 502 });
  expect(await refusalOf(send('x'))).toMatchObject({ error_code: 502 });
  peer.fault('*', { retryAfter: 7 });
  expect(await refusalOf(send('x'))).toMatchObject({ error_code: 429, parameters: { retry_after: 7 } });
  peer.fault('sendMessage', { error: 403, description: 'Forbidden: user is deactivated' });
  expect(await refusalOf(send('x'))).toMatchObject({ error_code: 403 });
  await peer.away(true);
  await expect(send('x')).rejects.toThrow(HttpError);
  await peer.away(false);
  await send('back');
  const hung = new AbortController();
  peer.fault('sendMessage', 'hang-after');
  const calls = peer.calls.length;
  const hanging = api.sendMessage(olga.id, 'kept', {}, hung.signal as never);
  await peer.waitFor(() => peer.calls.length > calls && peer.calls.at(-1)?.ok);
  hung.abort();
  await expect(hanging).rejects.toThrow();
  expect(peer.fromBot(olga.private).at(-1)?.text).toBe('kept');
});

test('a webhook gets the secret, and each update until it takes it', async () => {
  const { peer, api, olga } = await given({ webhookPause: 1 });
  const bot = botFor(peer);
  await bot.init();
  const texts: string[] = [];
  bot.on('message:text', (ctx) => void texts.push(ctx.message.text));
  const handle = webhookCallback(bot, 'http', { secretToken: 'secret-1' });
  let failures = 2;
  const server = createServer((request, response) => {
    if (failures-- > 0) return void response.writeHead(500).end();
    void handle(request, response);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  closing.push(async () => server.close());
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`;
  expect((await refusalOf(api.setWebhook('http://example.org/hook'))).description).toContain('invalid webhook URL');
  const waiting = refusalOf(api.getUpdates({ timeout: 50 }));
  await until(peer, 1);
  await api.setWebhook(url, { secret_token: 'secret-1' });
  expect((await waiting).description).toBe('Conflict: terminated by setWebhook request');
  expect(await refusalOf(api.getUpdates())).toMatchObject({ error_code: 409 });
  olga.start();
  olga.say(olga.private, 'two');
  await peer.waitFor(() => peer.pending().length === 0);
  expect(texts).toEqual(['/start', 'two']);
  expect(peer.deliveries.map(({ status }) => status)).toEqual([500, 500, 200, 200]);
  expect(await api.getWebhookInfo()).toMatchObject({ url, pending_update_count: 0 });
  await api.setWebhook(url, { secret_token: 'another' });
  olga.say(olga.private, 'three');
  await peer.waitFor(() => peer.deliveries.at(-1)?.status === 401);
  await api.deleteWebhook();
  expect(await api.getUpdates()).toMatchObject([{ message: { text: 'three' } }]);
});

test('a huge answer is one, and who waits in vain is told for what', async () => {
  const { peer, api } = await given();
  peer.fault('getMe', 'huge');
  expect(JSON.stringify(await api.getMe()).length).toBeGreaterThan(10_000_000);
  await expect(peer.waitFor(() => peer.callsOf('sendMessage')[0], 1)).rejects.toThrow('did not happen');
});

test('the peer says what it takes for granted, and where from', () => {
  for (const { what, source } of ASSUMPTIONS) {
    expect(what).toMatch(/^[A-Z`].*\.$/);
    expect(['server source', 'types', 'documentation', 'second-hand', 'our choice', 'not modelled']).toContain(source);
  }
  expect(new Set(ASSUMPTIONS.map(({ what }) => what)).size).toBe(ASSUMPTIONS.length);
});
