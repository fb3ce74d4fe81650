import type { Context, ItemContext } from './command.ts';
import type { ItemState } from './item.ts';
import type { Role } from './organisation.ts';
import { hasRole, membersOf, nameOf, ownersOf } from './people.ts';
import type { Step } from './process.ts';
import { forbid, type Refusal, refuse } from './rule.ts';
import { bold, enumerate, say } from './text.ts';

/** The questions that many commands ask first: is it the right sort of step, and is this person the one to say it? */

export function wrongStep(
  context: ItemContext<unknown>,
  kinds: readonly Step['kind'][],
  verb: string,
): Refusal | undefined {
  const { item, step } = context;
  if (kinds.includes(step.kind)) return undefined;
  return refuse(
    say`${item.key} is at ${bold(step.id)} (step ${item.stepNumber}), where there is nothing to ${verb}: ${wayOn(item, step)}.`,
    { key: item.key },
  );
}

/** The command that closes a step, for the people who stand before it. */
export function wayOn(item: ItemState, step: Step): string {
  switch (step.kind) {
    case 'vote':
      return `${step.owner}s say /approve ${item.key}`;
    case 'decide':
      return `a stakeholder says /prioritise ${item.key} RANK on the call`;
    case 'work':
      return `the ${step.owner} team says /done ${item.key}`;
    case 'handover':
      return `the ${step.owner} team says /handover ${item.key} ${step.to}`;
    case 'release':
      return `${step.performer ?? step.owner} says /release ${item.key} ${step.environment}`;
    case 'test':
      return `the ${step.owner} team says /pass ${item.key} or /fail ${item.key} REF`;
    case 'invite':
      return `the ${step.owner} team says /invite ${item.key}`;
    default:
      return step satisfies never;
  }
}

export const isMember = (context: Context<unknown>, role: Role, item?: ItemState): boolean =>
  membersOf(context.world, role, item).includes(context.actor.id);

/** The team that holds the item: nobody else closes its step. */
export function notOwner(context: ItemContext<unknown>): Refusal | undefined {
  const { item, world } = context;
  if (isMember(context, item.role, item)) return undefined;
  const team = membersOf(world, item.role, item).map((id) => nameOf(world, id));
  return forbid(
    say`That is for ${bold(item.role)}${team.length === 0 ? ', and nobody holds that role' : ` (${enumerate(team.slice(0, 5))})`}.`,
  );
}

/** Only these roles may say it. */
export function lacksRole(context: Context<unknown>, roles: readonly Role[], item?: ItemState): Refusal | undefined {
  if (roles.some((role) => hasRole(context.world, context.actor.id, role, item))) return undefined;
  return forbid(say`That is for ${enumerate([...roles], 'or')}.`);
}

export const isOwnerOfItem = (context: Context<unknown>, item: ItemState): boolean =>
  ownersOf(context.world, item).includes(context.actor.id);

/** The team that holds it, its proposer, its owner, a dev lead: those who keep its links. */
export function mayLink(context: Context<unknown>, item: ItemState): boolean {
  const { actor, world } = context;
  return (
    isMember(context, item.role, item) ||
    item.proposer === actor.id ||
    isOwnerOfItem(context, item) ||
    isMember(context, 'circle-owner', item) ||
    hasRole(world, actor.id, 'dev-lead')
  );
}
