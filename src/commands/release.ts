import { z } from 'zod';
import { capital, opsOr } from '../core/alerting.ts';
import { EnvironmentWord, Ref, Version } from '../core/arguments.ts';
import { frozenUntil, showInstant } from '../core/calendar.ts';
import { defineCommand, type ItemContext, type Outcome, reply } from '../core/command.ts';
import { declaredFreezes } from '../core/draft.ts';
import { askEmergency } from '../core/emergency.ts';
import { itemOf, touch } from '../core/flow.ts';
import { isMember, wayOn } from '../core/guards.ts';
import { isReleasedOn, pagesOf } from '../core/needs.ts';
import type { Environment, Role } from '../core/organisation.ts';
import { nowAt, outlook } from '../core/outlook.ts';
import { membersOf } from '../core/people.ts';
import { isGatedEnvironment, type Step, stepAt } from '../core/process.ts';
import {
  carryOut,
  checkRelease,
  performerOf,
  type ReleaseStep,
  renew,
  reviewOf,
  type Target,
  targetOf,
  targetStep,
} from '../core/releasing.ts';
import { already, checkRule, checkRules, forbid, type Refusal, refuse } from '../core/rule.ts';
import { bold, buttons, lines, say, type Text } from '../core/text.ts';
import { whoHas } from '../core/words.ts';

const Args = z.object({
  environment: EnvironmentWord,
  version: Version,
  emergency: Ref.optional(),
  more: z.undefined({ error: 'a version is one word' }),
});
type Args = z.infer<typeof Args>;

export default defineCommand({
  name: 'release',
  usage: '/release [KEY] ENV [VERSION]',
  summary: 'Put an item on an environment, or ask OPS to.',
  who: 'the step’s performer; OPS on mainnet and production',
  examples: ['/release testnet', '/release WEB-1 production v1.4', '/release WEB-1 production emergency example/web#7'],
  on: 'item',
  args: Args,
  read: ({ all }) => {
    const [environment, second, third] = all;
    const isEmergency = second?.toLowerCase() === 'emergency';
    return {
      environment,
      version: isEmergency ? undefined : second,
      emergency: isEmergency ? (third ?? '') : undefined,
      more: all[isEmergency ? 3 : 2],
    };
  },
  probes: (world, _words, item) => (item === undefined ? [] : pagesOf(item, world.processOf(item.process)?.process)),
  first: ({ world, actor, args: words, place }) => {
    const environment = EnvironmentWord.safeParse(words.all[0]).data;
    if (environment === undefined || !isGatedEnvironment(environment) || place !== null) return undefined;
    // Said of no item: who could only be asking needs an item of theirs to ask for.
    const asks = world
      .open('item')
      .some(
        (item) =>
          targetStep(world, item, environment) !== undefined && membersOf(world, item.role, item).includes(actor.id),
      );
    return asks
      ? undefined
      : checkRule(world, 'R1', actor.id, { act: 'release', environment, emergency: false, isOwner: false });
  },
  candidate: (world, actor, item, words) => {
    const environment = EnvironmentWord.safeParse(words.all[0]).data;
    const process = world.processOf(item.process)?.process;
    const target =
      environment === undefined || process === undefined ? undefined : targetOf(process, item, environment);
    const renews =
      target?.how === 'again' &&
      process !== undefined &&
      environment !== undefined &&
      isReviewOf(stepAt(process, item.stepNumber), environment);
    if (target === undefined || (target.how === 'again' && !renews)) return false;
    return [performerOf(target.step), target.step.owner].some((role) => membersOf(world, role, item).includes(actor));
  },
  decide: (context) => release(context),
});

const isReviewOf = (step: Step | undefined, environment: Environment): boolean =>
  step?.kind === 'release' && step.review?.of === environment;

function release(context: ItemContext<Args>): Outcome {
  const { draft, actor, args, item, process, step } = context;
  const { environment } = args;
  const target = targetOf(process, item, environment);
  const isOwner =
    target?.how === 'step' && target.step.performer !== undefined && isMember(context, target.step.owner, item);
  const isEmergency = args.emergency !== undefined;
  const onlyOps = checkRule(
    draft,
    'R1',
    actor.id,
    { act: 'release', environment, emergency: isEmergency, isOwner },
    item,
    process,
  );
  if (onlyOps !== undefined) return onlyOps;
  if (target === undefined)
    return refuse(
      say`${item.key} is at ${bold(step.id)} (step ${item.stepNumber}), from where nothing goes to ${environment}: ${wayOn(item, step)}.`,
    );
  const performer = performerOf(target.step);
  if (!isMember(context, performer, item)) return isOwner ? ask(context) : notYours(context, performer);
  // One person may be both: what they say first is the request, what they say next the release.
  if (isOwner && performer !== target.step.owner && item.request === null && !isEmergency) return ask(context);
  const rule = checkRules(
    draft,
    actor.id,
    { act: 'release', environment, emergency: isEmergency, isOwner: false },
    item,
    process,
  );
  if (isEmergency) return rule ?? askEmergency(context);
  if (target.how === 'step') return perform(context, target.step, rule);
  return rule ?? again(context, target);
}

