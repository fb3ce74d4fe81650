import { afterEach, beforeEach, expect, test } from 'vitest';
import { createGitea, type GiteaOptions } from '../../adapters/gitea/index.ts';
import { ASSUMPTIONS } from '../peers/gitea/assumptions.ts';
import { createGiteaPeer, type Fault, type GiteaPeer, type Repository } from '../peers/gitea/peer.ts';
import { ASSUMPTIONS as OF_MAIL } from '../peers/smtp/assumptions.ts';

/** Documents before a Gitea: found, dated, never read; and what is not on the list is never asked after. */

const CANARY = 'canary-7f3a-password=hunter2';
const NOW = Date.parse('2026-03-02T09:00:00Z');

let peer: GiteaPeer;
let docs: Repository;
let logged: string[] = [];
beforeEach(async () => {
  peer = await createGiteaPeer();
  logged = [];
  docs = peer.repository({ name: 'Grid/docs', wiki: { Home: CANARY, 'How-To': CANARY } });
  peer.commit(
    docs,
    { 'README.md': CANARY, 'guide/a b.md': CANARY, 'guide/deep/x.md': CANARY },
    '2026-01-05T10:00:00Z',
    CANARY,
  );
  peer.commit(docs, { 'README.md': `${CANARY} 2` }, '2026-02-05T10:00:00+02:00', CANARY);
  const mixed = peer.repository({ name: 'grid/mixed' });
  peer.commit(mixed, { 'docs/a.md': CANARY, 'keys/k.txt': CANARY, 'docsx/a.md': CANARY }, '2026-01-01T00:00:00Z');
  const keys = peer.repository({ name: 'grid/keys', isVisible: false });
  peer.commit(keys, { 'root.txt': CANARY }, '2026-01-01T00:00:00Z');
});
afterEach(() => peer.close());

function gitea(more: Partial<GiteaOptions> = {}) {
  const keep = (message: string, details?: unknown): void => void logged.push(`${message} ${JSON.stringify(details)}`);
  return createGitea({
    url: peer.url,
    token: peer.token,
    allow: ['grid/docs', 'grid/mixed/docs'],
    forbidden: ['grid/keys'],
    clock: { now: () => NOW },
    log: {
      info: keep,
      warn: keep,
      fault: (message, error) => {
        keep(message, String(error));
        return 'f00';
      },
    },
    ...more,
  });
}

test.each<[string, number, string | undefined]>([
  ['/grid/docs', 200, '2026-02-05T08:00:00Z'],
  ['/Grid/Docs/', 200, '2026-02-05T08:00:00Z'],
  ['/grid/docs/src/branch/main', 200, '2026-02-05T08:00:00Z'],
  ['/grid/docs/src/branch/main/README.md', 200, '2026-02-05T08:00:00Z'],
  ['/grid/docs/src/branch/main/README.md?display=source#L3', 200, '2026-02-05T08:00:00Z'],
  ['/grid/docs/src/branch/main/guide/a%20b.md', 200, '2026-01-05T10:00:00Z'],
  ['/grid/docs/src/branch/main/guide/deep', 200, '2026-01-05T10:00:00Z'],
  ['/grid/docs/src/commit/0000000000000000000000000000000000000001/guide/deep/x.md', 200, '2026-01-05T10:00:00Z'],
  ['/grid/docs/src/branch/main/readme.md', 404, undefined],
  ['/grid/docs/src/branch/main/README.md/x', 404, undefined],
  ['/grid/docs/src/branch/gone/README.md', 404, undefined],
  ['/grid/docs/wiki', 200, '2026-02-01T08:00:00Z'],
  ['/grid/docs/wiki/How-To', 200, '2026-02-01T08:00:00Z'],
  ['/grid/docs/wiki/Nothing', 404, undefined],
  ['/grid/mixed/src/branch/main/docs', 200, '2026-01-01T00:00:00Z'],
  ['/grid/mixed/src/branch/main/docs/a.md', 200, '2026-01-01T00:00:00Z'],
  ['/grid/mixed/src/branch/main/docs/b.md', 404, undefined],
])('%s is %i', async (path, status, changed) => {
  const documents = gitea();
  expect(documents.covers(`${peer.url}${path}`)).toBe(true);
  expect(await documents.look(`${peer.url}${path}`)).toEqual(
    changed === undefined ? { status } : { status, changedAt: Date.parse(changed) },
  );
  expect(peer.calls.length).toBeGreaterThan(0);
  for (const call of peer.calls) {
    expect(call.authorization).toBe(`token ${peer.token}`);
    expect(JSON.stringify([call.path, call.query])).not.toContain(peer.token);
    expect(call.path).not.toContain('keys');
  }
});

