import { expect, test } from 'vitest';
import { deployed } from '../../src/core/deployed.ts';
import { decideDeployments, withdrawApproval } from '../../src/core/deploying.ts';
import type { ForgeNews } from '../../src/core/forge-news.ts';
import { toPlain } from '../../src/core/text.ts';
import { type OnForges, onForges, TO_ISSUES, toProduction } from './on-forges.ts';

/** Deployments that wait for a word, and deployments that happened without one. */

const THURSDAY = '2026-11-26T10:00:00+01:00';
const OPENS = '2026-11-30T00:00:00+01:00';
const SHA = 'c0ffee1234567890c0ffee1234567890c0ffee12';

function atProduction(): OnForges {
  const on = onForges();
  toProduction(on);
  return on;
}

const decisions = (on: OnForges) => on.jobs('deployment').map(({ decision }) => decision);
const lastComment = (on: OnForges) => on.jobs('deployment').at(-1)?.comment ?? '';
const last = (on: OnForges) => toPlain(on.stage.messages.at(-1)?.text ?? []);

type Deployed = Extract<ForgeNews, { news: 'deployed' }>;
const tellDeployed = (on: OnForges, news: Partial<Deployed> = {}) =>
  on.stage.act((draft) =>
    deployed(draft, {
      news: 'deployed',
      repository: 'example/web',
      environment: 'production',
      sha: SHA,
      version: 'v1',
      by: 'olga-gh',
      url: 'https://github.com/example/web/deployments/1',
      ...news,
    }),
  );

test('OPS deploys what was approved inside the window: it goes, and the item has it in its history', () => {
  const on = atProduction();
  on.ask();
  expect(on.jobs('deployment')).toEqual([
    {
      do: 'deployment',
      callback: 'https://api.github.com/repos/example/web/actions/runs/7/deployment_protection_rule',
      environment: 'production',
      decision: 'approved',
      comment: 'WEB-1: its gates hold.',
    },
  ]);
  expect(on.jobs('check')).toMatchObject([{ repository: 'example/web', sha: SHA, frozen: false }]);
  expect(on.stage.ask('olga', '/history WEB-1').text).toContain('let go its deployment to production, v1');
});

test('on Thursday it waits and says why; on Monday 00:00 it goes by itself, and once', () => {
  const on = atProduction();
  on.stage.moveTo(THURSDAY);
  on.ask();
  expect(decisions(on)).toEqual(['held']);
  expect(lastComment(on)).toContain('during the freeze (R2)');
  expect(lastComment(on)).toContain('I look at it again Mon 30 Nov 00:00.');
  expect(on.jobs('check').at(-1)?.frozen).toBe(true);
  on.stage.moveTo('2026-11-29T23:59:59+01:00');
  expect(decisions(on)).toEqual(['held']);
  on.stage.moveTo(OPENS);
  expect(decisions(on)).toEqual(['held', 'approved']);
  expect(on.jobs('check').at(-1)?.frozen).toBe(false);
  on.ask();
  on.stage.act(decideDeployments);
  expect(decisions(on)).toEqual(['held', 'approved']);
});

test('when the window opens and a gate does not hold, it waits on with the new reason, and goes when that holds', () => {
  const on = onForges();
  toProduction(on);
  on.stage.moveTo(THURSDAY);
  on.ask();
  on.stage.play('olga: /freeze declare 2026-11-30 2026-11-30 an incident');
  on.stage.moveTo('2026-11-30T12:00:00+01:00');
  expect(new Set(decisions(on))).toEqual(new Set(['held']));
  expect(lastComment(on)).toContain('Tue 1 Dec 00:00');
  on.stage.play('olga: /freeze lift FREEZE-1');
  expect(decisions(on).at(-1)).toBe('approved');
});

test.each([
  ['the environment', { environment: undefined }, 'environment'],
  ['the commit', { sha: undefined }, 'commit'],
  ['the author', { by: undefined }, 'author'],
])('without %s it is held, and OPS hears of it', (_what, lacking, name) => {
  const on = atProduction();
  on.ask(lacking);
  expect(decisions(on)).not.toContain('approved');
  expect(on.stage.messages.at(-1)).toMatchObject({ kind: 'hint', to: { chat: 'ops' } });
  expect(last(on)).toContain(`did not tell its ${name}`);
});

test('without a callback that is ours nothing is answered, and OPS hears of it', () => {
  const on = atProduction();
  on.ask({ callback: undefined });
  expect(on.jobs('deployment')).toEqual([]);
  expect(last(on)).toContain('did not tell its callback');
});

