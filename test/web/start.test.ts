import { once } from 'node:events';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { ask, createFolder, createVisitor, runBaton, startBot, stopAll } from './demo.ts';

/** How the process begins and ends, and what it refuses to begin with. */

let folder: ReturnType<typeof createFolder>;
beforeEach(() => {
  folder = createFolder();
});
afterEach(() => {
  stopAll();
  folder.remove();
});

const ORGANISATION = `organisation: Example Grid
timezone: Europe/Brussels
people:
  - { id: olga, name: Olga, roles: [ops] }
  - { id: sam, name: Sam, roles: [stakeholder] }
`;
const file = (name: string, text: string): string => {
  writeFileSync(join(folder.path, name), text);
  return name;
};

test.each([
  ['GITHUB_TOKEN', { GITHUB_TOKEN: 'ghp_1' }, 'tokens are set for GitHub, and BATON_ORG is not: '],
  ['a webhook’s secret', { GITHUB_WEBHOOK_SECRET: 'secret' }, 'GITHUB_WEBHOOK_SECRET is set alone: '],
])('the demonstration never runs beside %s', async (_what, environment, words) => {
  const { code, stdout, stderr } = await runBaton(folder.path, environment, 'start');
  expect(code).toBe(2);
  expect(stdout).toBe('');
  expect(stderr).toMatch(new RegExp(`^baton: ${words}.*\\n$`));
});

test('the demonstration never leaves the machine', async () => {
  const { code, stderr } = await runBaton(folder.path, { HOST: '0.0.0.0' }, 'start');
  expect(code).toBe(2);
  expect(stderr).toContain('HOST is 0.0.0.0');
});

test('all that is wrong with the settings is told at once', async () => {
  const { code, stderr } = await runBaton(folder.path, { PORT: 'many', LOG_LEVEL: 'loud', BATON_DBB: 'x' }, 'start');
  expect(code).toBe(2);
  expect(stderr.trim().split('\n')).toHaveLength(3);
});

test('a .env that can not be read is no demonstration', async () => {
  mkdirSync(join(folder.path, '.env'));
  const { code, stderr } = await runBaton(folder.path, {}, 'start');
  expect(code).toBe(2);
  expect(stderr).toContain('.env exists and can not be read (EISDIR)');
});

test('a .env that was not read is no demonstration either', async () => {
  file('.env', 'TELEGRAM_BOT_TOKEN=1:a\nBATON_ORG=org.yaml\n');
  const { code, stderr } = await runBaton(folder.path, {}, 'start');
  expect(code).toBe(2);
  expect(stderr).toContain('.env sets BATON_ORG, TELEGRAM_BOT_TOKEN, and it was not read');
});

test('an organisation’s file with mistakes starts nothing, and all of them are told', async () => {
  const org = file('org.yaml', 'organisation: X\ntimezone: Europe/Brussel\npeople:\n  - { id: olga, role: ops }\n');
  const { code, stdout, stderr } = await runBaton(folder.path, { BATON_ORG: org }, 'start');
  expect(code).toBe(2);
  expect(stdout).toBe('');
  expect(stderr).toMatch(/org\.yaml:2:\d+/);
  expect(stderr).toMatch(/org\.yaml:4:\d+/);
});

test('an organisation’s board is read-only until somebody signs in, and nobody is anyone', async () => {
  const org = file('org.yaml', ORGANISATION);
  const bot = await startBot(folder.path, { BATON_ORG: org });
  expect((await ask(bot.origin, '/')).headers.location).toBe('/board');
  for (const path of ['/board', '/tracker', '/mail', '/rules', '/commands', '/settings']) {
    const { status, text } = await ask(bot.origin, path);
    expect(status, path).toBe(200);
    expect(text).not.toMatch(/<form|href="\/console"|href="\/clock"/);
  }
  const headers = { origin: bot.origin, 'content-type': 'application/x-www-form-urlencoded' };
  const body = 'page=x&as=sam&text=x&place=';
  for (const [path, status] of [
    ['/as', 404],
    ['/clock', 404],
    ['/say', 409],
    ['/press', 409],
  ] as const)
    expect((await ask(bot.origin, path, { method: 'POST', headers, body })).status, path).toBe(status);
  const played = await ask(bot.origin, '/console', { headers: { cookie: 'baton_as=sam' } });
  expect(played.headers.location).toBe('/sign-in');
  const { code, stderr } = await bot.stop();
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
});

