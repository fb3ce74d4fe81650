import { expect, test } from 'vitest';
import { createForgeWorld, DAY, type ForgeWorld, HOUR, OPENS, THURSDAY, toProduction } from './forge-world.ts';

/** A deployment to production that is started inside the freeze, over the real adapters: it waits, and it goes when it may. */

const BEFORE = '2026-11-29T23:59:59.999+01:00';
const WEDNESDAY_END = '2026-11-25T23:59:59.999+01:00';
const THURSDAY_BEGINS = '2026-11-26T00:00:00+01:00';

async function atProduction(): Promise<ForgeWorld> {
  const world = await createForgeWorld();
  await toProduction(world);
  return world;
}
const freezes = (world: ForgeWorld, sha: string) =>
  world.whole.github.repo('example/web').checks.flatMap((check) => (check.sha === sha ? [check.conclusion] : []));

test('on Thursday it is held and says why; on Monday 00:00 it goes by itself; what it did is the release', async () => {
  const world = await atProduction();
  await world.to(THURSDAY);
  const deployment = await world.deploy();
  expect(world.words(deployment)).toEqual(['held']);
  expect(deployment.reports[0]?.comment).toMatch(/freeze \(R2\).*Mon 30 Nov 00:00/s);
  expect(await world.history()).toMatch(/held.*production, v1.*freeze \(R2\)/);
  expect(world.told('A deployment of example/web to production, by olga-gh, waits')).toHaveLength(1);
  expect(freezes(world, deployment.sha)).toEqual(['failure']);
  await world.to(BEFORE);
  expect(deployment.waits).toBe(true);
  await world.to(OPENS);
  expect(world.words(deployment)).toEqual(['held', 'approved']);
  expect(freezes(world, deployment.sha)).toEqual(['success']);
  await world.finish(deployment);
  const item = world.whole.bot().engine.world().get('item', 'WEB-1');
  expect(item?.step).toBe('monitoring');
  expect(item?.environments.find(({ environment }) => environment === 'production')?.version).toBe('v1');
  expect(world.whole.bot().engine.world().open('alert')).toEqual([]);
});

test('when its gates do not hold on Monday it waits on and says so, and goes when they do', async () => {
  const world = await atProduction();
  await world.to(THURSDAY);
  await world.play('olga: /release WEB-1 staging v2');
  const deployment = await world.deploy({ ref: 'v2' });
  await world.to(OPENS);
  expect(world.words(deployment)).toEqual(['held', 'held']);
  expect(deployment.reports.at(-1)?.comment).toContain('the approval of what is on staging');
  // The window is open all the same, and the check beside it says so.
  expect(freezes(world, deployment.sha)).toEqual(['success']);
  await world.play('sam: /approve WEB-1\n sue: /approve WEB-1');
  expect(world.words(deployment)).toEqual(['held', 'held', 'approved']);
});

test('what the stakeholders reject while it waits is turned away, and stays so', async () => {
  const world = await atProduction();
  await world.to(THURSDAY);
  await world.play('olga: /release WEB-1 staging v2');
  const deployment = await world.deploy({ ref: 'v2' });
  await world.play('sam: /reject WEB-1 the texts are wrong\n sue: /reject WEB-1 the texts are wrong');
  expect(world.words(deployment)).toEqual(['held', 'rejected']);
  expect(deployment.waits).toBe(false);
  expect(await world.history()).toContain('turned away its deployment to production');
  await world.to('2026-11-30T12:00:00+01:00');
  expect(world.words(deployment)).toEqual(['held', 'rejected']);
});

test('the bot is down over Monday 00:00: it goes when the bot is back, once', async () => {
  const world = await atProduction();
  await world.to(THURSDAY);
  const deployment = await world.deploy();
  await world.stop();
  await world.whole.advance(5 * DAY);
  await world.start();
  expect(world.words(deployment)).toEqual(['held', 'approved']);
  await world.to('2026-12-01T18:00:00+01:00');
  expect(world.words(deployment)).toEqual(['held', 'approved']);
});

test('it was started while the bot was down: what GitHub kept is fetched, and judged as at that moment', async () => {
  const world = await atProduction();
  await world.to(THURSDAY);
  await world.stop();
  const deployment = await world.deploy();
  await world.whole.advance(HOUR);
  await world.start();
  await world.whole.sweep();
  await world.whole.settled();
  await expect.poll(() => world.words(deployment)).toEqual(['held']);
  await world.to(OPENS);
  expect(world.words(deployment)).toEqual(['held', 'approved']);
});

