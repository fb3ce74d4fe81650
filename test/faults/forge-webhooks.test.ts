import { expect, test } from 'vitest';
import { severityOf } from '../../src/core/tracked.ts';
import { createRandom, type Random } from '../bench/year/random.ts';
import { runs } from '../support/chance.ts';
import { createStorm, refOfThing, type Storm, work } from './forge-storm.ts';
import { createForgeWorld, DAY, type ForgeWorld } from './forge-world.ts';

/** Webhooks that are lost, doubled, out of order or a day late: after two comparisons all is as it is there. */

type Fate = 'send' | 'drop' | 'double' | 'hold';
interface Weather {
  readonly name: string;
  fate(random: Random): Fate;
  /** What was held comes a day later; else after some steps, in any order. */
  readonly late?: true;
}
const WEATHERS: readonly Weather[] = [
  { name: 'three in ten are lost', fate: (random) => (random.chance(0.3) ? 'drop' : 'send') },
  { name: 'each comes twice', fate: () => 'double' },
  { name: 'they come in any order', fate: () => 'hold' },
  { name: 'they come a day late', fate: () => 'hold', late: true },
  { name: 'all of it at once', fate: (random) => random.pick(['drop', 'double', 'hold', 'send']), late: true },
];
const STEPS = 36;
/** So many seeds of each, or as many as `PROPERTY_RUNS` says. */
const SEEDS = Array.from({ length: runs(1) }, (_, at) => at + 1);

/** Each platform’s webhooks go through the weather. */
function begin(world: ForgeWorld, { fate }: Weather, random: Random): void {
  const { github, circles } = world.whole;
  github.hooks.plan = () => fate(random);
  // Circles holds all of them or none: what is to come at once comes with the next release.
  const fates = new Map<number, Fate>();
  const fateOf = (at: number): Fate => {
    const known = fates.get(at) ?? fate(random);
    fates.set(at, known);
    return known;
  };
  circles.peer.hooks.drop((_delivery, at) => fateOf(at) === 'drop');
  circles.peer.hooks.hold();
}

/** What was held goes out, in any order, one or the other of it twice. */
async function release(world: ForgeWorld, random: Random): Promise<void> {
  const { github, circles } = world.whole;
  await github.hooks.release((held) => random.shuffle([...held, ...held.filter(() => random.chance(0.2))]));
  circles.peer.hooks.release((held) => random.shuffle([...held, ...held.filter(() => random.chance(0.2))]));
  await world.whole.settled();
}

/** What it looks like there, and what we hold of it: open, title, severity. */
function compared(world: ForgeWorld, storm: Storm) {
  const { organisation } = world.whole;
  const bot = world.whole.bot().engine.world();
  const rows: Record<string, unknown> = {};
  const mirror: Record<string, unknown> = {};
  for (const { repo, issue } of storm.issues()) {
    const ref = `${repo.name}#${issue.number}`;
    rows[ref] = [issue.state === 'open', issue.title, [...issue.labels].sort(), severityOf(organisation, issue.labels)];
    const held = bot.get('ref', ref);
    mirror[ref] = [held?.open, held?.title, [...(held?.labels ?? [])].sort(), held?.severity];
  }
  for (const thing of storm.things()) {
    const ref = refOfThing(thing);
    const status = thing.project.lists[thing.kind === 'issue' ? 'issue_statuses' : 'us_statuses'].find(
      ({ id }) => id === thing.status,
    );
    const isClosed = thing.kind === 'issue' ? status?.is_closed : thing.isClosed && status?.is_closed;
    rows[ref] = [isClosed !== true, thing.fields.subject];
    const held = bot.get('ref', ref);
    mirror[ref] = [held?.open, held?.title];
  }
  return { rows, mirror };
}

async function storm(seed: number, weather: Weather | undefined) {
  const world = await createForgeWorld();
  const random = createRandom(seed * 7 + 1);
  const played = createStorm(seed, world);
  await world.whole.settled();
  await world.whole.reconcile();
  // Some of it belongs to an item, with a pair of a story and its issue.
  const slug = world.whole.circles.grid.slug;
  await world.play(`
    sam: /call open
    mia: /propose web Campaign
    mia: /link WEB-1 ${slug}/us:1
    sam: /approve WEB-1
    sue: /approve WEB-1
    sam: /prioritise WEB-1 1
    mia: /handover WEB-1 web
    wim: /link WEB-1 ${slug}/us:1 example/web#1
    wim: /link WEB-1 example/grid#2`);
  if (weather !== undefined) begin(world, weather, random);
  for (let n = 0; n < STEPS; n += 12) {
    await work(world, played, 12);
    if (weather !== undefined && weather.late === undefined) {
      await release(world, random);
      begin(world, weather, random);
    }
  }
  if (weather?.late === true) {
    await world.whole.settled();
    await world.whole.reconcile();
    await world.whole.advance(DAY);
  }
  if (weather !== undefined) await release(world, random);
  world.whole.github.hooks.plan = () => 'send';
  world.whole.circles.peer.hooks.drop(() => false);
  await world.whole.sweep();
  for (let n = 0; n < 2; n += 1) {
    await world.whole.reconcile();
    await world.whole.settled();
  }
  return { world, played };
}

const titlesOf = (world: ForgeWorld): string[] =>
  [...world.whole.github.world.repos.values()].flatMap(({ issues }) =>
    // One that was moved is there twice.
    issues.flatMap(({ title, gone }) => (gone !== undefined && gone !== 'deleted' ? [] : [title.split(',')[0] ?? ''])),
  );

/** All that must be so however its webhooks fared. */
function check(world: ForgeWorld, played: Storm): void {
  const { rows, mirror } = compared(world, played);
  expect(mirror).toEqual(rows);
  const bot = world.whole.bot().engine.world();
  const critical = Object.keys(rows).filter((ref) => {
    const held = bot.get('ref', ref);
    return held?.open === true && held.severity === 'critical';
  });
  // An alert outlives a severity that was lowered; what is critical now has one, and nothing else has a critical one.
  const alerts = bot.open('alert').flatMap(({ ref, severity }) => (severity === 'critical' ? [ref] : []));
  expect(alerts.sort()).toEqual(critical.sort());
  for (const ref of played.removed) expect([ref, bot.get('ref', ref)?.open]).toEqual([ref, false]);
  const titles = titlesOf(world);
  for (const title of played.said) expect([title, titles.filter((each) => each === title).length]).toEqual([title, 1]);
  for (const title of played.never) expect(titles).not.toContain(title);
  // No link leads to what is not there any more under that name.
  for (const { ref } of bot.get('item', 'WEB-1')?.links ?? []) {
    const moved = [...world.whole.github.world.repos.values()].some(({ name, issues }) =>
      issues.some(({ number, gone }) => gone !== undefined && gone !== 'deleted' && ref === `${name}#${number}`),
    );
    expect([ref, moved]).toEqual([ref, false]);
  }
}

test.each(SEEDS)('with no fault at all (seed %i)', async (seed) => {
  const { world, played } = await storm(seed, undefined);
  expect(played.said.length).toBeGreaterThan(0);
  check(world, played);
});

test.each(WEATHERS.flatMap((weather, at) => SEEDS.map((seed) => ({ seed: seed + at, weather, name: weather.name }))))(
  '$name (seed $seed)',
  async ({ seed, weather }) => {
    const { world, played } = await storm(seed, weather);
    check(world, played);
  },
);
