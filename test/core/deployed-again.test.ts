import { expect, test } from 'vitest';
import { deployed } from '../../src/core/deployed.ts';
import { evolvePipeline } from '../../src/core/deployment.ts';
import type { ForgeNews } from '../../src/core/forge-news.ts';
import { type OnForges, onForges, TO_ISSUES, toProduction } from './on-forges.ts';

/** A commit that is deployed once more, and deployments that only seemed to be an item's. */

const THURSDAY = '2026-11-26T10:00:00+01:00';
const SHA = 'c0ffee1234567890c0ffee1234567890c0ffee12';

type Deployed = Extract<ForgeNews, { news: 'deployed' }>;
const tell = (on: OnForges, news: Partial<Deployed> = {}) =>
  on.stage.act((draft) =>
    deployed(draft, {
      news: 'deployed',
      repository: 'example/web',
      environment: 'production',
      sha: SHA,
      version: 'v1',
      by: 'olga-gh',
      url: 'https://web.example.org',
      ...news,
    }),
  );
const titles = (on: OnForges) =>
  on.stage
    .world()
    .open('alert')
    .map(({ title }) => title);
const decisions = (on: OnForges) => on.jobs('deployment').map(({ decision }) => decision);

/** The call is open from the beginning; on another day it is opened anew. */
const drop = (on: OnForges) => {
  on.stage.say('sam', '/call open');
  on.stage.play('sam: /drop WEB-1 not wanted any more');
};

function atProduction(): OnForges {
  const on = onForges();
  toProduction(on);
  return on;
}

test('the same commit deployed again inside the freeze is another deployment, and wakes OPS', () => {
  const on = atProduction();
  tell(on, { number: 5001 });
  expect(titles(on)).toEqual([]);
  on.stage.moveTo(THURSDAY);
  tell(on, { number: 6001 });
  expect(titles(on)).toEqual([expect.stringContaining('inside the freeze')]);
  tell(on, { number: 6004, by: 'wim-gh' });
  expect(titles(on)).toEqual([expect.anything(), expect.stringContaining('not OPS (R1)')]);
});

test('one deployment counts once, whatever its statuses show and by whichever way it is told', () => {
  const on = atProduction();
  on.stage.moveTo(THURSDAY);
  tell(on, { number: 6001 });
  tell(on, { number: 6001 });
  tell(on, { number: 6001, url: 'https://web.example.org/log' });
  tell(on, { number: undefined, url: undefined });
  expect(titles(on)).toHaveLength(1);
});

test('what was seen before its number was kept is not told anew, and the next of that commit is', () => {
  const on = atProduction();
  on.stage.moveTo(THURSDAY);
  tell(on);
  expect(titles(on)).toHaveLength(1);
  tell(on, { number: 6001 });
  tell(on, { number: 6001 });
  tell(on);
  expect(titles(on)).toHaveLength(1);
  tell(on, { number: 6002 });
  expect(titles(on)).toHaveLength(2);
});

test('an event of before, without what it was seen as, is followed as it was', () => {
  const event = { type: 'deployment-seen', mark: `u ${SHA}`, sha: SHA, version: 'v1', by: 'olga' } as const;
  expect(evolvePipeline(undefined, event, { at: 0, actor: 'system' }).seen).toEqual([`u ${SHA}`]);
});

test.each([undefined, THURSDAY])('a deployment of something else is not turned away with a dropped item', (moment) => {
  const on = atProduction();
  if (moment !== undefined) on.stage.moveTo(moment);
  on.ask({ version: 'main', sha: 'e'.repeat(40) });
  drop(on);
  expect(new Set(decisions(on))).toEqual(new Set(['held']));
  expect(on.jobs('deployment').at(-1)?.comment).toContain('No item with an issue of example/web');
});

test('nor with an item whose review was rejected', () => {
  const on = atProduction();
  on.stage.play('olga: /release WEB-1 staging v2');
  on.ask({ version: 'main', sha: 'e'.repeat(40) });
  on.stage.play('sam: /reject WEB-1 the texts are wrong\n sue: /reject WEB-1 the texts are wrong');
  expect(new Set(decisions(on))).toEqual(new Set(['held']));
});

test('one of the dropped item’s own version is turned away, whoever started it', () => {
  const on = atProduction();
  on.ask({ by: 'wim-gh' });
  drop(on);
  expect(decisions(on)).toEqual(['held', 'rejected']);
});

