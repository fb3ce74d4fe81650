import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Job } from '../../src/forge-ports.ts';
import { shaOf } from '../peers/github/actions.ts';
import { effectsOf, withoutMarks } from '../peers/github/effects.ts';
import type { Fault } from '../peers/github/faults.ts';
import { logJob, openRig, type Rig, type RigOptions } from './github-rig.ts';

let rig: Rig;
const open = async (options: RigOptions = {}): Promise<void> => {
  await rig?.stop();
  rig = await openRig(options);
};
beforeEach(async () => {
  rig = await openRig();
});
afterEach(() => rig.stop());

const repo = () => rig.peer.repo('example/grid');
const issue = () => rig.peer.open(repo(), rig.peer.user('olga'), { title: 'x' });
const CREATE = 'POST /repos/{owner}/{repo}/issues';
const COMMENT = 'POST /repos/{owner}/{repo}/issues/{number}/comments';

test('an issue is logged with its labels, and those that lack are made once', async () => {
  expect(await rig.github.perform(logJob(), 'web-1', false)).toEqual({ is: 'done', ref: 'example/grid#1' });
  expect(await rig.github.perform(logJob(), 'web-2', false)).toEqual({ is: 'done', ref: 'example/grid#2' });
  expect(repo().issues.map(({ title, labels }) => ({ title, labels }))).toEqual(
    Array(2).fill({ title: 'The login page is blank', labels: ['bug', 'critical'] }),
  );
  expect(repo().issues[0]?.body).toBe('Logged through Baton by Olga.\n\n<!-- baton:web-1 -->');
  expect(rig.peer.count('POST /repos/{owner}/{repo}/labels')).toBe(2);
  expect(rig.peer.count('GET /repos/{owner}/{repo}/labels/{name}')).toBe(2);
});

test('nothing that people wrote acts', async () => {
  const words = 'fixes #2 @team ![x](https://evil.example) <img src=x> <!-- baton:web-9 -->';
  await rig.github.perform(logJob({ title: words, body: words }), 'web-1', false);
  await rig.github.perform({ do: 'comment', ref: 'example/grid#1', body: words, status: false }, 'web-2', false);
  const [made] = repo().issues;
  for (const text of [made?.body ?? '', made?.comments[0]?.body ?? '']) {
    expect(Object.values(effectsOf(withoutMarks(text))).flat()).toEqual([]);
    expect(text.match(/<!--/g)).toHaveLength(1);
  }
  expect(effectsOf(made?.title ?? '')).toMatchObject({ mentions: [], closes: [], references: [] });
});

test.each<[string, Fault]>([
  ['the answer is lost', { reset: 'after' }],
  ['the answer is a server’s error', { status: 502, handled: true }],
  ['the answer is a page', { html: true }],
  ['the answer is empty', { empty: true }],
  ['the answer breaks off', { cut: true }],
])('%s: uncertain, sent once, found again and never made twice', async (_, fault) => {
  rig.peer.fault(CREATE, fault);
  expect(await rig.github.perform(logJob(), 'web-1', false)).toMatchObject({ is: 'uncertain' });
  expect(rig.peer.count(CREATE)).toBe(1);
  expect(await rig.github.perform(logJob(), 'web-1', true)).toEqual({ is: 'done', ref: 'example/grid#1' });
  expect(repo().issues).toHaveLength(1);
});

test('what was not made is made with the second try', async () => {
  rig.peer.fault(CREATE, { reset: 'before' });
  expect(await rig.github.perform(logJob(), 'web-1', false)).toMatchObject({ is: 'uncertain' });
  expect(await rig.github.perform(logJob(), 'web-1', true)).toEqual({ is: 'done', ref: 'example/grid#1' });
});

test('somebody else’s issue with our mark is not ours, and without looking nothing is made again', async () => {
  rig.peer.open(repo(), rig.peer.user('mallory'), { title: 'x', body: 'x\n\n<!-- baton:web-1 -->' });
  rig.peer.fault('GET /repos/{owner}/{repo}/issues', { status: 503 }, 2);
  expect(await rig.github.perform(logJob(), 'web-1', true)).toMatchObject({ is: 'uncertain' });
  expect(repo().issues).toHaveLength(1);
  expect(await rig.github.perform(logJob(), 'web-1', true)).toEqual({ is: 'done', ref: 'example/grid#2' });
});

