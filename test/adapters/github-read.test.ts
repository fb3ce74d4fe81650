import { createRequire } from 'node:module';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { createGithub } from '../../adapters/github/index.ts';
import { commandOf } from '../../adapters/github/news.ts';
import type { ForgeAdapter } from '../../src/forge-ports.ts';
import { createGithubPeer, type GithubPeer } from '../peers/github/peer.ts';
import { collect } from './github-rig.ts';

const require = createRequire(import.meta.url);
const examples = z
  .array(z.object({ name: z.string(), examples: z.array(z.unknown()) }))
  .parse(require('@octokit/webhooks-examples'));
const Placed = z.object({ repository: z.object({ full_name: z.string() }) });

let github: ForgeAdapter;
let peer: GithubPeer;
const make = (repositories: readonly string[], apiUrl?: string): ForgeAdapter =>
  createGithub({ token: 'x', repositories, apiUrl, clock: { now: () => 0 }, log: collect([]) });
beforeAll(async () => {
  peer = await createGithubPeer();
  github = make(['example/grid'], peer.apiUrl);
});
afterAll(() => peer.stop());

const last = () => {
  const delivery = peer.hooks.deliveries.at(-1);
  return { name: delivery?.event ?? '', payload: structuredClone(delivery?.payload ?? {}) as Record<string, unknown> };
};

test('every published example is read without a fault, and as news of what it is', () => {
  const everywhere = new Set(
    examples.flatMap(({ examples: all }) => all.map((each) => Placed.safeParse(each).data?.repository.full_name)),
  );
  const ours = make([...everywhere].filter((name) => name !== undefined));
  const counts: Record<string, number> = {};
  let total = 0;
  for (const { name, examples: all } of examples)
    for (const payload of all) {
      total += 1;
      for (const news of ours.read({ name, payload })) {
        const key = `${name} ${news.news}`;
        counts[key] = (counts[key] ?? 0) + 1;
      }
      expect(github.read({ name, payload })).toEqual([]);
    }
  expect(total).toBe(329);
  expect(counts).toEqual({
    'issues tracker': 29,
    'issue_comment tracker': 5,
    'deployment_status deployed': 3,
    'pull_request tracker': 29,
  });
});

test.each([
  undefined,
  null,
  7,
  'text',
  [],
  {},
  { name: 'issues' },
  { name: 'issues', payload: null },
  { name: 'issues', payload: { action: 'opened' } },
])('%j is no news', (body) => {
  expect(github.read(body)).toEqual([]);
});

test('issues are told in the organisation’s own spelling', () => {
  peer.open(peer.repo('example/grid'), peer.user('olga'), { title: 'Blank page' });
  const { name, payload } = last();
  const shouted = { ...payload, repository: { full_name: 'Example/GRID' } };
  expect(github.read({ name, payload: shouted })).toEqual([
    {
      news: 'tracker',
      of: {
        platform: 'github',
        ref: 'example/grid#1',
        kind: 'issue',
        title: 'Blank page',
        open: true,
        labels: [],
        by: 'olga',
        byNumber: String(peer.user('olga').id),
      },
    },
  ]);
  expect(github.read({ name, payload: { ...payload, repository: { full_name: 'example/other' } } })).toEqual([]);
});

test('a comment is a command, a comment, or our own', () => {
  const repo = peer.repo('example/grid');
  const issue = peer.open(repo, peer.user('olga'), { title: 'x' });
  const read = (login: string, body: string, type?: 'Bot') => {
    peer.comment(repo, issue, peer.user(login, type), body);
    return github.read(last());
  };
  const id = () => String(issue.comments.at(-1)?.id);
  const ref = `example/grid#${issue.number}`;
  expect(read('olga', '/status')).toEqual([
    { news: 'said', id: id(), ref, account: 'github:olga', number: expect.any(String), text: '/status' },
  ]);
  expect(read('olga', '\r\n/pass\r\nall is well\r\n\r\nthanks')).toMatchObject([{ text: '/pass\nall is well' }]);
  expect(read('olga', 'It is blank again')).toMatchObject([
    { news: 'tracker', of: { ref, comment: 'It is blank again', by: 'olga' } },
  ]);
  expect(read('renovate[bot]', '/status', 'Bot')).toMatchObject([{ news: 'tracker' }]);
  expect(read('olga', '> /status')).toMatchObject([{ news: 'tracker' }]);
  expect(read('baton-bot', 'Where it stands\n\n<!-- baton:web-1 -->')).toEqual([]);
  const comment = issue.comments[0];
  if (comment !== undefined) peer.edit(repo, issue, comment, '/release');
  expect(github.read(last())).toEqual([]);
});

