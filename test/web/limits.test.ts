import { createHmac } from 'node:crypto';
import { Server } from 'node:http';
import { connect } from 'node:net';
import { expect, onTestFinished, test, vi } from 'vitest';
import { createWebhook } from '../../adapters/slack/webhook.ts';
import type { WebhookRequest, WebhookResponse } from '../../src/ports.ts';
import { createConnections } from '../../src/web/connections.ts';
import { addressOf, createLimits, proxiesOf } from '../../src/web/limits.ts';
import { listen } from '../../src/web/server.ts';
import { ask } from './demo.ts';

/** How much one address may ask of the public ways in. */

const from = (remoteAddress: string, said?: string) => ({
  socket: { remoteAddress },
  headers: said === undefined ? {} : { 'x-forwarded-for': said },
});
const nobody = () => false;
const atHome = proxiesOf('https://baton.example.org', undefined);

test.each([
  ['the peer', from('203.0.113.7'), nobody, '203.0.113.7'],
  ['an IPv4 peer in IPv6', from('::ffff:203.0.113.7'), nobody, '203.0.113.7'],
  ['the network of an IPv6 peer', from('2001:db8:1:2:3:4:5:6'), nobody, '2001:db8:1:2::/64'],
  ['the same network, written otherwise', from('2001:0DB8:0001:2::9'), nobody, '2001:db8:1:2::/64'],
  ['a short one', from('2001:db8::9'), nobody, '2001:db8:0:0::/64'],
  ['nobody on this machine', from('127.0.0.1'), nobody, undefined],
  ['nobody on this machine', from('::1'), nobody, undefined],
  ['the peer, whatever it says of others', from('203.0.113.7', '198.51.100.1'), atHome, '203.0.113.7'],
  ['nobody on this machine, whatever it says, where no proxy is', from('127.0.0.1', '198.51.100.1'), nobody, undefined],
  ['whom the proxy names', from('127.0.0.1', '198.51.100.1'), atHome, '198.51.100.1'],
  ['whom it names last: the rest anybody may have written', from('::1', '127.0.0.1, 10.0.0.1, 198.51.100.1'), atHome, '198.51.100.1'],
  ['the network that the proxy names', from('127.0.0.1', '2001:db8:1:2::5'), atHome, '2001:db8:1:2::/64'],
  ['nobody whom the proxy does not name', from('127.0.0.1'), atHome, undefined],
  ['whom it names, with a port', from('127.0.0.1', '198.51.100.1:4711'), atHome, '198.51.100.1'],
  ['whom it names, in IPv6 with a port', from('127.0.0.1', '[2001:db8:1:2::5]:4711'), atHome, '2001:db8:1:2::/64'],
  ['whom it names, in brackets', from('127.0.0.1', '[2001:db8:1:2::5]'), atHome, '2001:db8:1:2::/64'],
  ['whom it names, an IPv4 one in IPv6', from('127.0.0.1', '[::ffff:198.51.100.1]:4711'), atHome, '198.51.100.1'],
  ['no words', from('127.0.0.1', 'x'.repeat(200)), atHome, undefined],
  ['whom a proxy that is named names', from('172.30.84.1', '198.51.100.1'), proxiesOf(undefined, '10.0.0.9, 172.30.84.1'), '198.51.100.1'],
  ['a peer that is no proxy', from('172.30.84.2', '198.51.100.1'), proxiesOf(undefined, '172.30.84.1'), '172.30.84.2'],
  ['the loopback, where we speak http ourselves', from('127.0.0.1', '198.51.100.1'), proxiesOf('http://127.0.0.1:8080', undefined), undefined],
] as const)('who asks: %s', (_name, asking, proxies, wanted) => {
  expect(addressOf(asking, proxies)).toBe(wanted);
}); // biome-ignore format: a table

function given() {
  const clock = { now: 0 };
  const limits = createLimits(nobody, () => clock.now);
  /** How many of so many are listened to. */
  const times = (address: string, n: number, then: 'refused' | 'verified' | undefined, isWebhook = false): number => {
    let listened = 0;
    for (let each = 0; each < n; each += 1) {
      const admitted = limits.admit(from(address), isWebhook);
      if (admitted === undefined) continue;
      listened += 1;
      if (then !== undefined) admitted[then]();
    }
    return listened;
  };
  return { clock, limits, times };
}