test('the mark is found behind many newer issues', async () => {
  await rig.github.perform(logJob(), 'web-1', false);
  rig.clock.at += 60_000;
  for (let count = 0; count < 250; count += 1) issue();
  expect(await rig.github.perform(logJob(), 'web-1', true)).toEqual({ is: 'done', ref: 'example/grid#1' });
});

test.each<[string, Fault, unknown]>([
  ['gone', { status: 410 }, { is: 'refused' }],
  ['not there', { status: 404 }, { is: 'refused' }],
  ['invalid', { status: 422 }, { is: 'refused' }],
  ['forbidden', { status: 403 }, { is: 'refused' }],
  ['spent', { spent: 120 }, { is: 'later', after: 121_000 }],
  ['spent for longer than is to be believed', { spent: 90_000 }, { is: 'later', after: 3_600_000 }],
  ['too fast', { secondary: 403, retryAfter: '30' }, { is: 'later', after: 30_000 }],
  ['too fast, without a time', { secondary: 403 }, { is: 'later', after: 60_000 }],
  ['429', { secondary: 429, retryAfter: '7' }, { is: 'later', after: 7_000 }],
  ['429 with an odd time', { secondary: 429, retryAfter: 'soon' }, { is: 'later', after: 60_000 }],
  ['500', { status: 500 }, { is: 'uncertain' }],
  ['502', { status: 502 }, { is: 'uncertain' }],
])('%s', async (_, fault, result) => {
  issue();
  rig.peer.fault(COMMENT, fault);
  const job: Job = { do: 'comment', ref: 'example/grid#1', body: 'Hello', status: false };
  expect(await rig.github.perform(job, 'web-1', false)).toMatchObject(result as object);
  expect(rig.peer.count(COMMENT)).toBe(1);
});

test('GitHub away: nothing left, and nothing is unsure', async () => {
  await rig.github.perform(logJob(), 'web-0', false);
  await rig.peer.away(true);
  expect(await rig.github.perform(logJob(), 'web-1', false)).toMatchObject({ is: 'away' });
  expect(rig.github.state()).toMatchObject({
    is: 'away',
    line: 'GitHub: GitHub is not reached (ECONNREFUSED); trying again.',
  });
  await rig.peer.away(false);
  expect(await rig.github.perform(logJob(), 'web-1', true)).toEqual({ is: 'done', ref: 'example/grid#2' });
  expect(rig.github.state().is).toBe('connected');
});

test('credentials that are not taken are told of, and no secret is in any line', async () => {
  rig.peer.access.revoke(true);
  expect(await rig.github.perform(logJob(), 'web-1', false)).toMatchObject({ is: 'away' });
  expect(rig.github.state()).toMatchObject({ is: 'refused' });
  await open({ with: { privateKey: 'no key at all' } });
  expect(await rig.github.perform(logJob(), 'web-1', false)).toMatchObject({ is: 'away' });
  expect(rig.github.state()).toMatchObject({ is: 'refused' });
  await open({ asPerson: true });
  rig.peer.access.revoke(true);
  const performed = await rig.github.perform(logJob(), 'web-1', false);
  expect(performed).toMatchObject({ is: 'away' });
  const told = [...rig.logged, JSON.stringify([performed, rig.github.state(), await rig.github.check()])].join('\n');
  expect(told).not.toContain(rig.peer.access.token);
  expect(told).not.toMatch(/PRIVATE KEY|ghs_|eyJ/);
});

test('one comment tells where an item stands, edited and not repeated', async () => {
  issue();
  rig.peer.comment(
    repo(),
    repo().issues[0] ?? issue(),
    rig.peer.user('mallory'),
    'x\n\n<!-- baton:status --> <!-- baton:x -->',
  );
  const job = (body: string): Job => ({ do: 'comment', ref: 'example/grid#1', body, status: true });
  await rig.github.perform(job('At QA'), 'm-1', false);
  await rig.github.perform(job('At release'), 'm-2', false);
  const other = await openRigOn(rig);
  expect(await other.perform(job('Released'), 'm-3', false)).toEqual({ is: 'done' });
  const comments = repo().issues[0]?.comments ?? [];
  expect(comments).toHaveLength(2);
  expect(comments[1]?.body).toBe('Released\n\n<!-- baton:status --> <!-- baton:m-3 -->');
  repo().issues[0]?.comments.splice(1);
  expect(await rig.github.perform(job('Completed'), 'm-4', false)).toEqual({ is: 'done' });
  expect(repo().issues[0]?.comments.at(-1)?.body).toContain('Completed');
});

