import type { World } from './draft.ts';
import type { ItemState } from './item.ts';
import type { ForgePlatform } from './job.ts';
import { isConnected } from './orders.ts';
import { keeperOf, ownCircle } from './reference.ts';
import type { LogSort } from './tracked.ts';

/** Where a report is logged; undefined: in the embedded tracker. */
export function placeToLog(
  world: World,
  sort: LogSort,
  item: ItemState | undefined,
): { readonly platform: ForgePlatform; readonly where: string } | undefined {
  const platform = sort === 'issue' ? 'github' : 'circles';
  if (!isConnected(world, platform)) return undefined;
  const where = sort === 'issue' ? repositoryOf(world, item) : circleOf(world, item);
  return where === undefined ? undefined : { platform, where };
}

/** The repository of the issues that the item has already, where it is one of ours; else the organisation's first. */
function repositoryOf(world: World, item: ItemState | undefined): string | undefined {
  const { repositories } = world.organisation.github;
  const linked = item?.links.flatMap(({ ref }) => {
    const keeper = keeperOf(ref);
    return keeper?.platform === 'github' ? [keeper.where.toLowerCase()] : [];
  });
  return repositories.find((name) => linked?.includes(name.toLowerCase())) ?? repositories[0];
}

const circleOf = (world: World, item: ItemState | undefined): string | undefined =>
  ownCircle(item?.circle ?? null) ?? world.organisation.circles.default;