test('a command on a pull request is heard, other words there are not kept', () => {
  const repo = peer.repo('example/grid');
  const pull = peer.open(repo, peer.user('olga'), { title: 'x', isPull: true });
  peer.comment(repo, pull, peer.user('olga'), '/status');
  expect(github.read(last())).toMatchObject([{ news: 'said' }]);
  peer.comment(repo, pull, peer.user('olga'), 'looks good');
  expect(github.read(last())).toEqual([]);
});

test.each([
  ['```\n/status\n```', undefined],
  ['    /status', undefined],
  ['/usr/bin/x is gone', undefined],
  ['see /status', undefined],
  ['', undefined],
  ['/ack', '/ack'],
  ['/ack on it\n> /release web-1', '/ack on it'],
  ['/bug one\n```\n/release\n```', '/bug one'],
])('the command in %j', (body, command) => {
  expect(commandOf(body)).toBe(command);
});

test('an issue that we log ourselves is told by the job, not by its webhooks', () => {
  const repo = peer.repo('example/grid');
  const us = peer.user('baton[bot]', 'Bot');
  const before = peer.hooks.deliveries.length;
  const issue = peer.open(repo, us, { title: 'x', labels: ['bug'], body: 'x\n\n<!-- baton:web-1 -->' });
  for (const { event: name, payload } of peer.hooks.deliveries.slice(before))
    expect(github.read({ name, payload: structuredClone(payload) })).toEqual([]);
  peer.label(repo, issue, peer.user('olga'), ['critical']);
  expect(github.read(last())).toMatchObject([{ of: { labels: ['bug', 'critical'] } }]);
  peer.turn(repo, issue, us, 'closed');
  expect(github.read(last())).toMatchObject([{ of: { open: false } }]);
});

const asked = (change: (payload: Record<string, unknown>) => void = () => undefined) => {
  const repo = peer.repo('example/grid');
  repo.guarded.add('production');
  peer.deploy(repo, peer.user('olga'), { environment: 'production', ref: 'v2.0.0' });
  const { name, payload } = last();
  change(payload);
  return github.read({ name, payload });
};

test('a deployment that waits is told with all that is known of it', () => {
  const [news] = asked();
  const deployment = peer.repo('example/grid').deployments.at(-1);
  expect(news).toEqual({
    news: 'deployment-asked',
    repository: 'example/grid',
    environment: 'production',
    callback: `${peer.apiUrl}/repos/example/grid/actions/runs/${deployment?.run}/deployment_protection_rule`,
    sha: deployment?.sha,
    version: 'v2.0.0',
    by: 'olga',
    byNumber: String(peer.user('olga').id),
    number: deployment?.id,
    installation: peer.access.installation.id,
  });
});