test('what was let go is one deployment: another one of its commit is by whoever made it', () => {
  const on = atProduction();
  on.ask({ number: 70 });
  on.stage.moveTo('2026-11-23T11:00:00+01:00');
  tell(on, { number: 99, by: 'wim-gh' });
  expect(titles(on)).toEqual([expect.stringContaining('not OPS (R1)')]);
  expect(on.stage.world().get('item', 'WEB-1')?.step).toBe('production');
});

test.each([
  ['2026-11-26T05:00:00+01:00', 0],
  ['2026-11-26T08:00:00+01:00', 1],
])('what was let go before the freeze and arrives at %s: %i alerts', (moment, alerts) => {
  const on = atProduction();
  on.stage.moveTo('2026-11-25T23:30:00+01:00');
  on.ask({ number: 70 });
  on.stage.moveTo(moment);
  tell(on, { number: 70 });
  expect(titles(on)).toHaveLength(alerts);
  expect(on.stage.world().get('item', 'WEB-1')?.step).toBe(alerts === 0 ? 'monitoring' : 'production');
});

test('GitHub’s environments are one in any case', () => {
  const on = atProduction();
  on.stage.moveTo(THURSDAY);
  on.ask({ environment: 'Production' });
  expect(on.jobs('deployment').at(-1)).toMatchObject({ environment: 'Production', decision: 'held' });
  expect(on.jobs('deployment').at(-1)?.comment).toContain('during the freeze (R2)');
  expect(on.jobs('check').at(-1)?.frozen).toBe(true);
  tell(on, { environment: 'Production', number: 6001 });
  expect(titles(on)).toEqual([expect.stringContaining('inside the freeze')]);
});

test('a deployment to Production that was let go is the release', () => {
  const on = atProduction();
  on.ask({ environment: 'Production', number: 70 });
  tell(on, { environment: 'Production', number: 70 });
  expect(on.stage.ask('olga', '/history WEB-1').text).toContain('by the deployment that was let go');
});

test.each([
  ['mallory', 'staging'],
  ['wim-gh', 'staging'],
  ['olga-gh', 'production'],
])('a deployment to staging by %s leaves the item at %s', (by, step) => {
  const on = onForges();
  on.stage.play(TO_ISSUES);
  on.tell({ ref: 'grid/us:5', kind: 'story', platform: 'circles', open: true });
  on.tell({ ref: 'example/web#3', open: true });
  on.stage.play('wim: /done WEB-1\n wim: /done WEB-1\n wim: /handover WEB-1 ops');
  on.tell({ ref: 'example/web#3', open: false });
  on.stage.play('olga: /env ready staging WEB-1\n olga: /done WEB-1');
  tell(on, { environment: 'staging', by, number: 5 });
  expect(on.stage.world().get('item', 'WEB-1')?.step).toBe(step);
  const { text } = on.stage.ask('olga', '/history WEB-1');
  expect(text.includes('by somebody who is not ops')).toBe(step === 'staging');
});

test('a login of OPS that is another account by now releases nothing', () => {
  const on = atProduction();
  on.ask({ number: 70, byNumber: '7', version: 'v2', sha: 'b'.repeat(40) });
  on.ask({ number: 71, byNumber: '9' });
  expect(decisions(on)).not.toContain('approved');
  expect(on.jobs('deployment').at(-1)?.comment).toContain('that is for ops (R1)');
  tell(on, { number: 71, byNumber: '9' });
  expect(titles(on)).toEqual([expect.stringContaining('not OPS (R1)')]);
  expect(on.stage.world().get('item', 'WEB-1')?.step).toBe('production');
});

test('nor does it lower a severity in its person’s name', () => {
  const on = atProduction();
  const label = (byNumber: string, labels: string[]) =>
    on.tell({ ref: 'example/web#8', open: true, labels, isAboutLabels: true, by: 'olga-gh', byNumber });
  label('7', ['critical']);
  expect(on.stage.world().get('ref', 'example/web#8')?.severity).toBe('critical');
  label('9', ['minor']);
  expect(on.stage.world().get('ref', 'example/web#8')?.severity).toBe('critical');
  label('7', ['minor']);
  expect(on.stage.world().get('ref', 'example/web#8')?.severity).toBe('minor');
});
