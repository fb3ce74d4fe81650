import { type Played, playHistory } from './history.ts';
import type { Plan, Step } from './plan.ts';
import type { Plant } from './plants.ts';

/** The least of a history that still fails in the same way: steps are left out, many at once first. */

const MOST_TRIES = 80;

export async function shrink(
  plan: Plan,
  failed: Played,
  folder: string,
  plant?: Plant,
): Promise<{ plan: Plan; played: Played }> {
  let best = { plan, played: failed };
  let tries = 0;
  for (let size = Math.ceil(plan.steps.length / 2); size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2)) {
    for (let from = 0; from < best.plan.steps.length && tries < MOST_TRIES; ) {
      tries += 1;
      const steps: readonly Step[] = [...best.plan.steps.slice(0, from), ...best.plan.steps.slice(from + size)];
      const smaller = { ...plan, steps };
      const played = await playHistory(smaller, folder, plant);
      if (played.problem?.invariant === failed.problem?.invariant) best = { plan: smaller, played };
      else from += size;
    }
  }
  return best;
}
