import { dayAt, frozenUntil } from './calendar.ts';
import { EMERGENCY_SIGNATURES } from './clocks.ts';
import { type ItemContext, type Outcome, reply } from './command.ts';
import { declaredFreezes } from './draft.ts';
import { dutyNow } from './duty.ts';
import { isEmergency } from './emergency-check.ts';
import { openItemVote, signatures } from './flow.ts';
import { lacksRole } from './guards.ts';
import type { Environment } from './organisation.ts';
import { nameOf } from './people.ts';
import { isGatedEnvironment } from './process.ts';
import { findReference, ownCircle } from './reference.ts';
import { already, forbid, refuse } from './rule.ts';
import { code, say } from './text.ts';

interface EmergencyArgs {
  readonly environment: Environment;
  readonly emergency?: string | undefined;
}

/** The emergency path (R2): asked by the OPS person on call, for an open critical issue, carried out by two stakeholders' approval. */
export function askEmergency(context: ItemContext<EmergencyArgs>): Outcome {
  const { draft, world, actor, args, item } = context;
  const { environment } = args;
  const no = lacksRole(context, ['ops']);
  if (no !== undefined) return no;
  if (
    !isGatedEnvironment(environment) ||
    frozenUntil(world.organisation, declaredFreezes(world), world.now) === undefined
  )
    return refuse(say`There is no freeze on ${environment} now: say ${code(`/release ${item.key} ${environment}`)}.`);
  const { first } = dutyNow(world);
  if (first !== actor.id)
    return forbid(
      say`An emergency release is asked for by the person on call${first === undefined ? '' : `, ${nameOf(world, first)}`} (${dayAt(world.organisation, world.now).date}).`,
      'R2',
    );
  const reference = findReference(world, args.emergency ?? '', ownCircle(item.circle));
  if (reference === undefined || !isEmergency(world, item, reference.ref))
    return refuse(
      say`An emergency names an open critical issue of ${item.key} (R2); ${args.emergency?.slice(0, 80) ?? 'nothing'} is none.`,
      { rule: 'R2' },
    );
  if (item.votes.some((vote) => vote.subject === 'emergency' && vote.result === null))
    return already(say`The emergency release of ${item.key} waits for two stakeholders.`);
  draft.emit('item', item.key, {
    type: 'release-requested',
    environment,
    version: null,
    by: actor.id,
    emergency: reference.ref,
  });
  openItemVote(draft, item.key, 'emergency', [signatures(draft, 'stakeholder', EMERGENCY_SIGNATURES)]);
  return reply(
    'requested',
    say`Two stakeholders are asked to approve the emergency release of ${item.key} on ${environment}, because of ${reference.ref}.`,
  );
}
