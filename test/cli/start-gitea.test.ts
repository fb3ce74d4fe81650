import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createGiteaPeer } from '../peers/gitea/peer.ts';
import { ask, createFolder, runBaton, startBot, stopAll } from '../web/demo.ts';

/** With Gitea connected: a start that proves what the token can not see, and documents that are looked for there. */

let folder: ReturnType<typeof createFolder>;
let peer: Awaited<ReturnType<typeof createGiteaPeer>>;
beforeEach(async () => {
  folder = createFolder();
  peer = await createGiteaPeer();
  writeFileSync(
    join(folder.path, 'org.yaml'),
    `organisation: A
timezone: Europe/Brussels
people: [{ id: olga, roles: [ops, bizdev] }]
gitea: { documents: [infra/docs], forbidden: [infra/secrets] }
`,
  );
});
afterEach(async () => {
  stopAll();
  await peer.close();
  folder.remove();
});

const environment = () => ({ BATON_ORG: 'org.yaml', GITEA_URL: peer.url, GITEA_TOKEN: peer.token, PORT: '0' });

test('a token that sees a forbidden repository starts nothing', async () => {
  peer.repository({ name: 'infra/docs', isVisible: true, files: { 'a.md': 'x' } });
  peer.repository({ name: 'infra/secrets', isVisible: true, files: { 'keys.md': 'canary-of-a-secret' } });
  const { code, stdout, stderr } = await runBaton(folder.path, environment(), 'start');
  expect(code).toBe(2);
  expect(stdout).toBe('');
  expect(stderr.trim().split('\n')).toEqual([expect.stringMatching(/^baton: Gitea: .*infra\/secrets/)]);
  expect(stderr).not.toMatch(/canary|f00dcafe/);
});

test('one that does not see it starts', async () => {
  peer.repository({ name: 'infra/docs', isVisible: true, files: { 'a.md': 'x' } });
  peer.repository({ name: 'infra/secrets', isVisible: false, files: { 'keys.md': 'canary-of-a-secret' } });
  const bot = await startBot(folder.path, environment());
  expect(bot.said()).toContain('On their embedded defaults: issues, planning, mail and the store.');
  await bot.stop();
});

test('a push that touches a linked page has it looked at anew, and nothing but a signed push does', async () => {
  const docs = peer.repository({ name: 'infra/docs', isVisible: true, files: { 'a.md': 'x', 'b.md': 'y' } });
  peer.repository({ name: 'infra/secrets', isVisible: false });
  const settings = { ...environment(), GITEA_WEBHOOK_SECRET: peer.secret };
  const bot = await startBot(folder.path, settings);
  const url = `${peer.url}/infra/docs/src/branch/main/a.md`;
  const say = (text: string) => runBaton(folder.path, settings, 'say', '--as', 'olga', text);
  expect((await say('/propose service A service')).code).toBe(0);
  expect(await say(`/docs SVC-1 ${url}`)).toMatchObject({ code: 0, stdout: expect.stringContaining('Documentation') });
  const asked = () => peer.calls.filter(({ path }) => path.includes('/contents')).length;
  const send = ({ headers, body }: ReturnType<typeof peer.delivery>, more = {}) =>
    ask(bot.origin, '/webhooks/gitea', {
      method: 'POST',
      headers: { ...headers, 'content-type': 'application/json', ...more },
      body: body.toString(),
    });
  const other = peer.delivery(docs, peer.commit(docs, { 'b.md': 'z' }, '2026-01-01T00:00:00Z'));
  const gone = peer.delivery(docs, peer.commit(docs, { 'a.md': null }, '2026-01-01T00:00:00Z'));
  const before = asked();
  expect((await send(gone, { 'x-gitea-signature': '0'.repeat(64) })).status).toBe(401);
  expect((await send(other)).status).toBe(202);
  expect((await send(gone)).status).toBe(202);
  await vi.waitFor(() => expect(statusIn(join(folder.path, 'data/baton.db'), url)).toBe(404), 5_000);
  expect(asked()).toBe(before + 1);
  await bot.stop();
}, 30_000);

function statusIn(path: string, url: string): number | undefined {
  const db = new Sqlite(path, { readonly: true });
  try {
    const data = db.prepare<[string], string>('SELECT data FROM mirrors WHERE key = ?').pluck().get(`probe:${url}`);
    return data === undefined ? undefined : (JSON.parse(data) as { status: number }).status;
  } finally {
    db.close();
  }
}

const speak = (settings: Record<string, string>) => (text: string) =>
  runBaton(folder.path, settings, 'say', '--as', 'olga', text);

test.each([
  ['refused connection', 'http://127.0.0.1:1'],
  ['a bad gateway', undefined],
])(
  'a Gitea that is away keeps nothing from starting, and nothing is asked of it: %s',
  async (_, url) => {
    peer.repository({ name: 'infra/docs', isVisible: true, files: { 'a.md': 'x' } });
    peer.fault('version', { status: 502, body: '<html>bad gateway</html>' }, 9);
    const settings = { ...environment(), ...(url === undefined ? {} : { GITEA_URL: url }) };
    const bot = await startBot(folder.path, settings);
    await vi.waitFor(() => expect(bot.said()).toMatch(/Gitea is not verified .* tried again/), 5_000);
    const say = speak(settings);
    expect((await say('/propose service A service')).code).toBe(0);
    const told = await say(`/docs SVC-1 ${settings.GITEA_URL}/infra/docs/src/branch/main/a.md`);
    expect(told.code).not.toBe(0);
    expect(`${told.stdout}${told.stderr}`).toContain('not verified, because Gitea is away');
    expect(peer.calls.filter(({ path }) => !path.endsWith('/version'))).toEqual([]);
    expect((await ask(bot.origin, '/settings', {})).text).toMatch(/look here<\/span> Gitea is not verified/);
    await bot.stop();
  },
  30_000,
);

test('a page of Gitea that is not on the list is not asked at all', async () => {
  peer.repository({ name: 'infra/docs', isVisible: true, files: { 'a.md': 'x' } });
  peer.repository({ name: 'infra/secrets', isVisible: false });
  const { host } = new URL(peer.url);
  const file = join(folder.path, 'org.yaml');
  writeFileSync(file, `${readFileSync(file, 'utf8')}link_hosts: ["${host}"]\n`);
  const bot = await startBot(folder.path, environment());
  const say = speak(environment());
  expect((await say('/propose service A service')).code).toBe(0);
  const before = peer.calls.length;
  const told = await say(`/docs SVC-1 ${peer.url}/infra/secrets/src/branch/main/keys.md`);
  expect(`${told.stdout}${told.stderr}`).toContain('this repository is not on the list');
  expect(peer.calls.slice(before)).toEqual([]);
  expect((await ask(bot.origin, '/settings', {})).text).not.toContain('it is not used');
  await bot.stop();
}, 30_000);
