import { closesAt, frozenUntil, showInstant } from './calendar.ts';
import { declaredFreezes, type World } from './draft.ts';
import { wayOn } from './guards.ts';
import { type ItemState, isOpenItem } from './item.ts';
import { openLinks, openNeeds } from './needs.ts';
import { nameOf } from './people.ts';
import { finalEnvironment, isGatedEnvironment, type Step, stepAt } from './process.ts';
import { bold, enumerate, lines, list, say, type Text } from './text.ts';

/** What lies before an item: where it is now, what is missing, when it could be released. */

export interface Place {
  readonly step: Step;
  readonly steps: number;
  readonly next: Step | undefined;
}

export function placeOf(world: World, item: ItemState): Place | undefined {
  const process = world.processOf(item.process)?.process;
  const step = process === undefined ? undefined : stepAt(process, item.stepNumber);
  return process === undefined || step === undefined
    ? undefined
    : { step, steps: process.steps.length, next: stepAt(process, item.stepNumber + 1) };
}

/** Where the item is now, in a line: after a command that moved it. */
export function nowAt(world: World, item: ItemState): Text {
  const place = placeOf(world, item);
  if (place === undefined || !isOpenItem(item)) return say`${item.key} is ${item.state}.`;
  const who =
    item.holder !== null
      ? `, held by ${nameOf(world, item.holder)}`
      : item.offer !== null
        ? `, offered to ${item.role}`
        : ` (${item.role})`;
  return say`${item.key} is now at ${bold(item.step)}, step ${item.stepNumber} of ${place.steps}${who}.`;
}

/** The gated release that the item still has before it, and the steps up to it. */
function releaseAhead(world: World, item: ItemState): { environment: string; steps: Step[] } | undefined {
  const process = world.processOf(item.process)?.process;
  if (process === undefined || (item.state !== 'active' && item.state !== 'proposed')) return undefined;
  const environment = finalEnvironment(process);
  const at = process.steps.findIndex(
    (step) => step.kind === 'release' && step.environment === environment && isGatedEnvironment(step.environment),
  );
  return environment === undefined || at < item.stepNumber - 1
    ? undefined
    : { environment, steps: process.steps.slice(item.stepNumber - 1, at + 1) };
}

/** What only the release itself asks for: the request to OPS, and open stories and issues where it is the last step. */
function lastThings(world: World, item: ItemState): string[] {
  const process = world.processOf(item.process)?.process;
  const step = process === undefined ? undefined : stepAt(process, item.stepNumber);
  if (process === undefined || step?.kind !== 'release') return [];
  const wantsRequest = step.performer !== undefined && step.performer !== step.owner && item.request === null;
  const open = item.stepNumber === process.steps.length ? openLinks(world, item).map((link) => link.ref) : [];
  return [
    ...(wantsRequest ? [`the ${step.owner}’s request`] : []),
    ...(open.length === 0 ? [] : [`${enumerate(open)} closed (R5)`]),
  ];
}

/** From Monday to Wednesday: what is missing for the release, and when the window closes. Empty in a freeze. */
export function outlook(world: World, item: ItemState): Text {
  const ahead = releaseAhead(world, item);
  const declared = declaredFreezes(world);
  if (
    ahead === undefined ||
    item.state !== 'active' ||
    frozenUntil(world.organisation, declared, world.now) !== undefined
  )
    return [];
  const missing = [
    ...ahead.steps.slice(0, -1).map((step) => step.id),
    ...(ahead.steps.length === 1 ? lastThings(world, item) : []),
    ...(ahead.steps.length === 1 ? openNeeds(world, item, ahead.steps[0] as Step).map((need) => need.name) : []),
  ];
  const closes = showInstant(world.organisation, closesAt(world.organisation, declared, world.now));
  return say`Before ${ahead.environment}: ${missing.length === 0 ? 'nothing is missing' : enumerate(missing)}. The window closes ${closes}.`;
}

/** The earliest instant at which the item could be released on its final environment. */
export function earliestRelease(world: World, item: ItemState): { environment: string; at: number } | undefined {
  const ahead = releaseAhead(world, item);
  if (ahead === undefined) return undefined;
  return {
    environment: ahead.environment,
    at: frozenUntil(world.organisation, declaredFreezes(world), world.now) ?? world.now,
  };
}

/** Everything between the item and its next step. */
export function standing(world: World, item: ItemState): Text {
  const place = placeOf(world, item);
  if (place === undefined) return [];
  const needs = openNeeds(world, item, place.step);
  const open = openLinks(world, item).map((link) => link.ref);
  return lines(
    say`Next: ${wayOn(item, place.step)}.`,
    needs.length === 0
      ? say`Every need of ${bold(item.step)} holds.`
      : say`${bold(item.step)} still needs:${list(needs.map((need) => need.text))}`,
    open.length === 0 ? [] : say`To be closed before it completes (R5): ${enumerate(open)}.`,
  );
}
