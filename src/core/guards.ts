import type { Context, ItemContext } from './command.ts';
import type { ItemState } from './item.ts';
import type { Role } from './organisation.ts';
import { hasRole, membersOf, ownersOf } from './people.ts';
import type { Step } from './process.ts';
import { forbid, notFound, type Refusal, refuse } from './rule.ts';
import { bold, code, enumerate, say } from './text.ts';
import { whoHas } from './words.ts';

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
  return forbid(
    say`That is for the team that holds it: ${whoHas(world, item.role, membersOf(world, item.role, item))}.`,
  );
}

/** Only these roles may say it. */
export function lacksRole(context: Context<unknown>, roles: readonly Role[], item?: ItemState): Refusal | undefined {
  if (roles.some((role) => hasRole(context.world, context.actor.id, role, item))) return undefined;
  const who = roles.map((role) => whoHas(context.world, role, membersOf(context.world, role, item)));
  return forbid(say`That is for ${enumerate(who, 'or')}.`);
}

/** A name that is nobody's; who can add people is told how. */
export function unknownPerson({ world, actor }: Context<unknown>, word: string): Refusal {
  const name = word.slice(0, 80);
  const id = /^@?([\p{L}\p{N}][\p{L}\p{N}._-]{0,63})$/u.exec(name)?.[1] ?? 'ID';
  return hasRole(world, actor.id, 'admin')
    ? notFound(
        say`I do not know “${name}”. Add them with ${code(`/person add ${id} NAME telegram NUMBER`)} (or ${code('slack ID')}), or name people by their id.`,
      )
    : notFound(say`I do not know “${name}”. Name people by their id; an admin adds them with /person add.`);
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
