import { MINUTE, showInstant } from './calendar.ts';
import type { World } from './draft.ts';
import type { ForgePlatform } from './job.ts';
import { reachable } from './orders.ts';

/** Gates look at the truth: what the platform has not confirmed for a while is not taken as it was. */

const STALE_AFTER = 15 * MINUTE;
const NAMES: Readonly<Record<ForgePlatform, string>> = { github: 'GitHub', circles: 'Circles' };

/** Since when a platform that keeps some of these has not been compared with what we know; undefined: all is fresh. */
export function notVerified(world: World, refs: readonly string[]): string | undefined {
  if (world.forges === undefined) return undefined;
  const platforms = new Set(refs.flatMap((ref) => reachable(world, ref)?.platform ?? []));
  for (const platform of platforms) {
    const at = world.forges.verifiedAt(platform);
    if (at === undefined) return `not verified with ${NAMES[platform]} yet`;
    if (at < world.now - STALE_AFTER)
      return `not verified with ${NAMES[platform]} since ${showInstant(world.organisation, at)}`;
  }
  return undefined;
}

/** Stories and issues of which only people have spoken, while their platform can not be asked. */
export const notConfirmed = (world: World, refs: readonly string[]): string | undefined =>
  notVerified(
    world,
    refs.filter((ref) => world.get('ref', ref)?.confirmed !== true),
  );