test('/web gives a link from the shell; the session outlives a restart, and no log or file holds either', async () => {
  const org = file('org.yaml', ORGANISATION);
  const environment = { BATON_ORG: org, BATON_DB: 'one.db', LOG_LEVEL: 'trace' };
  const bot = await startBot(folder.path, environment);
  const { stdout } = await runBaton(folder.path, environment, 'say', '--as', 'sam', '/web');
  const [, link = '', secret = ''] = /(http:\S+)#([\w-]{32})\n/.exec(stdout) ?? [];
  expect(link).toBe(`${bot.origin}/sign-in`);
  const headers = { origin: bot.origin, 'content-type': 'application/x-www-form-urlencoded' };
  const reply = await ask(bot.origin, '/sign-in', { method: 'POST', headers, body: `secret=${secret}` });
  expect(reply.headers.location).toBe('/waiting');
  const cookie = reply.headers['set-cookie']?.[0]?.split(';')[0] ?? '';
  expect(cookie).toMatch(/^baton=/);
  const first = await bot.stop();
  const again = await startBot(folder.path, environment);
  expect((await ask(again.origin, '/waiting', { headers: { cookie } })).text).toContain('You are signed in as Sam');
  const second = await again.stop();
  const token = cookie.split(/[=.]/)[1] ?? '';
  const files = readdirSync(folder.path).filter((name) => name.startsWith('one.db'));
  const kept = [first.stderr, second.stderr, ...files.map((name) => readFileSync(join(folder.path, name), 'latin1'))];
  for (const what of kept) for (const held of [secret, token]) expect(what.includes(held)).toBe(false);
});

test.each([
  [{ HOST: '0.0.0.0' }, 'HOST is 0.0.0.0, and BATON_URL is not set'],
  [{ BATON_URL: 'http://baton.example' }, 'BATON_URL is http://baton.example, and without https'],
])('an organisation is not shown where nobody can sign in safely: %o', async (settings, problem) => {
  const { code, stderr } = await runBaton(
    folder.path,
    { BATON_ORG: file('org.yaml', ORGANISATION), ...settings },
    'start',
  );
  expect(code).toBe(2);
  expect(stderr).toContain(problem);
});

test('behind a public address the pages are closed, and links lead to it', async () => {
  const org = file('org.yaml', ORGANISATION);
  const environment = { BATON_ORG: org, BATON_URL: 'https://baton.example/' };
  const bot = await startBot(folder.path, environment);
  const { stdout } = await runBaton(folder.path, environment, 'say', '--as', 'sam', '/web');
  const secret = /https:\/\/baton\.example\/sign-in#(\S+)/.exec(stdout)?.[1] ?? '';
  expect((await ask(bot.origin, '/board')).headers.location).toBe('/sign-in');
  const reply = await ask(bot.origin, '/sign-in', {
    method: 'POST',
    headers: {
      host: 'baton.example',
      origin: 'https://baton.example',
      'content-type': 'application/x-www-form-urlencoded',
    },
    body: `secret=${secret}`,
  });
  expect(reply.headers['set-cookie']?.[0]).toMatch(/^__Host-baton=.*; Secure; /);
  await bot.stop();
});

test('neither an organisation nor the demonstration takes the other’s database', async () => {
  const org = file('org.yaml', ORGANISATION);
  await (await startBot(folder.path, { BATON_ORG: org, BATON_DB: 'one.db' })).stop();
  const real = await runBaton(folder.path, { BATON_DB: 'one.db' }, 'start', '--reset');
  expect(real.code).toBe(2);
  expect(real.stderr).toContain('one.db belongs to an organisation');
  await (await startBot(folder.path, { BATON_DB: 'two.db' })).stop();
  const demo = await runBaton(folder.path, { BATON_ORG: org, BATON_DB: 'two.db' }, 'start');
  expect(demo.code).toBe(2);
  expect(demo.stderr).toContain("two.db is the demonstration's");
});

