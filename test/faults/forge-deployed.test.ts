import { expect, test } from 'vitest';
import { createForgeWorld, DAY, type ForgeWorld, OPENS, THURSDAY, toProduction } from './forge-world.ts';

/** Runs that are started again, deployments that nobody knows, and those that were made outside the bot. */

async function atProduction(): Promise<ForgeWorld> {
  const world = await createForgeWorld();
  await toProduction(world);
  return world;
}
const alerts = (world: ForgeWorld) => world.whole.bot().engine.world().open('alert');
const checksOf = (world: ForgeWorld, sha: string) =>
  world.whole.github.repo('example/web').checks.flatMap((check) => (check.sha === sha ? [check.conclusion] : []));

test('a run that is started again by somebody else, at the same address, does not go on another’s word', async () => {
  const world = await atProduction();
  const { github } = world.whole;
  await world.to(THURSDAY);
  const first = await world.deploy();
  expect(world.words(first)).toEqual(['held']);
  const again = github.rerun(github.repo('example/web'), first, github.user('wim-gh'));
  await world.whole.settled();
  await world.to('2026-11-30T09:00:00+01:00');
  expect(world.words(again)).not.toContain('approved');
  expect(again.reports.at(-1)?.comment).toContain('wim-gh does not release on production');
  // Somebody sends what GitHub told of the first one once more.
  const told = github.hooks.deliveries.find(({ event }) => event === 'deployment_protection_rule');
  await github.hooks.signed(told?.body ?? '', { 'x-github-event': 'deployment_protection_rule' });
  await world.whole.settled();
  expect(world.words(again)).not.toContain('approved');
  // Started again by OPS it goes, though it was answered before.
  const third = github.rerun(github.repo('example/web'), again, github.user('olga-gh'));
  await world.whole.settled();
  expect(world.words(third)).toEqual(['approved']);
});

test('what was rejected and is approved later goes when its job is started again', async () => {
  const world = await atProduction();
  const { github } = world.whole;
  await world.to(THURSDAY);
  await world.play('olga: /release WEB-1 staging v2');
  const deployment = await world.deploy({ ref: 'v2' });
  await world.play('sam: /reject WEB-1 the texts are wrong\n sue: /reject WEB-1 the texts are wrong');
  expect(world.words(deployment)).toEqual(['held', 'rejected']);
  await world.to('2026-11-30T10:00:00+01:00');
  await world.play(`
    wim: /done WEB-1
    wim: /handover WEB-1 ops
    olga: /done WEB-1
    olga: /release WEB-1 staging v2
    sam: /approve WEB-1
    sue: /approve WEB-1`);
  const again = github.rerun(github.repo('example/web'), deployment, github.user('olga-gh'));
  await world.whole.settled();
  expect(world.words(again)).toEqual(['approved']);
});

test('GitHub does not take the approval: OPS hears of it once, and nothing counts as let go', async () => {
  const world = await atProduction();
  const { github } = world.whole;
  github.hooks.plan = () => 'hold';
  const deployment = await world.deploy();
  // The run was cancelled before our word came.
  deployment.waits = false;
  await github.hooks.release();
  await world.whole.settled();
  for (let n = 0; n < 3; n += 1) await world.whole.reconcile();
  await world.whole.settled();
  expect(world.told('was let go and does not go')).toHaveLength(1);
  expect(world.whole.bot().engine.world().get('item', 'WEB-1')?.admitted).toEqual([]);
});

test('a deployment of what no item knows is held, and OPS is told', async () => {
  const world = await atProduction();
  const deployment = await world.deploy({ repository: 'example/grid' });
  expect(world.words(deployment)).toEqual(['held']);
  expect(deployment.reports[0]?.comment).toContain('No item with an issue of example');
  expect(world.told('by olga-gh, waits').filter((text) => text.startsWith('{"chat":"ops"}'))).toHaveLength(1);
});

test('the check beside a deployment turns with the window, whatever else it waits for', async () => {
  const world = await atProduction();
  await world.to('2026-11-24T10:00:00+01:00');
  const deployment = await world.deploy({ by: 'wim-gh' });
  const shown = () => checksOf(world, deployment.sha);
  expect(shown()).toEqual(['success']);
  await world.to('2026-11-25T23:59:59.999+01:00');
  expect(shown()).toEqual(['success']);
  await world.to('2026-11-26T00:00:00+01:00');
  expect(shown()).toEqual(['failure']);
  await world.to('2026-11-29T23:59:59.999+01:00');
  expect(shown()).toEqual(['failure']);
  await world.to(OPENS);
  expect(shown()).toEqual(['success']);
  await world.play('olga: /freeze declare 2026-12-01 2026-12-01 a fair');
  await world.to('2026-12-01T00:00:00+01:00');
  expect(shown()).toEqual(['failure']);
  await world.play('olga: /freeze lift FREEZE-1');
  expect(shown()).toEqual(['success']);
  // It is said once why it waits, and never that it may go.
  expect(world.words(deployment)).toEqual(['held']);
});

