import { createHmac } from 'node:crypto';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createGiteaHook } from '../../adapters/gitea/hook.ts';
import type { ForgeIntake } from '../../src/forge-ports.ts';
import { createGiteaPeer, type GiteaPeer, type Repository } from '../peers/gitea/peer.ts';

/** What Gitea tells by webhook. */

const CANARY = 'canary-7f3a-password=hunter2';
const log = { info: () => undefined, warn: () => undefined, fault: () => 'f00' };

let peer: GiteaPeer;
let docs: Repository;
let stored: Map<string, unknown>;
let intake: ForgeIntake | undefined;
beforeEach(async () => {
  peer = await createGiteaPeer();
  docs = peer.repository({ name: 'Grid/docs' });
  stored = new Map();
  intake = {
    receive: async (id, body) => {
      if (!stored.has(id)) stored.set(id, body);
      return 'stored';
    },
  };
});
afterEach(() => peer.close());

const hook = (allow: readonly string[] = ['grid/docs']) =>
  createGiteaHook({ secret: peer.secret, allow, log, intake: () => intake });
const push = (paths: readonly string[] = ['guide/a.md'], repository = docs) =>
  peer.delivery(
    repository,
    peer.commit(repository, Object.fromEntries(paths.map((path) => [path, CANARY])), '2026-01-01T00:00:00Z', CANARY),
  );

test('a push is stored once, without the words of its commits', async () => {
  const { path, handle } = hook();
  expect(path).toBe('/webhooks/gitea');
  const given = push();
  expect(await handle(given)).toMatchObject({ status: 202 });
  expect(await handle(given)).toMatchObject({ status: 202 });
  expect([...stored]).toEqual([
    [
      `gitea:${given.headers['x-gitea-delivery']}`,
      { news: 'pages-changed', repository: 'grid/docs', branch: 'main', paths: ['guide/a.md'] },
    ],
  ]);
  expect(JSON.stringify([...stored])).not.toContain(CANARY);
});

test.each<[string, (headers: Record<string, string>) => Readonly<Record<string, string | readonly string[]>>]>([
  ['no signature', ({ 'x-gitea-signature': _, ...rest }) => rest],
  ['an empty one', (headers) => ({ ...headers, 'x-gitea-signature': '' })],
  [
    'one sign changed',
    (headers) => ({
      ...headers,
      'x-gitea-signature': headers['x-gitea-signature']?.replace(/.$/, (end) => (end === '0' ? '1' : '0')) ?? '',
    }),
  ],
  ['cut off', (headers) => ({ ...headers, 'x-gitea-signature': headers['x-gitea-signature']?.slice(0, 62) ?? '' })],
  ['no hex', (headers) => ({ ...headers, 'x-gitea-signature': 'z'.repeat(64) })],
  ['as GitHub writes it', (headers) => ({ ...headers, 'x-gitea-signature': headers['x-hub-signature-256'] ?? '' })],
  ['twice', (headers) => ({ ...headers, 'x-gitea-signature': [headers['x-gitea-signature'] ?? '', ''] })],
  [
    'of an empty secret',
    (headers) => ({ ...headers, 'x-gitea-signature': createHmac('sha256', '').update('').digest('hex') }),
  ],
])('refused: %s', async (_, change) => {
  const { headers, body } = push();
  expect(await hook().handle({ headers: change({ ...headers }), body })).toMatchObject({ status: 401 });
  expect(stored.size).toBe(0);
});

test('refused: one byte changed, an empty secret, no id', async () => {
  const { headers, body } = push();
  const other = Buffer.from(body);
  other[10] = (other[10] ?? 0) ^ 1;
  expect(await hook().handle({ headers, body: other })).toMatchObject({ status: 401 });
  expect(() => createGiteaHook({ secret: '', allow: [], log, intake: () => intake })).toThrow('not empty');
  expect(await hook().handle({ headers: { ...headers, 'x-gitea-delivery': '' }, body })).toMatchObject({ status: 400 });
  expect(stored.size).toBe(0);
});

test('what is none of our business is dropped', async () => {
  const keys = peer.repository({ name: 'grid/keys' });
  expect(await hook().handle(push(['root.txt'], keys))).toMatchObject({ status: 200 });
  const { headers, body } = push();
  expect(await hook().handle({ headers: { ...headers, 'x-gitea-event': 'issues' }, body })).toMatchObject({
    status: 200,
  });
  expect(stored.size).toBe(0);
  expect(await hook(['grid/docs/guide']).handle(push(['keys/k.txt', 'guide/b.md']))).toMatchObject({ status: 202 });
  expect([...stored.values()]).toMatchObject([{ paths: ['guide/b.md'] }]);
});

test('signed and no push', async () => {
  const { headers } = push();
  for (const words of ['', 'null', '[]', '{}', '{"ref":1}', 'no JSON']) {
    const body = Buffer.from(words);
    const signature = createHmac('sha256', peer.secret).update(body).digest('hex');
    expect(await hook().handle({ headers: { ...headers, 'x-gitea-signature': signature }, body })).toMatchObject({
      status: 400,
    });
  }
});

test('not taken in: it may come again', async () => {
  const given = push();
  const { handle } = hook();
  intake = undefined;
  expect(await handle(given)).toMatchObject({ status: 503 });
  intake = { receive: async () => 'full' };
  expect(await handle(given)).toMatchObject({ status: 503 });
  intake = { receive: () => Promise.reject(new Error(CANARY)) };
  expect(await handle(given)).toEqual({ status: 503, type: 'text/plain', body: 'not stored (f00)' });
});