test('no answer to a page, a wiki or a folder holds what is in it', async () => {
  const documents = gitea();
  for (const path of ['README.md', 'guide', 'guide/a%20b.md'])
    await documents.look(`${peer.url}/grid/docs/src/branch/main/${path}`);
  await documents.look(`${peer.url}/grid/docs/wiki/How-To`);
  await documents.look(`${peer.url}/grid/mixed/src/branch/main/docs`);
  expect(peer.calls.filter(({ hasContent }) => hasContent)).toEqual([]);
  expect(peer.calls.map(({ path }) => path)).not.toContainEqual(expect.stringMatching(/mixed\/contents$/));
});

test('a page that was taken away is gone, although commits still name it', async () => {
  peer.commit(docs, { 'README.md': null }, '2026-02-20T10:00:00Z');
  expect(await gitea().look(`${peer.url}/grid/docs/src/branch/main/README.md`)).toEqual({ status: 404 });
});

test('a date in the future is no later than now; an empty repository has none', async () => {
  peer.commit(docs, { 'late.md': 'x' }, '2031-01-01T00:00:00Z');
  expect(await gitea().look(`${peer.url}/grid/docs/src/branch/main/late.md`)).toEqual({ status: 200, changedAt: NOW });
  peer.repository({ name: 'grid/empty' });
  expect(await gitea({ allow: ['grid/empty'] }).look(`${peer.url}/grid/empty`)).toEqual({ status: 200 });
});

test.each([
  '/grid/keys',
  '/grid/keys/src/branch/main/root.txt',
  '/grid/mixed',
  '/grid/mixed/wiki',
  '/grid/mixed/src/branch/main',
  '/grid/mixed/src/branch/main/keys/k.txt',
  '/grid/mixed/src/branch/main/docsx/a.md',
  '/grid/mixed/src/branch/main/Docs/a.md',
  '/grid/mixed/src/branch/main/docs/../keys/k.txt',
  '/grid/mixed/src/branch/main/docs/%2e%2e/keys/k.txt',
  '/grid/mixed/src/branch/main/docs/%252e%252e/keys/k.txt',
  '/grid/mixed/src/branch/main/docs%2f..%2fkeys/k.txt',
  '/grid/mixed/src/branch/main/docs/..%2fkeys/k.txt',
  '/grid/mixed/src/branch/main/docs/..%5ckeys/k.txt',
  '/grid/mixed/src/branch/main/docs\\..\\keys/k.txt',
  '/grid/mixed/src/branch/main/docs//a.md',
  '/grid/mixed/src/branch/docs/a.md',
  '/grid/docs/../keys/src/branch/main/root.txt',
  '/grid%2fdocs',
  '/grid/doc\u017f',
  '/grid/docs.git',
  '/grid/docs/raw/branch/main/README.md',
  '/grid/docs/settings',
  '/grid/docs/wiki/_new',
  '/grid/docs/wiki/%00',
  '/grid/docs/src/branch/main/%E0%A4%A',
  '/user/settings',
  '/api/v1/repos/grid/docs/contents/README.md',
  '',
])('never asked after: %s', async (path) => {
  const documents = gitea();
  expect(documents.covers(`${peer.url}${path}`)).toBe(false);
  expect(await documents.look(`${peer.url}${path}`)).toEqual({ status: 0 });
  expect(peer.calls).toEqual([]);
});