test('OPS deploys outside the bot: the release is in the history, marked, and nobody is woken', async () => {
  const world = await atProduction();
  const { github } = world.whole;
  github.repo('example/web').guarded.clear();
  const deployment = await world.deploy();
  await world.finish(deployment);
  expect(await world.history()).toContain('outside the bot');
  expect(world.whole.bot().engine.world().get('item', 'WEB-1')?.step).toBe('monitoring');
  expect(alerts(world)).toEqual([]);
  // Told once more, by webhook and by comparison: nothing more.
  const before = await world.history();
  const told = github.hooks.deliveries.findLast(({ event }) => event === 'deployment_status');
  await github.hooks.signed(told?.body ?? '', { 'x-github-event': 'deployment_status' });
  await world.to('2026-11-23T10:10:00+01:00');
  expect(await world.history()).toBe(before);
});

test.each([
  { how: 'by webhook', plan: 'send' },
  { how: 'by comparison alone', plan: 'drop' },
] as const)('one inside the freeze wakes OPS and stands in the history ($how)', async ({ plan }) => {
  const world = await atProduction();
  const { github } = world.whole;
  github.repo('example/web').guarded.clear();
  await world.to(THURSDAY);
  github.hooks.plan = () => plan;
  await world.finish(await world.deploy());
  await world.to('2026-11-26T10:05:00+01:00');
  expect(alerts(world)).toMatchObject([{ severity: 'critical', item: 'WEB-1' }]);
  expect(alerts(world)[0]?.title).toContain('inside the freeze that ends Mon 30 Nov 00:00 (R2)');
  expect(await world.history()).toContain('inside the freeze');
  expect(world.whole.bot().engine.world().get('item', 'WEB-1')?.step).toBe('production');
});

test.each([
  { how: 'by webhook', plan: 'send' },
  { how: 'by comparison alone', plan: 'drop' },
] as const)('the released commit deployed again inside the freeze wakes OPS, once ($how)', async ({ plan }) => {
  const world = await atProduction();
  const { github } = world.whole;
  github.repo('example/web').guarded.clear();
  await world.finish(await world.deploy());
  await world.to(THURSDAY);
  expect(alerts(world)).toEqual([]);
  github.hooks.plan = () => plan;
  const again = await world.deploy();
  await world.finish(again);
  await world.finish(again);
  await world.to('2026-11-26T10:05:00+01:00');
  await world.to('2026-11-26T10:10:00+01:00');
  expect(alerts(world)).toMatchObject([{ severity: 'critical' }]);
  expect(alerts(world)[0]?.title).toContain('inside the freeze');
});

test('one inside the freeze, while the bot is down until Monday, wakes OPS when it is back', async () => {
  const world = await atProduction();
  world.whole.github.repo('example/web').guarded.clear();
  await world.to('2026-11-28T10:00:00+01:00');
  await world.stop();
  await world.finish(await world.deploy());
  await world.whole.advance(3 * DAY);
  await world.start();
  expect(alerts(world)).toMatchObject([{ severity: 'critical', item: 'WEB-1' }]);
  expect(alerts(world)[0]?.title).toContain('inside the freeze');
});

test('one of Wednesday evening that is heard of on Thursday wakes nobody', async () => {
  const world = await atProduction();
  world.whole.github.repo('example/web').guarded.clear();
  await world.to('2026-11-25T23:00:00+01:00');
  await world.stop();
  await world.finish(await world.deploy());
  await world.whole.advance(DAY / 2);
  await world.start();
  expect(await world.history()).toContain('outside the bot');
  expect(alerts(world)).toEqual([]);
});

test('a login of OPS that somebody else has by now releases nothing on production', async () => {
  const world = await atProduction();
  const { github } = world.whole;
  const web = github.repo('example/web');
  const [issue] = web.issues;
  if (issue === undefined) throw new Error('there is an issue');
  const olga = github.user('olga-gh');
  github.comment(web, issue, olga, '/status WEB-1');
  await world.whole.settled();
  Object.assign(olga, { id: 999_999 });
  const deployment = await world.deploy();
  expect(world.words(deployment)).toEqual(['held']);
  await world.finish(deployment);
  expect(alerts(world)).toMatchObject([{ severity: 'critical', item: 'WEB-1' }]);
  expect(await world.history()).toContain('by somebody who is not OPS (R1)');
});
