import { createHmac } from 'node:crypto';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createGithub } from '../../adapters/github/index.ts';
import { collect, openRig, type Rig } from './github-rig.ts';

let rig: Rig;
beforeEach(async () => {
  rig = await openRig();
  await rig.start();
});
afterEach(() => rig.stop());

const BODY = Buffer.from('{"action":"opened","x":"é"}');
const sign = (body: Buffer, secret = rig.peer.webhookSecret): string =>
  `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`;
const headers = (more: Readonly<Record<string, string | string[] | undefined>> = {}) => ({
  'content-type': 'application/json',
  'x-github-event': 'issues',
  'x-github-delivery': 'd-1',
  'x-hub-signature-256': sign(BODY),
  ...more,
});
const statusOf = async (more: Parameters<typeof headers>[0], body = BODY): Promise<number> =>
  (await rig.github.webhook.handle({ headers: headers(more), body })).status;

test('what is signed is stored as it came, before it is confirmed', async () => {
  expect(await statusOf({})).toBe(202);
  expect([...rig.stored]).toEqual([['github:d-1', { name: 'issues', payload: { action: 'opened', x: 'é' } }]]);
});

test.each<[string, Readonly<Record<string, string | string[] | undefined>>, number]>([
  ['no signature', { 'x-hub-signature-256': undefined }, 401],
  ['an empty signature', { 'x-hub-signature-256': '' }, 401],
  ['another one', { 'x-hub-signature-256': `sha256=${'0'.repeat(64)}` }, 401],
  ['two signatures', { 'x-hub-signature-256': ['a', 'b'] }, 401],
  ['the old kind of signature', { 'x-hub-signature-256': undefined, 'x-hub-signature': 'sha1=00' }, 401],
  ['a form', { 'content-type': 'application/x-www-form-urlencoded' }, 415],
  ['no delivery', { 'x-github-delivery': undefined }, 400],
  ['an odd delivery', { 'x-github-delivery': '../x' }, 400],
  ['no event', { 'x-github-event': undefined }, 400],
])('%s is refused', async (_, more, status) => {
  expect(await statusOf(more)).toBe(status);
  expect(rig.stored.size).toBe(0);
});

test('one byte changed, another secret, nothing at all', async () => {
  expect(await statusOf({}, Buffer.from('{"action":"opened","x":"e"}'))).toBe(401);
  expect(await statusOf({ 'x-hub-signature-256': sign(BODY, 'another') })).toBe(401);
  expect(await statusOf({ 'x-hub-signature-256': sign(Buffer.alloc(0)) }, Buffer.alloc(0))).toBe(401);
  const broken = Buffer.from([0x7b, 0xff, 0x7d]);
  expect(await statusOf({ 'x-hub-signature-256': sign(broken) }, broken)).toBe(401);
  const none = Buffer.from('"text"');
  expect(await statusOf({ 'x-hub-signature-256': sign(none) }, none)).toBe(400);
  expect(rig.stored.size).toBe(0);
});

test('without room it is not confirmed; a greeting is not kept', async () => {
  rig.isFull = true;
  expect(await statusOf({})).toBe(503);
  expect(await statusOf({ 'x-github-event': 'ping' })).toBe(200);
  expect(rig.stored.size).toBe(0);
});

test('nothing is taken after the end, and nothing without a secret', async () => {
  const bare = createGithub({
    token: 'x',
    apiUrl: rig.peer.apiUrl,
    repositories: [],
    clock: rig.clock,
    log: collect([]),
  });
  expect(
    (await bare.webhook.handle({ headers: headers({ 'x-hub-signature-256': sign(BODY, '') }), body: BODY })).status,
  ).toBe(401);
  expect(() =>
    createGithub({ token: 'x', webhookSecret: '', repositories: [], clock: rig.clock, log: collect([]) }),
  ).toThrow();
  await rig.github.stop();
  expect(await statusOf({})).toBe(503);
});

test('what did not reach us is fetched, once, under the same name', async () => {
  const { peer } = rig;
  const repo = peer.repo('example/grid');
  const olga = peer.user('olga');
  peer.hooks.plan = ({ action }) => (action === 'closed' ? 'drop' : 'send');
  const issue = peer.open(repo, olga, { title: 'Lost' });
  peer.turn(repo, issue, olga, 'closed');
  await peer.hooks.settled();
  expect([...rig.stored.values()]).toHaveLength(1);
  await waitFor(() => rig.pauses.length > 0);
  rig.pauses.at(-1)?.end();
  await waitFor(() => rig.stored.size === 2 && rig.pauses.length > 1);
  const [, lost] = peer.hooks.deliveries;
  expect(rig.github.read(rig.stored.get(`github:${lost?.guid}`))).toMatchObject([{ of: { open: false } }]);
  rig.pauses.at(-1)?.end();
  await waitFor(() => rig.pauses.length > 2);
  expect(peer.count('GET /app/hook/deliveries/{id}')).toBe(1);
  expect(rig.pauses.at(-1)?.milliseconds).toBe(300_000);
});

test('a sweep that finds no room comes again soon, and after an outage too', async () => {
  const { peer } = rig;
  await waitFor(() => rig.pauses.length === 1);
  peer.hooks.plan = () => 'drop';
  peer.open(peer.repo('example/grid'), peer.user('olga'), { title: 'Lost' });
  rig.isFull = true;
  rig.pauses[0]?.end();
  await waitFor(() => rig.pauses.length === 2);
  expect(rig.pauses[1]?.milliseconds).toBe(10_000);
  rig.isFull = false;
  await peer.away(true);
  rig.pauses[1]?.end();
  await waitFor(() => rig.pauses.length === 3);
  expect(rig.github.state()).toMatchObject({ is: 'away' });
  await peer.away(false);
  rig.pauses[2]?.end();
  await waitFor(() => rig.stored.size === 1 && rig.pauses.length === 4);
  expect(rig.github.state()).toEqual({ is: 'connected', line: 'GitHub: connected as baton[bot].' });
});

test('failures over several pages are all fetched; those of last week are not', async () => {
  const { peer } = rig;
  peer.hooks.plan = () => 'drop';
  const repo = peer.repo('example/grid');
  peer.open(repo, peer.user('olga'), { title: 'Old' });
  rig.clock.at += 4 * 24 * 3_600_000;
  for (let count = 0; count < 130; count += 1) peer.open(repo, peer.user('olga'), { title: `Lost ${count}` });
  await waitFor(() => rig.pauses.length === 1);
  rig.pauses[0]?.end();
  await waitFor(() => rig.pauses.length === 2);
  expect(rig.stored.size).toBe(130);
});

async function waitFor(check: () => boolean): Promise<void> {
  await vi.waitFor(() => expect(check()).toBe(true), { timeout: 10_000 });
}