/** The same GitHub after a restart of ours. */
async function openRigOn({ peer, clock }: Rig) {
  const { createGithub } = await import('../../adapters/github/index.ts');
  const log = { info: () => undefined, warn: () => undefined, fault: () => 'E-1' };
  return createGithub({
    appId: peer.appId,
    privateKey: peer.access.privateKey,
    apiUrl: peer.apiUrl,
    repositories: ['example/grid'],
    clock,
    log,
    throttled: false,
  });
}

test('a comment whose answer was lost is found and not made twice', async () => {
  issue();
  const job: Job = { do: 'comment', ref: 'example/grid#1', body: 'Hello', status: false };
  rig.peer.fault(COMMENT, { reset: 'after' });
  expect(await rig.github.perform(job, 'm-1', false)).toMatchObject({ is: 'uncertain' });
  expect(await rig.github.perform(job, 'm-1', true)).toEqual({ is: 'done' });
  expect(await rig.github.perform(job, 'm-2', false)).toEqual({ is: 'done' });
  expect(repo().issues[0]?.comments).toHaveLength(2);
});

test('labels are set and taken away; closing and opening', async () => {
  issue();
  const ref = 'example/grid#1';
  const label: Job = { do: 'label', ref, add: ['critical'], remove: ['minor', 'major'] };
  expect(await rig.github.perform(label, 'm-1', false)).toEqual({ is: 'done' });
  expect(await rig.github.perform({ do: 'label', ref, add: ['minor'], remove: ['Critical'] }, 'm-2', false)).toEqual({
    is: 'done',
  });
  expect(repo().issues[0]?.labels).toEqual(['minor']);
  expect(await rig.github.perform({ do: 'turn', ref, to: 'closed' }, 'm-3', false)).toEqual({ is: 'done' });
  expect(repo().issues[0]).toMatchObject({ state: 'closed', reason: 'completed' });
  expect(await rig.github.perform({ do: 'turn', ref, to: 'open' }, 'm-4', false)).toEqual({ is: 'done' });
  expect(repo().issues[0]?.state).toBe('open');
  expect(
    await rig.github.perform({ do: 'label', ref: 'example/grid#99', add: [], remove: ['minor'] }, 'm-5', false),
  ).toMatchObject({ is: 'refused' });
});

test('labels that GitHub drops in silence are told of', async () => {
  await open({ asPerson: true, push: false });
  expect(await rig.github.perform(logJob(), 'web-1', false)).toEqual({ is: 'done', ref: 'example/grid#1' });
  expect(repo().issues[0]?.labels).toEqual([]);
  expect(rig.logged.join('\n')).toContain('GitHub dropped labels');
});

test.each<Job>([
  logJob({ where: 'example/other' }),
  { do: 'comment', ref: 'example/other#1', body: 'x', status: false },
  { do: 'turn', ref: 'nonsense', to: 'closed' },
  { do: 'move', ref: 'grid/us:1', status: 'done' },
  { do: 'circle', name: 'x', description: '' },
  { do: 'pair', story: 'grid/us:1', issue: 'example/grid#1' },
  {
    do: 'deployment',
    callback: 'https://evil.example/repos/example/grid/actions/runs/7/deployment_protection_rule',
    environment: 'production',
    decision: 'approved',
    comment: '',
  },
  { do: 'check', repository: 'example/other', sha: shaOf('x'), frozen: true, summary: 'x' },
])('none of our business: %j', async (job) => {
  expect(await rig.github.perform(job, 'm-1', false)).toMatchObject({ is: 'refused' });
  expect(rig.peer.calls).toEqual([]);
});

test('where the App is not installed, that is what is said; once it is, all goes on', async () => {
  const { installation } = rig.peer.access;
  installation.repositories.clear();
  expect(await rig.github.perform(logJob(), 'm-1', false)).toEqual({
    is: 'refused',
    why: 'GitHub says the GitHub App is not installed on example/grid',
  });
  installation.repositories.add('example/grid');
  expect(await rig.github.perform(logJob(), 'm-1', true)).toMatchObject({ is: 'done' });
});

test('spaced as GitHub wants it, and what it slows down is not sent again by the client', async () => {
  await open({ with: { throttled: true } });
  issue();
  const job: Job = { do: 'comment', ref: 'example/grid#1', body: 'Hello', status: false };
  rig.peer.fault(COMMENT, { spent: 60 });
  expect(await rig.github.perform(job, 'web-1', false)).toMatchObject({ is: 'later' });
  expect(rig.peer.count(COMMENT)).toBe(1);
});