test('refusals are dear, answers are cheap, and both come back with time', () => {
  const { clock, times } = given();
  expect(times('203.0.113.7', 1_000, 'refused')).toBe(60);
  expect(times('203.0.113.7', 10, undefined)).toBe(0);
  expect(times('203.0.113.8', 2_000, undefined)).toBe(1_500);
  clock.now += 1_000;
  expect(times('203.0.113.7', 1_000, undefined)).toBe(50);
  clock.now += 60_000;
  expect(times('203.0.113.7', 1_000, 'refused')).toBe(60);
  expect(times('203.0.113.7', 10, undefined, true)).toBe(0);
});

test('what is rightly signed is never refused, and neither is its address on account of others', () => {
  const { clock, times } = given();
  // 200 a second for ten minutes.
  for (let second = 0; second < 600; second += 1) {
    expect(times('203.0.113.7', 200, 'verified', true)).toBe(200);
    clock.now += 1_000;
  }
  // Strangers make the platform send what is not for us: the platform is listened to all the same.
  expect(times('203.0.113.7', 5_000, 'refused', true)).toBe(5_000);
  expect(times('203.0.113.7', 200, 'verified', true)).toBe(200);
  // For webhooks alone: whoever reads pages from there is somebody else.
  expect(times('203.0.113.7', 5_000, undefined)).toBeLessThan(1_501);
  clock.now += 3_600_001;
  expect(times('203.0.113.7', 5_000, 'refused', true)).toBe(60);
});

test('no more addresses are remembered than there is room for', () => {
  const { limits, times } = given();
  times('203.0.113.7', 1_000, 'refused');
  for (let n = 0; n < 30_000; n += 1) limits.admit(from(`10.${n >> 16}.${(n >> 8) & 255}.${n & 255}`), false);
  expect(limits.size()).toBe(10_000);
});

const SECRET = 'the-signing-secret-of-the-test';
const NOW = 1_790_000_000;

/** A server with one webhook, one probe and pages, behind a proxy on this machine. */
async function serving() {
  const clock = { now: 0 };
  let read = 0;
  const slack = createWebhook({
    signingSecret: SECRET,
    clock: { now: () => NOW * 1_000 },
    way: () => ({ take: async () => ({ is: 'ack' }), settle: async () => undefined }),
  });
  const server = await listen({
    host: '127.0.0.1',
    port: 0,
    limits: createLimits(atHome, () => clock.now),
    fetch: () => (request) => new Response('page\n', { status: new URL(request.url).pathname === '/' ? 200 : 404 }),
    probes: new Map([['/healthz', async () => ({ status: 200, body: 'well\n' })]]),
    webhooks: new Map([
      [
        '/slack/events',
        (request: WebhookRequest): Promise<WebhookResponse> => {
          read += 1;
          return slack(request);
        },
      ],
    ]),
  });
  onTestFinished(() => server.close());
  const origin = `http://127.0.0.1:${server.port}`;
  const to = (address: string, path: string, secret?: string, body = '{"type":"event_callback"}') => {
    const hash = createHmac('sha256', secret ?? '').update(`v0:${NOW}:${body}`);
    const signed = { 'x-slack-request-timestamp': String(NOW), 'x-slack-signature': `v0=${hash.digest('hex')}` };
    const headers = { 'x-forwarded-for': address, 'content-type': 'application/json' };
    return path === '/slack/events'
      ? ask(origin, path, { method: 'POST', headers: secret === undefined ? headers : { ...headers, ...signed }, body })
      : ask(origin, path, { headers });
  };
  /** What becomes of so many requests, in a row. */
  const statuses = async (n: number, ...what: Parameters<typeof to>) => {
    const all: number[] = [];
    for (let each = 0; each < n; each += 1) all.push((await to(...what)).status);
    return [...new Set(all)].map((status) => [status, all.filter((each) => each === status).length]);
  };
  return { clock, origin, to, statuses, read: () => read };
}

test.each([
  ['/elsewhere', undefined, '{}', 404],
  ['/slack/events', undefined, '{}', 401],
  ['/slack/events', 'another-secret', '{}', 401],
  ['/slack/events', undefined, 'ssl_check=1', 200],
] as const)('guessing at %s (%s, %s): %d times enough, then not even read, on any way in', async (path, secret, body, status) => {
  const { clock, to, statuses, read } = await serving();
  expect(await statuses(70, '203.0.113.7', path, secret, body)).toEqual([[status, 60], [429, 10]]);
  expect(read()).toBe(path === '/slack/events' ? 60 : 0);
  for (const way of ['/', '/healthz', '/slack/events'])
    expect(await to('203.0.113.7', way)).toMatchObject({ status: 429, headers: { 'retry-after': '60', connection: 'close' } });
  expect(await statuses(1, '203.0.113.8', '/')).toEqual([[200, 1]]);
  clock.now += 60_000;
  expect(await statuses(1, '203.0.113.7', '/')).toEqual([[200, 1]]);
}); // biome-ignore format: long lines