test('never asked after: another host, another port, another scheme, a name before the host', async () => {
  const documents = gitea();
  const { port } = new URL(peer.url);
  for (const url of [
    `http://localhost:${port}/gitea/grid/docs`,
    `http://127.0.0.1:1${port}/gitea/grid/docs`,
    `https://127.0.0.1:${port}/gitea/grid/docs`,
    `http://127.0.0.1:${port}/grid/docs`,
    `http://127.0.0.1:${port}/giteax/grid/docs`,
    `http://a:b@127.0.0.1:${port}/gitea/grid/docs`,
    `http://127.0.0.1:${port}@evil.example/gitea/grid/docs`,
    'grid/docs',
    'javascript:1',
  ]) {
    expect(documents.covers(url), url).toBe(false);
    expect(await documents.look(url), url).toEqual({ status: 0 });
  }
  expect(peer.calls).toEqual([]);
});

test('a redirect is not followed', async () => {
  peer.repository({ name: 'grid/old', movedTo: 'grid/mixed' });
  expect(await gitea({ allow: ['grid/old'] }).look(`${peer.url}/grid/old`)).toEqual({ status: 0 });
  expect(peer.calls).toHaveLength(1);
});

test.each<[string, Fault, number]>([
  ['away', { status: 502, body: '<html>' }, 502],
  ['reset', 'reset', 0],
  ['HTML', { status: 200, body: `<html>${CANARY}` }, 404],
  ['wrong JSON', { status: 200, body: `[${CANARY}` }, 404],
  ['a file instead of a folder', { status: 200, body: JSON.stringify({ content: CANARY }) }, 404],
  ['odd entries', { status: 200, body: JSON.stringify([null, 1, CANARY, { name: 7 }]) }, 404],
  ['nothing', { status: 200, body: '' }, 404],
  ['not with this token', { status: 401, body: CANARY }, 401],
])('%s', async (_, fault, status) => {
  peer.fault('contents', fault);
  const documents = gitea();
  const url = `${peer.url}/grid/docs/src/branch/main/README.md`;
  expect(await documents.look(url)).toEqual({ status });
  expect(logged.join('\n')).not.toContain(CANARY);
  expect((await documents.look(url)).status).toBe(200);
});

test('asked to wait, it waits', async () => {
  let now = NOW;
  const documents = gitea({ clock: { now: () => now } });
  peer.fault('contents', { status: 429, headers: { 'retry-after': '30' } });
  const url = `${peer.url}/grid/docs/src/branch/main/README.md`;
  expect(await documents.look(url)).toEqual({ status: 429 });
  expect(await documents.look(url)).toEqual({ status: 0 });
  expect(peer.calls).toHaveLength(1);
  now += 30_000;
  expect(await documents.look(url)).toMatchObject({ status: 200 });
});

test('blind where it must be: it may start', async () => {
  expect(await gitea().proveBlindness()).toBeUndefined();
  peer.readsUser(false);
  expect(await gitea().proveBlindness()).toBeUndefined();
  expect(peer.calls.filter(({ hasContent }) => hasContent)).toEqual([]);
});

test('what it can see keeps it from starting', async () => {
  const keys = peer.repository({ name: 'grid/keys', isVisible: true });
  expect((await gitea().proveBlindness())?.why).toContain('can see grid/keys, which is forbidden');
  keys.isVisible = false;
  peer.repository({ name: 'other/thing' });
  expect((await gitea().proveBlindness())?.why).toContain('can see other/thing, which is not on the allow-list');
  peer.readsUser(false);
  expect(await gitea().proveBlindness()).toBeUndefined();
  peer.repository({ name: 'grid/keys', isVisible: false, isPublic: true });
  expect((await gitea().proveBlindness())?.why).toContain('can see grid/keys');
});

const failing = (path: string, fault: Fault) => (given: GiteaPeer) => {
  given.fault(path, fault, 9);
  return {};
};

