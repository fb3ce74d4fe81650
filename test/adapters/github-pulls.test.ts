import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { ForgeNews } from '../../src/forge-ports.ts';
import type { Issue } from '../peers/github/world.ts';
import { openRig, type Rig } from './github-rig.ts';

/** Pull requests stand among GitHub's issues; milestones come with them. */

let rig: Rig;
beforeAll(async () => {
  rig = await openRig();
});
beforeEach(() => {
  rig.clock.at += 60_000;
});
afterAll(() => rig.stop());

const NAME = 'example/grid';
const open = (given: { readonly title: string; readonly body?: string; readonly isPull?: boolean }): Issue =>
  rig.peer.open(rig.peer.repo(NAME), rig.peer.user('olga'), given);
const told = (news: readonly ForgeNews[], { number }: Issue) =>
  news.flatMap((each) => (each.news === 'tracker' && each.of.ref === `${NAME}#${number}` ? [each.of] : []));
const webhook = (more: object) => ({
  name: 'pull_request',
  payload: {
    action: 'edited',
    pull_request: { number: 12, title: 'Mend', state: 'open', merged: false, draft: false, body: 'x', ...more },
    repository: { full_name: 'Example/GRID' },
    sender: { login: 'olga' },
  },
});

test('the comparison tells of one as what it is, never as an issue', async () => {
  const issue = open({ title: 'The form' });
  const pull = open({ title: 'Mend it', body: `Fixes #${issue.number}, see #1`, isPull: true });
  const { news } = await rig.drain();
  expect(told(news, pull)).toEqual([
    {
      platform: 'github',
      ref: `${NAME}#${pull.number}`,
      kind: 'pull',
      title: 'Mend it',
      pull: { state: 'open', closes: [`${NAME}#${issue.number}`] },
    },
  ]);
  expect(told(news, issue)).toMatchObject([{ kind: 'issue', open: true }]);
});

test('asked for by its number it is one as well', async () => {
  const pull = open({ title: 'Mend it', isPull: true });
  rig.peer.turn(rig.peer.repo(NAME), pull, rig.peer.user('olga'), 'closed');
  expect(await rig.github.look(`${NAME}#${pull.number}`)).toMatchObject({
    kind: 'pull',
    pull: { state: 'closed', closes: [] },
  });
});

test.each([
  [{}, 'open'],
  [{ draft: true }, 'draft'],
  [{ state: 'closed' }, 'closed'],
  [{ state: 'closed', merged: true }, 'merged'],
] as const)('a webhook of %j tells that it is %s', (more, state) => {
  expect(rig.github.read(webhook(more))).toEqual([
    {
      news: 'tracker',
      of: {
        platform: 'github',
        ref: `${NAME}#12`,
        kind: 'pull',
        title: 'Mend',
        by: 'olga',
        pull: { state, closes: [] },
      },
    },
  ]);
});

test.each([
  ['Fixes #3', ['example/grid#3']],
  ['closes: #3 and resolves other/repo#4', ['example/grid#3', 'other/repo#4']],
  ['This FIXED https://github.com/example/grid/issues/5.', ['example/grid#5']],
  ['fix #3, fix #3', ['example/grid#3']],
  ['prefixes #3; fixes 3; see #4; fixes\n#6', ['example/grid#6']],
  ['Fixes https://github.com/example/grid/pull/5', []],
  [null, []],
] as const)('%j closes %j', (body, closes) => {
  expect(rig.github.read(webhook({ body }))).toMatchObject([{ of: { pull: { closes } } }]);
});

test('those of other repositories, and what is none, are no news', () => {
  const { name, payload } = webhook({});
  expect(rig.github.read({ name, payload: { ...payload, repository: { full_name: 'other/repo' } } })).toEqual([]);
  expect(rig.github.read({ name, payload: { ...payload, pull_request: {} } })).toEqual([]);
});

test.each([
  [{ title: '1.0', number: 3 }, { milestone: '1.0' }],
  [null, { milestone: null }],
  [undefined, {}],
] as const)('a milestone of %j is told as %j', (milestone, expected) => {
  open({ title: 'x' });
  const payload = structuredClone(rig.peer.hooks.deliveries.at(-1)?.payload ?? {}) as { issue: object };
  const [news] = rig.github.read({ name: 'issues', payload: { ...payload, issue: { ...payload.issue, milestone } } });
  expect(news?.news === 'tracker' && 'milestone' in news.of ? { milestone: news.of.milestone } : {}).toEqual(expected);
});
