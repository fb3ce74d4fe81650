import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import Sqlite from 'better-sqlite3';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { ALL } from '../adapters/circles-rig.ts';
import { createGithubPeer, type GithubPeer } from '../peers/github/peer.ts';
import { createTaigaPeer, type TaigaPeer } from '../peers/taiga/peer.ts';
import type { Project, User } from '../peers/taiga/world.ts';
import { startBot, stopAll } from '../web/demo.ts';
import { createDesk, type Desk } from './setup-rig.ts';

/** `baton import` as a process, before a GitHub and a Circles with thousands of issues and stories. */

const MAIN = resolve(import.meta.dirname, '../../src/main.ts');
const ISSUES = 2_000;
const PAGE_ROUTE = 'GET /repos/{owner}/{repo}/issues';
const HOUR = 3_600_000;

let github: GithubPeer;
let taiga: TaigaPeer;
let grid: Project;
let anna: User;
let environment: Readonly<Record<string, string>>;
let desk: Desk;
let at: number;

beforeEach(async () => {
  at = Date.now() - 1_000 * HOUR;
  github = await createGithubPeer({ repositories: ['example/grid', 'example/web'], now: () => at });
  taiga = await createTaigaPeer();
  anna = taiga.user('anna');
  const bot = taiga.user('baton');
  grid = taiga.project('Grid', anna);
  taiga.member(grid, bot, ALL);
  environment = {
    BATON_ORG: 'org.yaml',
    GITHUB_APP_ID: github.appId,
    GITHUB_PRIVATE_KEY: github.access.privateKey,
    GITHUB_API_URL: github.apiUrl,
    CIRCLES_URL: taiga.url,
    CIRCLES_TOKEN: taiga.accounts.applicationToken(bot),
  };
  desk = createDesk(environment);
  desk.write(
    'org.yaml',
    `organisation: A
timezone: UTC
people: [{ id: olga, roles: [ops, admin] }]
github: { repositories: [example/grid, example/web] }
circles: { default: ${grid.slug} }
`,
  );
});
afterEach(async () => {
  stopAll();
  desk.remove();
  await Promise.all([github.stop(), taiga.close()]);
});

/** Critical ones, one that is closed, pull requests, and a moment at which more happened than a page holds. */
function fill(issues: number): void {
  const repo = github.repo('example/grid');
  const user = github.user('mia');
  for (let n = 1; n <= issues; n += 1) {
    if (n < 400 || n > 700) at += 61_000;
    const labels = n % 500 === 0 ? ['critical'] : n % 100 === 0 ? ['major'] : [];
    github.open(repo, user, { title: `Issue ${n}`, labels, isPull: n % 1_000 === 1 });
  }
  const closed = repo.issues[4];
  if (closed !== undefined) github.turn(repo, closed, user, 'closed');
}

function fillCircle(): void {
  for (let n = 1; n <= 120; n += 1) taiga.add('userstory', grid, anna, { subject: `Story ${n}` });
  const [first, second] = taiga.world.things.userstory.filter(({ project }) => project === grid);
  if (first === undefined || second === undefined) throw new Error('no stories');
  taiga.edit(first, anna, { external_reference: ['github', 'https://github.com/example/grid/issues/7'] });
  taiga.moveTo(second, anna, 'done');
  taiga.add('issue', grid, anna, { subject: 'An issue of the circle' });
}

function read<T>(query: string): T[] {
  const db = new Sqlite(join(desk.folder, 'data/baton.db'), { readonly: true });
  try {
    return db.prepare<[], T>(query).all();
  } finally {
    db.close();
  }
}
const refs = (): { open: boolean; ref: string; severity: string | null; since: number | null }[] =>
  read<{ state: string }>("SELECT state FROM states WHERE type = 'ref'").map(({ state }) => JSON.parse(state));
const eventsIn = (): number => read<{ n: number }>('SELECT count(*) AS n FROM events')[0]?.n ?? 0;

test('it shows what it would do, and does nothing', async () => {
  fill(1_100);
  fillCircle();
  const ran = await desk.run(['import']);
  expect(ran).toMatchObject({ code: 0 });
  expect(ran.out.trim().split('\n')).toEqual([
    'example/grid: 1097 open issues; 2 critical, 9 major; 2 pull requests passed over; 1097 new',
    'example/web: 0 open stories; 0 open issues; 0 new',
    `${grid.slug}: 119 open stories; 1 open issue; 1 story with its issue; 120 new`,
    '1217 would be taken in: nobody is paged, no clock begins, and nothing is said there. With --write it is done; stop Baton before.',
  ]);
  expect(ran.err).toMatch(/^1\d{3} looked at, \d+ %$/m);
  expect(existsSync(join(desk.folder, 'data/baton.db'))).toBe(false);
  const wrote = github.calls.filter(({ route }) => !route.startsWith('GET') && !route.includes('access_tokens'));
  expect(wrote).toEqual([]);
});

