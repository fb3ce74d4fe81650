import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { afterEach, expect, test, vi } from 'vitest';
import { createTelegram } from '../../adapters/telegram/index.ts';
import type { ChatAdapter, WebhookResponse } from '../../src/ports.ts';
import { createRig, type Rig } from './telegram-rig.ts';

/** The way in by webhook, before the peer. */

const SECRET = 'a-Secret_of-the-tests';
let rig: Rig | undefined;
let server: Server | undefined;
afterEach(async () => {
  await rig?.close();
  server?.closeAllConnections();
  server?.close();
  rig = undefined;
  server = undefined;
});

const call = (
  telegram: ChatAdapter,
  body: string,
  headers: Readonly<Record<string, string | readonly string[] | undefined>> = {
    'x-telegram-bot-api-secret-token': SECRET,
  },
): Promise<WebhookResponse | undefined> =>
  telegram.webhook?.handle({ headers, body: Buffer.from(body) }) ?? Promise.resolve(undefined);
const update = (text: string, id = 5): string =>
  JSON.stringify({
    update_id: id,
    message: { message_id: 1, from: { id: 1, first_name: 'A' }, chat: { id: 1, type: 'private' }, text },
  });

test.each<[string, Readonly<Record<string, string | readonly string[] | undefined>>]>([
  ['no secret', {}],
  ['an empty one', { 'x-telegram-bot-api-secret-token': '' }],
  ['another', { 'x-telegram-bot-api-secret-token': 'other' }],
  ['one letter changed', { 'x-telegram-bot-api-secret-token': `${SECRET.slice(0, -1)}S` }],
  ['one more', { 'x-telegram-bot-api-secret-token': `${SECRET}x` }],
  ['it twice', { 'x-telegram-bot-api-secret-token': [SECRET, SECRET] }],
  ['under another name', { 'x-hub-signature-256': SECRET }],
])('refused: %s', async (_, headers) => {
  rig = await createRig({}, { webhookSecret: SECRET });
  rig.telegram.start(rig.inbox);
  expect(await call(rig.telegram, update('/status'), headers)).toMatchObject({ status: 401 });
  expect(rig.inbox.bodies.size).toBe(0);
});

test('confirmed once it is stored, and only then', async () => {
  rig = await createRig({}, { webhookSecret: SECRET });
  const { telegram, inbox } = rig;
  expect(await call(telegram, update('/status'))).toMatchObject({ status: 503 });
  telegram.start(inbox);
  expect(await call(telegram, update('/status'))).toEqual({ status: 200 });
  expect(await call(telegram, update('/status'))).toEqual({ status: 200 });
  expect([...inbox.bodies.keys()]).toEqual([expect.stringMatching(/^telegram:\d+:5$/)]);
  inbox.before = async () => 'full';
  expect(await call(telegram, update('/status', 6))).toMatchObject({ status: 503 });
  inbox.before = async () => {
    throw new Error('disk');
  };
  expect(await call(telegram, update('/status', 6))).toMatchObject({ status: 503 });
  expect(inbox.bodies.size).toBe(1);
  await telegram.stop();
  expect(await call(telegram, update('/status', 7))).toMatchObject({ status: 503 });
});

test.each(['', 'no JSON', '[]', 'null', '{}', '{"update_id":"5"}', '{"update_id":-1}', '{"update_id":1.5}'])(
  'no update: %j',
  async (body) => {
    rig = await createRig({}, { webhookSecret: SECRET });
    rig.telegram.start(rig.inbox);
    expect(await call(rig.telegram, body)).toMatchObject({ status: 400 });
  },
);

test('a command by our name waits until the name is known; another does not', async () => {
  rig = await createRig({}, { webhookSecret: SECRET });
  const { telegram, inbox, peer } = rig;
  peer.fault('getMe', { error: 500, description: 'Internal Server Error' });
  rig.holds = () => true;
  telegram.start(inbox);
  await vi.waitFor(() => expect(telegram.state().is).toBe('away'));
  expect(await call(telegram, update('/status@baton_bot', 6))).toMatchObject({ status: 503 });
  expect(await call(telegram, update('/status', 7))).toEqual({ status: 200 });
  rig.waits[0]?.end();
  await vi.waitFor(() => expect(telegram.state().is).toBe('connected'));
  expect(await call(telegram, update('/status@baton_bot', 6))).toEqual({ status: 200 });
  const stored = [...inbox.bodies].find(([id]) => id.endsWith(':6'))?.[1];
  expect(telegram.read(stored)).toMatchObject({ text: '/status' });
  expect(rig.another().read(stored)).toMatchObject({ text: '/status' });
});

test('Telegram is told where to call, and what it then brings is stored', async () => {
  let telegram: ChatAdapter | undefined;
  server = createServer((request, response) => {
    void buffer(request)
      .then((body) => telegram?.webhook?.handle({ headers: request.headers, body }))
      .then((answer) => response.writeHead(answer?.status ?? 500).end(answer?.body));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  rig = await createRig({ webhookPause: 1 }, { webhookSecret: SECRET, publicUrl: `http://127.0.0.1:${port}/` });
  const { inbox, peer } = rig;
  telegram = rig.telegram;
  const olga = peer.user({ id: 1001, first_name: 'Olga' });
  const room = peer.group({ title: 'Room', members: [olga], bot: 'admin' });
  telegram.start(inbox);
  await vi.waitFor(() => expect(telegram?.state()).toEqual({ is: 'connected', line: 'Telegram: @baton_bot, webhook' }));
  expect(peer.callsOf('setWebhook')[0]?.params).toMatchObject({
    url: `http://127.0.0.1:${port}/webhooks/telegram`,
    secret_token: SECRET,
    allowed_updates: expect.arrayContaining(['chat_member', 'chat_join_request']),
  });
  const answers: ('stored' | 'full')[] = ['full', 'stored'];
  inbox.before = async () => answers.shift() ?? 'stored';
  olga.say(room, '/status');
  await vi.waitFor(() => expect(inbox.bodies.size).toBe(1));
  await peer.waitFor(() => peer.deliveries.length === 2 || undefined);
  expect(peer.deliveries.map(({ status }) => status)).toEqual([503, 200]);
  expect(peer.callsOf('getUpdates')).toEqual([]);
});

test('without a public address it says what is missing', async () => {
  rig = await createRig({}, { webhookSecret: SECRET });
  rig.telegram.start(rig.inbox);
  await vi.waitFor(() => expect(rig?.telegram.state().is).toBe('connected'));
  expect(rig.telegram.state().line).toContain('TELEGRAM_WEBHOOK_SECRET needs BATON_URL');
  expect(rig.peer.callsOf('setWebhook')).toEqual([]);
});

test('without a secret there is no such way in', () => {
  const log = { info: () => undefined, warn: () => undefined, fault: () => '' };
  expect(createTelegram({ token: '1:x', clock: { now: Date.now }, log }).webhook).toBeUndefined();
});