test('the demonstration keeps its database and its clock over a restart; --reset begins anew', async () => {
  const bot = await startBot(folder.path);
  const visitor = createVisitor(bot.origin);
  await visitor.be('petra');
  await visitor.say('/story Kept over a restart', 'general');
  await visitor.post('/clock', { move: 'saturday', back: '/clock' });
  expect((await visitor.get('/clock')).text).toMatch(/<p class="now">Sat \d+ \w+ 09:0\d/);
  const first = await bot.stop();
  expect(first.code).toBe(0);

  const again = await startBot(folder.path);
  const later = createVisitor(again.origin);
  await later.be('petra');
  expect((await later.get('/chat/general')).text).toContain('Kept over a restart');
  expect((await later.get('/clock')).text).toMatch(/<p class="now">Sat \d+ \w+ 09:0\d/);
  await again.stop();

  const anew = await startBot(folder.path, {}, '--reset');
  const fresh = createVisitor(anew.origin);
  await fresh.be('petra');
  expect((await fresh.get('/chat/general')).text).not.toContain('Kept over a restart');
  expect((await fresh.get('/clock')).text).toMatch(/<p class="now">Tue \d+ \w+ 10:0\d/);
  expect((await anew.stop()).stderr).toBe('');
});

test('--reset waits for nobody: a second process says who holds the file', async () => {
  const bot = await startBot(folder.path);
  const second = await runBaton(folder.path, {}, 'start', '--reset');
  expect(second.code).toBe(2);
  expect(second.stderr).toMatch(/demo\.db is held by process \d+/);
  expect((await ask(bot.origin, '/health')).status).toBe(200);
  await bot.stop();
});

test('a port that is taken is said in one line, and nothing is left behind', async () => {
  const bot = await startBot(folder.path);
  const { code, stderr } = await runBaton(
    folder.path,
    { PORT: new URL(bot.origin).port, BATON_DB: 'other.db' },
    'start',
  );
  expect(code).toBe(2);
  expect(stderr).toMatch(/can not be listened on .*choose another PORT/);
  await bot.stop();
});

test('baton say reaches the process over a socket that only its owner may use', async () => {
  const bot = await startBot(folder.path);
  const path = join(folder.path, 'data/demo.db.sock');
  expect(statSync(path).mode & 0o777).toBe(0o600);
  const socket = connect(path);
  await once(socket, 'connect');
  const answers = createInterface({ input: socket })[Symbol.asyncIterator]();
  const say = async (line: string): Promise<unknown> => {
    socket.write(`${line}\n`);
    return JSON.parse((await answers.next()).value ?? 'null');
  };
  expect(await say('{"as":"olga","text":"/whoami"}')).toMatchObject({ ok: true, code: 'shown' });
  expect(await say('{"as":"sam","text":"/story From a shell"}')).toMatchObject({ ok: true, code: 'logged' });
  expect(await say('no json')).toMatchObject({ ok: false, code: 'usage' });
  expect(await say('{"as":"olga"}')).toMatchObject({ ok: false, code: 'usage' });
  const visitor = createVisitor(bot.origin);
  await visitor.be('sam');
  expect((await visitor.get('/console')).text).toContain('from the shell');
  await bot.stop();
});

test('an open event stream ends with the process', async () => {
  const bot = await startBot(folder.path);
  const stream = await fetch(`${bot.origin}/events`);
  const reader = stream.body?.getReader();
  await reader?.read();
  const stopped = bot.stop();
  while ((await reader?.read())?.done === false);
  expect((await stopped).code).toBe(0);
});

test('an organisation’s database is backed up by itself, the demonstration’s is not', async () => {
  const org = file('org.yaml', ORGANISATION);
  const backups = join(folder.path, 'kept');
  const demo = await startBot(folder.path, { BATON_BACKUPS: 'kept' });
  const bot = await startBot(folder.path, { BATON_ORG: org, BATON_BACKUPS: 'kept' });
  await vi.waitFor(() => expect(readdirSync(backups).filter((name) => name.endsWith('.db'))).toHaveLength(1), 20_000);
  expect((await bot.stop()).stderr).toBe('');
  expect((await demo.stop()).stderr).toBe('');
  expect(readdirSync(backups).filter((name) => name.endsWith('.db'))).toHaveLength(1);
  expect(existsSync(join(folder.path, 'data/demo.db'))).toBe(true);
});

test('baton say speaks through the running process, and nothing waits in the outbox', async () => {
  const bot = await startBot(folder.path);
  const said = await runBaton(folder.path, {}, 'say', '--as', 'petra', '/propose web Said from a shell');
  expect(said.code).toBe(0);
  const visitor = createVisitor(bot.origin);
  await visitor.be('petra');
  expect((await visitor.get('/board')).text).toContain('Said from a shell');
  expect((await visitor.get('/settings')).text).toContain('None.');
  await bot.stop();
});