test('killed midway it goes on; said twice it changes nothing; nobody is paged and no clock begins', async () => {
  fill(ISSUES);
  fillCircle();
  const env = { PATH: process.env.PATH ?? '', HOME: desk.folder, ...environment };
  const child = spawn(process.execPath, [MAIN, 'import', '--write'], { cwd: desk.folder, env });
  github.world.changes.on('change', () => {
    if (github.count(PAGE_ROUTE) === 9) child.kill('SIGKILL');
  });
  await once(child, 'close');
  expect(child.signalCode).toBe('SIGKILL');
  const some = refs().length;
  expect(some).toBeGreaterThan(400);
  expect(some).toBeLessThan(1_000);
  const asked = github.count(PAGE_ROUTE);

  const on = await desk.run(['import', '--write']);
  expect(on).toMatchObject({ code: 0, out: expect.stringContaining('taken in. Next: npm start') });
  expect(on.err).toContain('github: going on where the last import stopped');
  // Not once more from the beginning: at most the page that was cut off.
  expect(github.count(PAGE_ROUTE) - asked).toBeLessThan(ISSUES / 100 - 4);
  const all = refs();
  const open = github.repo('example/grid').issues.filter(({ state, isPull }) => state === 'open' && !isPull);
  const ours = all.filter(({ ref }) => ref.startsWith('example/grid#'));
  expect(new Set(ours.map(({ ref }) => ref))).toEqual(new Set(open.map(({ number }) => `example/grid#${number}`)));
  expect(all.filter(({ ref }) => ref.startsWith(`${grid.slug}/`))).toHaveLength(120);
  expect(all.filter(({ severity }) => severity === 'critical')).toHaveLength(4);
  expect(all.every(({ since }) => since === null)).toBe(true);
  expect(read("SELECT * FROM states WHERE type = 'alert'")).toEqual([]);
  expect(read("SELECT * FROM outbox WHERE address IS NOT NULL OR kind IN ('page', 'alert', 'sla')")).toEqual([]);
  expect(read("SELECT * FROM timers WHERE key LIKE 'ref/%'")).toEqual([]);

  const before = eventsIn();
  const again = await desk.run(['import', '--write']);
  expect(again).toMatchObject({ code: 0, out: expect.stringContaining('There was nothing to take in.') });
  expect(again.out).toContain('0 new, ');
  expect(eventsIn()).toBe(before);
  expect((await desk.run(['import'])).out).toContain('There is nothing to take in.');
}, 60_000);

test('the bot goes on from there: what changed since is found, and what is old stays quiet', async () => {
  fill(120);
  expect(await desk.run(['import', '--write'])).toMatchObject({ code: 0 });
  at = Date.now();
  const repo = github.repo('example/grid');
  const closed = repo.issues[9];
  if (closed === undefined) throw new Error('no issue');
  github.turn(repo, closed, github.user('mia'), 'closed');
  const bot = await startBot(desk.folder, environment);
  const of = (ref: string) => refs().find((each) => each.ref === ref);
  await vi.waitFor(() => expect(of('example/grid#10')?.open).toBe(false), 10_000);
  expect(of('example/grid#100')).toMatchObject({ open: true, severity: 'major', since: null });
  const beside = await desk.run(['import']);
  expect(beside).toMatchObject({ code: 0, out: expect.stringContaining('There is nothing to take in.') });
  const refused = await desk.run(['import', '--write']);
  expect(refused).toMatchObject({ code: 2, err: expect.stringContaining('stop Baton, and start it afterwards') });
  await bot.stop();
  expect(read("SELECT * FROM states WHERE type = 'alert'")).toEqual([]);
}, 30_000);

test('GitHub asks to be left alone for a while, and it waits; a place that is closed to us is passed over and told', async () => {
  fill(250);
  github.access.installation.repositories.delete('example/web');
  github.fault(PAGE_ROUTE, { secondary: 429, retryAfter: '1' });
  const ran = await desk.run(['import', '--write']);
  expect(ran.code).toBe(1);
  expect(ran.err).toMatch(/^github: .*; going on in 1 seconds$/m);
  expect(ran.out).toMatch(
    /^passed over: example\/web can not be looked at \(.*not installed on example\/web\)\n {2}→/m,
  );
  expect(ran.out).toContain('248 taken in');
});

test('a platform that is away is told, and what was read stays', async () => {
  fill(250);
  await taiga.away(true);
  const ran = await desk.run(['import', '--write']);
  expect(ran).toMatchObject({ code: 2, err: expect.stringMatching(/circles: .*say it again, and it goes on/) });
  expect(refs().length).toBe(248);
  await taiga.away(false);
  fillCircle();
  expect(await desk.run(['import', '--write'])).toMatchObject({
    code: 0,
    out: expect.stringContaining('120 taken in'),
  });
});

test('without a place to ask, and without an organisation, it says what to do', async () => {
  const alone = createDesk({ BATON_ORG: 'org.yaml' });
  try {
    expect(await alone.run(['import'])).toMatchObject({ code: 2, err: expect.stringContaining('set BATON_ORG') });
    alone.write('org.yaml', 'organisation: A\ntimezone: UTC\n');
    expect(await alone.run(['import'])).toMatchObject({ code: 2, err: expect.stringContaining('baton setup github') });
  } finally {
    alone.remove();
  }
});