test('restarts in between, redeliveries and replays days later change nothing, and no deployment gets eleven reports', async () => {
  const world = await atProduction();
  const { github } = world.whole;
  github.hooks.plan = () => 'double';
  await world.to(THURSDAY);
  const deployment = await world.deploy();
  const delivery = github.hooks.deliveries.findLast(({ event }) => event === 'deployment_protection_rule');
  if (delivery === undefined) throw new Error('GitHub told nothing');
  for (const day of ['27', '28', '29']) {
    await world.to(`2026-11-${day}T10:00:00+01:00`);
    await github.hooks.redeliver(delivery);
    // Under another name of the delivery, as if somebody had recorded it.
    const again = { 'x-github-event': 'deployment_protection_rule' };
    expect(await github.hooks.signed(delivery.body, again)).toBe(202);
    await world.whole.restart();
    await world.whole.settled();
  }
  expect(world.words(deployment)).toEqual(['held']);
  await world.to(OPENS);
  await github.hooks.signed(delivery.body, { 'x-github-event': 'deployment_protection_rule' });
  await world.to('2026-12-03T10:00:00+01:00');
  await github.hooks.signed(delivery.body, { 'x-github-event': 'deployment_protection_rule' });
  await world.to('2026-12-03T10:10:00+01:00');
  expect(world.words(deployment)).toEqual(['held', 'approved']);
});

test('its reason changes twenty times, with restarts: at most ten reports, and the tenth is not needed for the word', async () => {
  const world = await atProduction();
  await world.to(THURSDAY);
  const deployment = await world.deploy();
  for (let n = 1; n <= 20; n += 1) {
    const day = String(n).padStart(2, '0');
    await world.play(`olga: /freeze declare 2026-11-30 2026-12-${day} work on it`);
    if (n % 5 === 0) await world.whole.restart();
    await world.whole.settled();
  }
  expect(deployment.reports.length).toBeGreaterThan(5);
  expect(deployment.reports.length).toBeLessThan(10);
  for (let n = 1; n <= 20; n += 1) await world.play(`olga: /freeze lift FREEZE-${n}`);
  await world.to(OPENS);
  expect(world.words(deployment).at(-1)).toBe('approved');
  expect(deployment.reports.length).toBeLessThanOrEqual(10);
});

test.each([
  { at: WEDNESDAY_END, word: 'approved' },
  { at: THURSDAY_BEGINS, word: 'held' },
  { at: '2026-11-26T00:00:00.001+01:00', word: 'held' },
  { at: BEFORE, word: 'held' },
  { at: OPENS, word: 'approved' },
  { at: '2026-11-30T00:00:00.001+01:00', word: 'approved' },
])('one that is started at $at is $word', async ({ at, word }) => {
  const world = await atProduction();
  await world.to(at);
  expect(world.words(await world.deploy())).toEqual([word]);
});

test('let go in the last millisecond of Wednesday, and GitHub is away until Thursday: it is taken back, and goes on Monday', async () => {
  const world = await atProduction();
  const { github } = world.whole;
  await world.to(WEDNESDAY_END);
  github.fault('POST /repos/{owner}/{repo}/actions/runs/{run}/deployment_protection_rule', { status: 502 }, 1);
  const deployment = github.deploy(github.repo('example/web'), github.user('olga-gh'), {
    environment: 'production',
    ref: 'v1',
  });
  await expect.poll(() => world.whole.rows('uncertain').length, { timeout: 10_000 }).toBe(1);
  expect(deployment.reports).toEqual([]);
  await world.to('2026-11-26T00:01:00+01:00');
  expect(world.words(deployment)).toEqual(['held']);
  await world.to(OPENS);
  expect(world.words(deployment)).toEqual(['held', 'approved']);
});

test('a freeze is declared while the approval is on its way: what GitHub has taken is history, what it has not is taken back', async () => {
  const world = await atProduction();
  const { github } = world.whole;
  await world.to('2026-11-24T10:00:00+01:00');
  const rule = 'POST /repos/{owner}/{repo}/actions/runs/{run}/deployment_protection_rule';
  github.fault(rule, { status: 502 }, 1);
  const lost = github.deploy(github.repo('example/web'), github.user('olga-gh'), {
    environment: 'production',
    ref: 'v1',
  });
  await expect.poll(() => world.whole.rows('uncertain').length, { timeout: 10_000 }).toBe(1);
  await world.ask('olga', '/freeze declare 2026-11-24 2026-11-25 an incident');
  await world.to('2026-11-24T10:05:00+01:00');
  expect(world.words(lost)).toEqual(['held']);
  await world.play('olga: /freeze lift FREEZE-1');
  expect(world.words(lost)).toEqual(['held', 'approved']);
  expect(await world.history()).toMatch(/let go.*held.*let go/s);
});