/** Whose it is, by name; what OPS does is asked of OPS. */
function notYours({ world, item, args }: ItemContext<Args>, role: Role): Refusal {
  const { environment } = args;
  const ask =
    role === 'ops' ? [buttons({ label: 'Ask OPS', command: 'env', on: item.key, args: `request ${environment}` })] : [];
  return forbid(
    say`${item.key} is put on ${environment} by ${whoHas(world, role, membersOf(world, role, item))}.${ask}`,
  );
}

/** The owner of the step asks; OPS does it. */
function ask({ draft, actor, args, item }: ItemContext<Args>): Outcome {
  const { environment, version = null } = args;
  if (item.request?.environment === environment && item.request.version === version)
    return already(say`OPS has been asked to release ${item.key} on ${environment}.`);
  touch(draft, item.key, actor.id);
  draft.emit('item', item.key, { type: 'release-requested', environment, version, by: actor.id, emergency: null });
  const frozen = frozenUntil(draft.organisation, declaredFreezes(draft), draft.now);
  const wait =
    frozen === undefined
      ? ''
      : ` The freeze ends ${showInstant(draft.organisation, frozen)}; nothing is released before.`;
  return reply(
    'requested',
    lines(
      say`${capital(opsOr(draft, 'is asked', `to release ${item.key} on ${environment}`))}.${wait}`,
      outlook(draft, itemOf(draft, item.key)),
    ),
  );
}

/** The step's own release: every rule and need must hold, and it closes the step. */
function perform(context: ItemContext<Args>, step: ReleaseStep, rule: Refusal | undefined): Outcome {
  const { draft, actor, args, item } = context;
  const ready = checkRelease(draft, item, step, args.version, rule);
  if ('ok' in ready) return ready;
  touch(draft, item.key, actor.id);
  const completed = carryOut(draft, item, step, actor.id, ready);
  return released(context, ready.version, completed, []);
}

/** A release that the step needs or had before: it is recorded, and the step stays where it is. */
function again(context: ItemContext<Args>, target: Target): Outcome {
  const { draft, actor, args, item, process, step } = context;
  const { environment } = args;
  const last = item.environments.find((each) => each.environment === environment);
  const review = reviewOf(item, step, environment);
  const counted = isReleasedOn(item, environment);
  const version = args.version ?? (counted ? (last?.version ?? null) : null);
  const cast = Object.keys(review?.ballots ?? {}).length;
  if (counted && last !== undefined && last.version === version && cast === 0)
    return already(say`${item.key} is on ${environment}${last.version === null ? '' : ` with ${last.version}`}.`);
  if (isGatedEnvironment(environment))
    return refuse(
      say`${item.key} was released on ${environment}; another version goes through its steps again. Propose a new item for it.`,
    );
  if (target.step.kind === 'release' && stepAt(process, item.stepNumber)?.kind === 'vote')
    return refuse(say`${item.key} is being voted on.`);
  touch(draft, item.key, actor.id);
  const isVoid = renew(draft, item, { environment, version, by: actor.id });
  return released(
    context,
    version,
    false,
    isVoid === 0
      ? []
      : say`${isVoid} ${isVoid === 1 ? 'ballot' : 'ballots'} on the older one ${isVoid === 1 ? 'is' : 'are'} void; the review begins anew.`,
  );
}

function released(
  { draft, args, item }: ItemContext<Args>,
  version: string | null,
  completed: boolean,
  note: Text,
): Outcome {
  const after = itemOf(draft, item.key);
  const text = lines(
    say`${item.key} is on ${bold(args.environment)}${version === null ? '' : ` with ${version}`}.`,
    note,
    nowAt(draft, after),
    outlook(draft, after),
  );
  return completed ? { ok: true, code: 'released', completed: true, text } : reply('released', text);
}