test.each([
  ['another repository', { repository: 'example/grid' }, 'No item with an issue of example/grid'],
  ['an environment that is none', { environment: 'preview' }, 'no environment'],
  ['another environment', { environment: 'mainnet' }, 'is at its release on mainnet'],
  ['another version', { version: 'v2', sha: 'b'.repeat(40) }, 'v1 is to be released for WEB-1, not v2'],
  ['somebody who is not OPS', { by: 'wim-gh' }, 'that is for ops (R1)'],
  ['somebody whom nobody knows', { by: 'olga' }, 'that is for ops (R1)'],
])('%s is held', (_what, odd, why) => {
  const on = atProduction();
  on.ask(odd);
  expect(decisions(on)).toEqual(['held']);
  expect(lastComment(on)).toContain(why);
});

test('an item whose review is not done holds it, and the last vote lets it go', () => {
  const on = onForges();
  toProduction(on);
  on.stage.play('olga: /release WEB-1 staging v2');
  on.ask({ version: 'v2' });
  expect(lastComment(on)).toContain('the approval of what is on staging');
  on.stage.play('sam: /approve WEB-1\n sue: /approve WEB-1');
  expect(decisions(on)).toEqual(['held', 'approved']);
});

test('what the stakeholders reject is turned away', () => {
  const on = atProduction();
  on.stage.play('olga: /release WEB-1 staging v2');
  on.ask({ version: 'v2' });
  on.stage.play('sam: /reject WEB-1 the texts are wrong\n sue: /reject WEB-1 the texts are wrong');
  expect(decisions(on).at(-1)).toBe('rejected');
  expect(lastComment(on)).toContain('was rejected');
  on.stage.act(decideDeployments);
  expect(decisions(on).filter((each) => each === 'rejected')).toHaveLength(1);
});

test('an item that is dropped turns its deployment away', () => {
  const on = atProduction();
  on.stage.moveTo(THURSDAY);
  on.ask();
  on.stage.play('sam: /call open\n sam: /drop WEB-1 not wanted any more');
  expect(decisions(on)).toEqual(['held', 'rejected']);
});

test('two items that it could be: held until the version tells them apart', () => {
  const on = atProduction();
  on.stage.play(
    TO_ISSUES.replaceAll('WEB-1', 'WEB-2')
      .replace('sam: /call open', '')
      .replaceAll('us:5', 'us:6')
      .replaceAll('#3', '#4')
      .replace('WEB-2 1', 'WEB-2 2'),
  );
  on.tell({ ref: 'example/web#4', open: false });
  on.stage.play(`
    wim: /done WEB-2
    wim: /done WEB-2
    wim: /handover WEB-2 ops
    olga: /env ready staging WEB-2
    olga: /done WEB-2
    olga: /release WEB-2 staging v1
    sam: /approve WEB-2
    sue: /approve WEB-2`);
  on.ask();
  expect(lastComment(on)).toContain('It could be WEB-1 or WEB-2');
});

test('what nothing gates goes at once, also in the freeze; what is dedicated and not ready does not', () => {
  const on = atProduction();
  on.stage.moveTo(THURSDAY);
  on.ask({ environment: 'testnet' });
  expect(decisions(on)).toEqual(['approved']);
  on.ask({ environment: 'staging' });
  expect(decisions(on)).toEqual(['approved', 'held']);
});

test('what was released by command first goes when it is deployed, though the step is closed', () => {
  const on = atProduction();
  on.stage.play('olga: /release WEB-1 production');
  on.ask();
  expect(decisions(on)).toEqual(['approved']);
  tellDeployed(on);
  expect(on.stage.world().get('item', 'WEB-1')?.step).toBe('monitoring');
  expect(on.stage.world().open('alert')).toEqual([]);
  expect(on.stage.ask('olga', '/history WEB-1').text).toContain('saw it deployed to production, v1, by Olga');
});

test('one that was said on Wednesday and is deployed on Thursday wakes OPS, unless it was let go', () => {
  const on = atProduction();
  on.stage.moveTo('2026-11-25T20:00:00+01:00');
  on.stage.play('olga: /release WEB-1 production');
  on.stage.moveTo(THURSDAY);
  on.ask();
  expect(decisions(on)).toEqual(['held']);
  tellDeployed(on);
  expect(on.stage.world().open('alert')).toMatchObject([{ severity: 'critical', item: 'WEB-1' }]);
});

