import { expect, onTestFinished, test } from 'vitest';
import { createRig as createCirclesRig } from '../adapters/circles-rig.ts';
import { openRig, START } from '../adapters/github-rig.ts';
import { createFakeForge, forgesOn, inFolder } from '../shell/forge-stage.ts';

/** What a comparison costs follows from what has changed since, and not from how much there is. */

const LINKED = 100_000;

/** A GitHub with so many issues that have not changed for a year. */
async function githubWith(count: number) {
  const rig = await openRig();
  onTestFinished(rig.stop);
  const repo = rig.peer.repo('example/grid');
  const user = rig.peer.user('olga');
  const at = START - 365 * 24 * 3_600_000;
  for (let number = 1; number <= count; number += 1)
    repo.issues.push({
      id: number, number, title: `Issue ${number}`, body: '', user, state: 'open', reason: null, labels: [],
      created: at, updated: at, comments: [], isPull: false,
    }); // biome-ignore format: one issue
  let { cursor } = await rig.drain();
  /** Calls of one comparison, and what it told. */
  const compare = async () => {
    rig.clock.at += 300_000;
    const before = rig.peer.calls.length;
    const found = await rig.drain(cursor);
    ({ cursor } = found);
    return { calls: rig.peer.calls.length - before, told: found.news.length };
  };
  const change = (numbers: readonly number[]): void => {
    for (const number of numbers) {
      const issue = repo.issues[number - 1];
      if (issue !== undefined) rig.peer.rename(repo, issue, user, `Changed at ${rig.clock.at}`);
    }
  };
  rig.peer.hooks.plan = () => 'drop';
  return { compare, change };
}

test('GitHub: a comparison of a hundred thousand issues asks as often as one of ten', async () => {
  const few = await githubWith(10);
  const many = await githubWith(LINKED);
  for (const changed of [[], [3], [1, 2, 3, 4, 5, 6, 7, 8, 9]]) {
    few.change(changed);
    many.change(changed);
    const [small, large] = [await few.compare(), await many.compare()];
    expect(large.calls).toBe(small.calls);
    expect(large.told).toBeGreaterThanOrEqual(changed.length);
  }
  // Twelve an hour stay far below five thousand.
  expect((await many.compare()).calls * 12).toBeLessThan(5_000 / 20);
});

test('GitHub: what changed is asked for a hundred at a time', async () => {
  const many = await githubWith(LINKED);
  await many.compare();
  many.change(Array.from({ length: 450 }, (_, at) => at * 7 + 1));
  const { calls, told } = await many.compare();
  expect(told).toBeGreaterThanOrEqual(450);
  expect(calls).toBeLessThan(40);
});

test('Circles: so many stories are looked at a round, however many there are', async () => {
  const calls: number[] = [];
  for (const count of [2_000, 2_500]) {
    const isThere = (ref: string) => /us:/.test(ref) && Number(ref.split(':')[1]) <= count;
    const rig = await createCirclesRig({ mirror: (ref) => (isThere(ref) ? true : undefined) });
    onTestFinished(rig.close);
    for (let n = 0; n < count; n += 1) rig.peer.add('userstory', rig.grid, rig.anna, { subject: `Story ${n}` });
    rig.anHour();
    await rig.round();
    // Another hour later nothing of that is new.
    const before = rig.peer.seen.length;
    rig.anHour();
    await rig.round();
    calls.push(rig.peer.seen.length - before);
  }
  expect(calls[1]).toBe(calls[0]);
  expect(calls[0]).toBeLessThan(30);
});

test('what webhooks spoke of is looked at once, and nothing else that is linked', async () => {
  const forge = createFakeForge();
  const bot = await forgesOn(inFolder(), forge);
  bot.start();
  await bot.forges.reconcile();
  const ref = (number: number): string => `example/grid#${number}`;
  for (let number = 1; number <= 300; number += 1)
    await forge.webhook(`made-${number}`, {
      news: 'tracker',
      of: { platform: 'github', kind: 'issue', ref: ref(number), title: `Issue ${number}`, open: true, labels: [] },
    });
  for (let number = 1; number <= 300; number += 1)
    forge.there.set(ref(number), {
      platform: 'github', kind: 'issue', ref: ref(number), title: `Issue ${number}`, open: true, labels: [],
    }); // biome-ignore format: one issue
  await expect.poll(() => bot.engine.world().get('ref', ref(300))?.title).toBe('Issue 300');
  while (!(await bot.forges.reconcile()));
  expect(new Set(forge.looked).size).toBe(300);
  forge.looked.length = 0;
  await bot.forges.reconcile();
  expect(forge.looked).toEqual([]);
  await forge.webhook('again', { news: 'tracker', of: { platform: 'github', kind: 'issue', ref: ref(7), open: true } });
  await bot.forges.reconcile();
  expect(forge.looked.every((each) => each === ref(7))).toBe(true);
});