test.each<[string, (given: GiteaPeer) => Partial<GiteaOptions>]>([
  ['a token that is not taken', () => ({ token: 'another0123456789' })],
  ['no token', () => ({ token: '' })],
  ['a token that is none', () => ({ token: `${CANARY}\nx` })],
  ['an address where there is none', ({ url }) => ({ url: url.replace('/gitea', '/other') })],
  ['nobody there', () => ({ url: 'http://127.0.0.1:1' })],
  ['no address', () => ({ url: CANARY })],
  ['a pattern', () => ({ allow: ['grid/*'] })],
  ['a step up', () => ({ allow: ['grid/mixed/docs/../keys'] })],
  ['an owner alone', () => ({ allow: ['grid'] })],
  ['a part of a repository forbidden', () => ({ forbidden: ['grid/mixed/keys'] })],
  ['both allowed and forbidden', () => ({ forbidden: ['GRID/Docs'] })],
  ['an odd answer', failing('repos/grid/keys', { status: 500 })],
  ['a page of a proxy', failing('repos/grid/keys', { status: 200, body: '<html>away</html>' })],
  ['a reset', failing('repos/grid/keys', 'reset')],
  ['an odd list', failing('user/repos', { status: 200, body: '[{"id":1}]' })],
  ['no list', failing('user/repos', { status: 200, body: '{}' })],
  [
    'a redirect',
    (given) => {
      given.repository({ name: 'grid/keys', movedTo: 'grid/docs' });
      return {};
    },
  ],
])('not proved, so it does not start: %s', async (_, more) => {
  const documents = gitea(more(peer));
  const why = await documents.proveBlindness();
  expect(why?.is === 'seen' ? '' : why?.why).toMatch(/^could not prove that credentials can not be seen: /);
  const findings = await documents.check();
  expect(findings.some(({ ok }) => !ok)).toBe(true);
  expect(JSON.stringify([why, findings, logged])).not.toContain(CANARY);
});

test('the check says what can be seen', async () => {
  expect(await gitea({ webhookSecret: 'x' }).check()).toEqual([
    { ok: true, what: 'Gitea answers' },
    { ok: true, what: 'grid/docs can be seen' },
    { ok: true, what: 'grid/mixed can be seen' },
    { ok: true, what: 'what is forbidden can not be seen' },
  ]);
  docs.isVisible = false;
  expect(await gitea().check()).toContainEqual({
    ok: false,
    what: 'grid/docs can not be seen (404)',
    remedy: 'make the bot’s user a reader of it',
  });
});

test('a canary in files, a wiki and commits is in nothing that comes out', async () => {
  const keys = peer.repository({ name: 'grid/keys', isVisible: true, files: { 'root.txt': CANARY } });
  const documents = gitea({ allow: ['grid/docs', 'grid/mixed'] });
  const out: unknown[] = [];
  const paths = ['grid/docs', 'grid/mixed', 'grid/keys'].flatMap((name) => [
    `/${name}`,
    ...['wiki', 'wiki/How-To'].map((page) => `/${name}/${page}`),
    ...['README.md', 'guide', 'keys/k.txt', 'root.txt', 'README.md/x'].map(
      (file) => `/${name}/src/branch/main/${file}`,
    ),
  ]);
  for (const path of paths) out.push(await documents.look(`${peer.url}${path}`).catch(String));
  out.push(await documents.proveBlindness(), await documents.check());
  peer.fault('contents', { status: 500, body: CANARY }, 2);
  out.push(await documents.look(`${peer.url}/grid/docs/src/branch/main/README.md`));
  keys.isVisible = false;
  const written = JSON.stringify([out, logged]);
  expect(written).not.toContain(CANARY);
  expect(written).not.toContain(Buffer.from(CANARY).toString('base64').slice(0, 20));
  expect(written).not.toContain(peer.token);
  expect(peer.calls.filter(({ hasContent }) => hasContent)).toEqual([]);
});

test('what the peers take for granted is written down', () => {
  for (const list of [ASSUMPTIONS, OF_MAIL]) {
    for (const { what } of list) expect(what).toMatch(/^[A-Z`].*\.$/);
    expect(new Set(list.map(({ what }) => what)).size).toBe(list.length);
  }
});
