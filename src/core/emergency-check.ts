import { frozenUntil } from './calendar.ts';
import { declaredFreezes, type World } from './draft.ts';
import type { ItemState } from './item.ts';
import { hasRole, nameOf } from './people.ts';
import type { Process } from './process.ts';
import { checkRules } from './rule.ts';
import { toTold } from './text.ts';
import type { Vote } from './vote.ts';

/** What an emergency release wants (R2): looked at when it is asked for, and once more when the last one signs it. */

/** Is this an open critical issue of the item? */
export function isEmergency(world: World, item: ItemState, ref: string): boolean {
  const issue = world.get('ref', ref);
  return issue?.open === true && issue.severity === 'critical' && item.links.some((link) => link.ref === ref);
}

/** Why an emergency release that has its signatures is not carried out: what it was asked on no longer holds. */
export function lapsedEmergency(world: World, item: ItemState, process: Process, vote: Vote): string | undefined {
  const { key, emergency } = item;
  if (emergency?.emergency == null) return 'it is no longer asked for';
  const { by, environment } = emergency;
  if (!hasRole(world, by, 'ops')) return `${nameOf(world, by)}, who asked for it, is not of OPS any more (R1)`;
  // Days may lie between the two: another freeze is another emergency.
  const endOf = (at: number) => frozenUntil(world.organisation, declaredFreezes(world), at);
  const until = endOf(world.now);
  if (until === undefined || until !== endOf(vote.openedAt)) return 'the freeze in which it was asked for is over (R2)';
  if (!world.organisation.calendar.release_freeze.emergency)
    return 'the organisation’s file does not turn the emergency path on any more (R2)';
  if (!isEmergency(world, item, emergency.emergency))
    return `${emergency.emergency} is no open critical issue of ${key} any more (R2)`;
  const no = checkRules(world, by, { act: 'release', environment, emergency: true, isOwner: false }, item, process);
  return no === undefined ? undefined : toTold(no.text).replace(/\.$/, '').slice(0, 500);
}
