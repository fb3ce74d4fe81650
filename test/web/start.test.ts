import { once } from 'node:events';
import { existsSync, mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs';
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
  ['TELEGRAM_BOT_TOKEN', { TELEGRAM_BOT_TOKEN: '1:a' }, 'Telegram'],
  ['SLACK_BOT_TOKEN', { SLACK_BOT_TOKEN: 'xoxb-1', SLACK_APP_TOKEN: 'xapp-1' }, 'Slack'],
  ['GITHUB_TOKEN', { GITHUB_TOKEN: 'ghp_1' }, 'GitHub'],
  ['a webhook’s secret', { GITHUB_WEBHOOK_SECRET: 'secret' }, 'GitHub'],
])('the demonstration never runs beside %s', async (_what, environment, platform) => {
  const { code, stdout, stderr } = await runBaton(folder.path, environment, 'start');
  expect(code).toBe(2);
  expect(stdout).toBe('');
  expect(stderr).toMatch(new RegExp(`^baton: tokens are set for ${platform}, and BATON_ORG is not: .*\\n$`));
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

test('an organisation’s board is read-only, on this machine alone, and there is no console', async () => {
  const org = file('org.yaml', ORGANISATION);
  expect((await runBaton(folder.path, { BATON_ORG: org, HOST: '0.0.0.0' }, 'start')).stderr).toContain(
    'HOST is 0.0.0.0',
  );
  const bot = await startBot(folder.path, { BATON_ORG: org, TELEGRAM_BOT_TOKEN: '1:a' });
  expect(bot.said()).toContain('Tokens are set for Telegram: their adapters come with a later version');
  expect((await ask(bot.origin, '/')).headers.location).toBe('/board');
  for (const path of ['/board', '/tracker', '/mail', '/rules', '/commands', '/settings']) {
    const { status, text } = await ask(bot.origin, path);
    expect(status, path).toBe(200);
    expect(text).not.toMatch(/<form|href="\/console"|href="\/clock"/);
  }
  const headers = { origin: bot.origin, 'content-type': 'application/x-www-form-urlencoded' };
  for (const path of ['/as', '/say', '/press', '/clock'])
    expect((await ask(bot.origin, path, { method: 'POST', headers, body: 'page=x&as=sam&text=x&place=' })).status).toBe(
      404,
    );
  expect((await ask(bot.origin, '/console', { headers: { cookie: 'baton_as=sam' } })).status).toBe(404);
  const { code, stderr } = await bot.stop();
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
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