test('a platform goes on, though strangers have it send us what is not ours', async () => {
  const { statuses } = await serving();
  expect(await statuses(1, '203.0.113.7', '/slack/events', SECRET)).toEqual([[200, 1]]);
  expect(await statuses(100, '203.0.113.7', '/slack/events', 'another-secret')).toEqual([[401, 100]]);
  expect(await statuses(100, '203.0.113.7', '/slack/events', SECRET)).toEqual([[200, 100]]);
});

test('the server holds nobody’s slow, many or endless requests', async () => {
  const listening = vi.spyOn(Server.prototype, 'listen');
  onTestFinished(() => void vi.restoreAllMocks());
  await serving();
  expect(listening.mock.contexts).toMatchObject([
    {
      headersTimeout: 5_000,
      requestTimeout: 10_000,
      keepAliveTimeout: 5_000,
      maxHeadersCount: 100,
      maxConnections: 1_000,
      maxRequestsPerSocket: 1_000,
    },
  ]);
});

function connected() {
  const clock = { now: 0 };
  const cut: number[] = [];
  const connections = createConnections({ most: 10, eachAddress: 3, grace: 500, steady: () => clock.now });
  /** So many are opened, one after another; the last ones' numbers. */
  let last = 0;
  const sockets = new Map<number, { destroy(): void }>();
  const opened = (n: number, address: string | undefined): number[] =>
    Array.from({ length: n }, () => {
      const number = ++last;
      const socket = { destroy: () => void cut.push(number) };
      sockets.set(number, socket);
      connections.opened(socket, address);
      return number;
    });
  const of = (number: number) => sockets.get(number) ?? { destroy: () => undefined };
  return { clock, cut, connections, opened, of };
}

test('of one address only a few connections may stand open without a word, and each has a moment to speak', () => {
  const { clock, cut, connections, opened, of } = connected();
  opened(5, '203.0.113.7');
  opened(1, '203.0.113.8');
  expect(cut).toEqual([]);
  // The second one asks, and is through; the third does so by halves.
  connections.asked(of(2), { complete: true });
  connections.asked(of(3), { complete: false });
  clock.now += 500;
  opened(1, '203.0.113.7');
  expect(cut).toEqual([1, 3]);
  opened(1, undefined);
  connections.closed(of(4));
  clock.now += 500;
  opened(1, '203.0.113.7');
  expect(cut).toEqual([1, 3]);
});

test('before there is no room the one that waits longest goes, and never one that is being answered', () => {
  const { cut, connections, opened, of } = connected();
  const [first = 0, second = 0] = opened(2, '203.0.113.1');
  const request = { complete: true };
  connections.asked(of(first), request);
  connections.asked(of(second), request);
  opened(8, undefined);
  connections.answered(of(second), request);
  // What was answered a moment ago waits for less long than others, but this machine's own go last.
  opened(1, '203.0.113.2');
  expect(cut).toEqual([second]);
  opened(2, '203.0.113.3');
  expect(cut).toEqual([second, 11, 12]);
  for (let number = 1; number <= 13; number += 1) connections.asked(of(number), request);
  opened(1, '203.0.113.4');
  expect(cut).toEqual([second, 11, 12, 14]);
  // For this machine there is room beyond.
  opened(1, undefined);
  expect(cut).toEqual([second, 11, 12, 14]);
});

test('half a minute of a stranger’s sockets: whoever looks from this machine is answered', async () => {
  let strangers = 0;
  let isStranger = true;
  const limits = createLimits(nobody, () => 0);
  const server = await listen({
    host: '127.0.0.1',
    port: 0,
    limits: {
      ...limits,
      addressOf: () => {
        if (!isStranger) return undefined;
        strangers += 1;
        return `203.0.113.${strangers % 7}`;
      },
    },
    fetch: () => () => new Response('page\n'),
    probes: new Map([['/healthz', async () => ({ status: 200, body: 'well\n' })]]),
  });
  const held = Array.from({ length: 1_000 }, () => connect(server.port, '127.0.0.1').on('error', () => undefined));
  onTestFinished(async () => {
    for (const socket of held) socket.destroy();
    await server.close();
  });
  for (const socket of held) socket.write('GET / HTTP/1.1\r\nHost: baton.example.org\r\n');
  await vi.waitFor(() => expect(strangers).toBe(1_000), 10_000);
  isStranger = false;
  for (let each = 0; each < 3; each += 1)
    expect(await ask(`http://127.0.0.1:${server.port}`, '/healthz')).toMatchObject({ status: 200, text: 'well\n' });
});
