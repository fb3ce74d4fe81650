import { createHmac } from 'node:crypto';
import { expect, test } from 'vitest';
import type { Ack } from '../../adapters/slack/desk.ts';
import { createWebhook } from '../../adapters/slack/webhook.ts';

const SECRET = 'signing-secret';
const NOW = 1_700_000_000;

function open(ack: Ack = { is: 'ack' }) {
  const taken: unknown[] = [];
  const take = async (body: unknown) => {
    taken.push(body);
    return ack;
  };
  const way = { take, settle: async () => {} };
  const handle = createWebhook({ signingSecret: SECRET, clock: { now: () => NOW * 1_000 + 999 }, way: () => way });
  return { taken, handle };
}
const sign = (body: string, at = NOW, secret = SECRET) =>
  `v0=${createHmac('sha256', secret).update(`v0:${at}:${body}`).digest('hex')}`;
const request = (body: string, headers: Record<string, string | string[] | undefined> = {}) => ({
  body: Buffer.from(body),
  headers: {
    'content-type': 'application/json',
    'x-slack-request-timestamp': String(NOW),
    'x-slack-signature': sign(body),
    ...headers,
  },
});
const at = (seconds: number, body: string) => ({
  'x-slack-request-timestamp': String(NOW + seconds),
  'x-slack-signature': sign(body, NOW + seconds),
});
const BODY = '{"type":"event_callback"}';

test.each([
  ['as it should be', BODY, {}, 200],
  ['no signature', BODY, { 'x-slack-signature': undefined }, 401],
  ['an empty signature', BODY, { 'x-slack-signature': '' }, 401],
  ['another secret', BODY, { 'x-slack-signature': sign(BODY, NOW, 'other') }, 401],
  ['one byte changed', BODY.replace('event', 'evenT'), { 'x-slack-signature': sign(BODY) }, 401],
  ['the signature in capitals', BODY, { 'x-slack-signature': sign(BODY).toUpperCase() }, 401],
  ['two signatures', BODY, { 'x-slack-signature': [sign(BODY), sign(BODY)] }, 401],
  ['another provider’s signature', BODY, { 'x-slack-signature': undefined, 'x-hub-signature-256': sign(BODY) }, 401],
  ['no time', BODY, { 'x-slack-request-timestamp': undefined }, 401],
  ['a time that is none', BODY, { 'x-slack-request-timestamp': '1e9' }, 401],
  ['300 s old', BODY, at(-300, BODY), 200],
  ['301 s old', BODY, at(-301, BODY), 401],
  ['300 s in the future', BODY, at(300, BODY), 200],
  ['301 s in the future', BODY, at(301, BODY), 401],
  ['an hour in the future', BODY, at(3_600, BODY), 401],
  ['no JSON', '{"type":', {}, 400],
  ['a form with broken JSON', 'payload=%7B', { 'content-type': 'application/x-www-form-urlencoded' }, 400],
])('%s', async (_what, body, headers, status) => {
  const { handle, taken } = open();
  expect((await handle(request(body, headers))).status).toBe(status);
  expect(taken).toHaveLength(status === 200 ? 1 : 0);
});

test('a certificate check and nothing near it goes unsigned', async () => {
  const { handle, taken } = open();
  const unsigned = { 'content-type': 'application/x-www-form-urlencoded', 'x-slack-signature': undefined };
  expect((await handle(request('ssl_check=1&token=x', unsigned))).status).toBe(200);
  for (const body of ['ssl_check=10', 'ssl_check=1&ssl_check=1', 'text=ssl_check%3D1', 'x_ssl_check=1'])
    expect((await handle(request(body, unsigned))).status).toBe(401);
  expect(taken).toEqual([]);
});

test('the challenge is repeated, and only when signed', async () => {
  const { handle } = open();
  const body = '{"type":"url_verification","challenge":"3eZb"}';
  expect(await handle(request(body))).toMatchObject({ status: 200, body: '3eZb' });
  expect((await handle(request(body, { 'x-slack-signature': undefined }))).status).toBe(401);
});

test('forms are commands, a payload in a form is an interaction', async () => {
  const { handle, taken } = open({ is: 'ack', payload: { text: 'Done.' } });
  const form = { 'content-type': 'application/x-www-form-urlencoded' };
  const answer = await handle(request('command=%2Fbaton&text=a+b&__proto__=x', form));
  expect(answer).toMatchObject({
    status: 200,
    type: expect.stringContaining('application/json'),
    body: '{"text":"Done."}',
  });
  await handle(request(`payload=${encodeURIComponent('{"type":"block_actions"}')}`, form));
  expect(taken).toMatchObject([{ command: '/baton', text: 'a b' }, { type: 'block_actions' }]);
  expect(Object.prototype).not.toHaveProperty('x');
});

test('what can not be stored comes again, and so does what comes before the start', async () => {
  expect((await open({ is: 'full' }).handle(request(BODY))).status).toBe(503);
  const closed = createWebhook({ signingSecret: SECRET, clock: { now: () => NOW * 1_000 }, way: () => undefined });
  expect((await closed(request(BODY))).status).toBe(503);
  expect(() => createWebhook({ signingSecret: '', clock: { now: () => 0 }, way: () => undefined })).toThrow();
});
