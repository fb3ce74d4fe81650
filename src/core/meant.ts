import { type DeploymentState, isVersion } from './deployment.ts';
import type { World } from './draft.ts';
import type { ItemState } from './item.ts';
import type { Environment } from './organisation.ts';
import { keeperOf } from './reference.ts';
import { approvedVersion, targetStep } from './releasing.ts';

/** Which item a deployment is of: by its repository, and by its version where one is recorded. */

/** What a deployment lacks that is of another version than its item's. */
export const OTHER = 'approved-version';

/** The open items that stand before this release: by an issue in that repository, and by the version where one is recorded. */
export function itemsBefore(
  world: World,
  repository: string,
  environment: Environment,
  of: { version: string | null; sha: string | null },
): ItemState[] {
  const items = world
    .open('item')
    .filter((item) => isOf(item, repository) && targetStep(world, item, environment) !== undefined);
  if (items.length < 2) return items;
  const meant = items.filter((item) => {
    const named = approvedVersion(item) ?? item.request?.version ?? null;
    return named !== null && isVersion(named, of);
  });
  return meant.length === 1 ? meant : items;
}

/** Has the item an issue in this repository? */
export const isOf = (item: ItemState, repository: string): boolean =>
  item.links.some(({ ref }) => {
    const keeper = keeperOf(ref);
    return keeper?.platform === 'github' && keeper.where.toLowerCase() === repository.toLowerCase();
  });

/** Is it truly this item's, or was that one only the nearest? Its version says so, or the gates for which it waits. */
export function isMeant(item: ItemState, { version, sha, reason, sort }: DeploymentState): boolean {
  const named = approvedVersion(item) ?? item.request?.version ?? null;
  if (named !== null) return isVersion(named, { version, sha });
  // What is kept by anything but a gate has its reason as its sort.
  return sort !== null && sort !== reason && !sort.split(' ').includes(OTHER);
}