test('one that was said just before the freeze may arrive just after it has begun', () => {
  const on = atProduction();
  on.stage.moveTo('2026-11-25T23:50:00+01:00');
  on.stage.play('olga: /release WEB-1 production');
  on.stage.moveTo('2026-11-26T00:10:00+01:00');
  tellDeployed(on);
  expect(on.stage.world().open('alert')).toEqual([]);
});

test('an approval that could not be said before the freeze is taken back', () => {
  const on = atProduction();
  on.ask();
  const of = on.orders('deployment')[0]?.of ?? '';
  on.stage.act((draft) => withdrawApproval(draft, of));
  expect(decisions(on)).toEqual(['approved']);
  on.stage.moveTo(THURSDAY);
  on.stage.act((draft) => withdrawApproval(draft, of));
  expect(decisions(on)).toEqual(['approved', 'held']);
  on.stage.moveTo(OPENS);
  expect(decisions(on)).toEqual(['approved', 'held', 'approved']);
});

test('a deployment that OPS made outside the bot is the release: marked, and the step closes', () => {
  const on = atProduction();
  tellDeployed(on);
  const item = on.stage.world().get('item', 'WEB-1');
  expect(item?.step).toBe('monitoring');
  expect(item?.environments.find(({ environment }) => environment === 'production')).toMatchObject({
    version: 'v1', by: 'olga', outside: true,
  }); // biome-ignore format: one value
  expect(on.stage.ask('olga', '/status WEB-1').text).toContain('production v1 (outside the bot)');
  expect(on.stage.ask('olga', '/history WEB-1').text).toContain('by Olga, outside the bot');
  expect(on.stage.world().open('alert')).toEqual([]);
});

test('a deployment that the bot let go is the release, and was never outside the bot', () => {
  const on = atProduction();
  on.ask();
  tellDeployed(on);
  expect(on.stage.world().get('item', 'WEB-1')?.step).toBe('monitoring');
  expect(on.stage.ask('olga', '/history WEB-1').text).toContain('by Olga, by the deployment that was let go');
  for (const question of ['/history', '/status'])
    expect(on.stage.ask('olga', `${question} WEB-1`).text).not.toContain('outside the bot');
});

test('the platform may tell of one deployment twice', () => {
  const on = atProduction();
  tellDeployed(on);
  const { version } = on.stage.world().get('item', 'WEB-1') ?? {};
  tellDeployed(on);
  expect(on.stage.world().get('item', 'WEB-1')?.version).toBe(version);
});

test.each([
  ['inside the freeze', THURSDAY, {}, 'inside the freeze that ends Mon 30 Nov 00:00 (R2)'],
  ['by somebody who is not OPS', undefined, { by: 'wim-gh' }, 'not OPS (R1)'],
])('one %s wakes OPS and stands in the history; the step stays', (_what, moment, news, why) => {
  const on = atProduction();
  if (moment !== undefined) on.stage.moveTo(moment);
  tellDeployed(on, news);
  const [alert] = on.stage.world().open('alert');
  expect(alert).toMatchObject({ severity: 'critical', item: 'WEB-1' });
  expect(alert?.title).toContain(why);
  expect(on.stage.world().get('item', 'WEB-1')?.step).toBe('production');
  expect(on.stage.ask('olga', '/history WEB-1').text).toContain(why);
});

test('what was let go before the freeze and arrives inside it wakes nobody', () => {
  const on = atProduction();
  on.stage.moveTo('2026-11-25T23:59:00+01:00');
  on.ask();
  on.stage.moveTo('2026-11-26T00:04:00+01:00');
  tellDeployed(on);
  expect(on.stage.world().open('alert')).toEqual([]);
  expect(on.stage.world().get('item', 'WEB-1')?.step).toBe('monitoring');
});

test('a deployment that no item knows is told to OPS', () => {
  const on = atProduction();
  tellDeployed(on, { repository: 'example/grid' });
  expect(on.stage.messages.at(-1)).toMatchObject({ kind: 'hint', to: { chat: 'ops' } });
  expect(last(on)).toContain('no item knows it');
});

test('a new version on staging from outside begins the review anew', () => {
  const on = atProduction();
  tellDeployed(on, { environment: 'staging', version: 'v2', sha: 'd'.repeat(40), url: undefined });
  const item = on.stage.world().get('item', 'WEB-1');
  expect(item?.votes.find(({ subject }) => subject === 'review')).toMatchObject({ version: 'v2', result: null });
  on.ask();
  expect(decisions(on)).toEqual(['held']);
});
