import type { World } from './draft.ts';
import type { ForgePlatform, Job, Order } from './job.ts';
import type { Effects } from './message.ts';
import { keeperOf } from './reference.ts';

/** What is ordered from the platforms that keep stories, issues and releases. */

export const isConnected = (world: World, platform: ForgePlatform): boolean =>
  world.forges?.connected(platform) === true;

/** The platform that keeps it, where that is connected. */
export function reachable(world: World, ref: string): { platform: ForgePlatform; where: string } | undefined {
  const keeper = keeperOf(ref);
  return keeper !== undefined && isConnected(world, keeper.platform) ? keeper : undefined;
}

/** Unique over organisations and restarts: what it is about, and the instant at which it was decided. */
export const markerOf = (world: World, ...words: readonly (string | number)[]): string =>
  [...words, world.now.toString(36)]
    .join('-')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+/, '');

/** Orders it; of several that tell where an item stands only the last is kept. */
export function order(effects: Effects, wanted: Order): void {
  const { job } = wanted;
  const older = effects.orders.findIndex(
    (each) =>
      job.do === 'comment' && job.status && each.job.do === 'comment' && each.job.status && each.job.ref === job.ref,
  );
  if (older >= 0) effects.orders.splice(older, 1);
  effects.orders.push(wanted);
}

/** A job on one story or issue, where its platform is connected. */
export function orderOn(
  world: World,
  effects: Effects,
  ref: string,
  of: string,
  job: Extract<Job, { readonly ref: string }>,
): void {
  const keeper = reachable(world, ref);
  if (keeper === undefined) return;
  const count = effects.orders.length + 1;
  order(effects, { ...keeper, job, of, marker: markerOf(world, job.do, ref, of, count) });
}