const rule = 'actions/runs/7/deployment_protection_rule';
test.each([
  ['another host', () => `https://evil.example/repos/example/grid/${rule}`],
  ['another port', () => `http://127.0.0.1:1/repos/example/grid/${rule}`],
  ['a host before an @', (url: string) => `${url.replace('127.0.0.1', 'x@127.0.0.1')}/repos/example/grid/${rule}`],
  ['our host as a name before an @', (url: string) => `${url}@evil.example/repos/example/grid/${rule}`],
  ['another repository', (url: string) => `${url}/repos/example/other/${rule}`],
  ['a way out', (url: string) => `${url}/repos/example/grid/../other/${rule}`],
  ['an encoded way out', (url: string) => `${url}/repos/example%2Fgrid/${rule}`],
  ['a backslash', (url: string) => `${url}\\repos/example/grid/${rule}`],
  ['another call', (url: string) => `${url}/repos/example/grid/actions/runs/7/pending_deployments`],
  ['a question', (url: string) => `${url}/repos/example/grid/${rule}?x=1`],
  ['no run', (url: string) => `${url}/repos/example/grid/actions/runs/x/deployment_protection_rule`],
  ['a way round', (url: string) => `${url}/repos/example/grid/actions/runs/9/../7/deployment_protection_rule`],
  ['other letters', (url: string) => `${url}/REPOS/example/grid/${rule}`],
  ['a repository in other letters', (url: string) => `${url}/repos/Example/grid/${rule}`],
  ['no address', () => 'nonsense'],
])('%s is no place to answer', (_, odd) => {
  const news = asked((payload) => Object.assign(payload, { deployment_callback_url: odd(peer.apiUrl) }));
  expect(news).toMatchObject([{ news: 'deployment-asked', callback: undefined }]);
});

test('a place of another repository of ours is none for this one', () => {
  const both = make(['example/grid', 'example/other'], peer.apiUrl);
  asked();
  const { name, payload } = last();
  const odd = { ...payload, deployment_callback_url: `${peer.apiUrl}/repos/example/other/${rule}` };
  expect(both.read({ name, payload: odd })).toMatchObject([{ callback: undefined }]);
});

test('what is missing or told in two ways is not told', () => {
  expect(asked((payload) => delete payload.deployment)).toMatchObject([
    { sha: undefined, version: undefined, environment: 'production' },
  ]);
  const withoutDeployment = asked((payload) => {
    delete payload.deployment;
    Object.assign(payload, { sha: 'a'.repeat(40), ref: 'v2.0.0' });
  });
  expect(withoutDeployment).toMatchObject([{ sha: undefined }]);
  expect(asked((payload) => delete payload.installation)).toMatchObject([
    { unsure: expect.stringContaining('installation') },
  ]);
  expect(asked((payload) => delete payload.environment)).toMatchObject([{ environment: 'production' }]);
  expect(asked((payload) => Object.assign(payload, { environment: 'devnet' }))).toMatchObject([
    { environment: undefined },
  ]);
  expect(asked((payload) => Object.assign(payload, { sha: 'f'.repeat(40) }))).toMatchObject([{ sha: undefined }]);
  const machine = { login: 'github-actions[bot]', type: 'Bot' };
  const nobody = asked((payload) =>
    Object.assign(payload, { sender: machine, deployment: { creator: machine, sha: 'a', ref: 'refs/heads/v9' } }),
  );
  expect(nobody).toMatchObject([{ by: undefined, version: undefined }]);
  expect(asked((payload) => Object.assign(payload, { repository: { full_name: 'example/other' } }))).toEqual([]);
  expect(asked((payload) => Object.assign(payload, { action: 'other' }))).toEqual([]);
});

test('a deployment that succeeded is told, and one that did not is not', () => {
  const repo = peer.repo('example/grid');
  const deployment = peer.deploy(repo, peer.user('olga'), { environment: 'devnet', ref: 'refs/tags/v3' });
  peer.finish(repo, deployment, peer.user('github-actions[bot]', 'Bot'), 'in_progress');
  expect(github.read(last())).toEqual([]);
  peer.finish(repo, deployment, peer.user('github-actions[bot]', 'Bot'), 'success');
  expect(github.read(last())).toEqual([
    {
      news: 'deployed',
      repository: 'example/grid',
      environment: 'devnet',
      sha: deployment.sha,
      version: 'v3',
      by: 'olga',
      byNumber: String(peer.user('olga').id),
      number: deployment.id,
      made: expect.any(Number),
      url: 'https://grid.example.org',
    },
  ]);
});
