import type { Draft, World } from './draft.ts';
import { checkClose, closeStep, ensureVotes, majority, openItemVote, stepOf, voidVote } from './flow.ts';
import type { ItemState } from './item.ts';
import { openNeeds } from './needs.ts';
import type { Environment, Role } from './organisation.ts';
import { type Process, type Step, stepAt } from './process.ts';
import { type Refusal, refuse } from './rule.ts';
import { code, say } from './text.ts';
import type { Vote } from './vote.ts';

/** Releases: where an item may go now, what must hold before it does, and what follows. */

export type ReleaseStep = Extract<Step, { kind: 'release' }>;
export type Target =
  | { readonly how: 'step'; readonly step: ReleaseStep }
  | { readonly how: 'need' | 'here' | 'again'; readonly step: Step };

/** Why this environment may be released on now: the step is its release, the step needs it, works there, or did it before. */
export function targetOf(process: Process, item: ItemState, environment: Environment): Target | undefined {
  const step = stepAt(process, item.stepNumber);
  const next = stepAt(process, item.stepNumber + 1);
  if (step === undefined) return undefined;
  const wants = (each: Step | undefined) =>
    each?.needs.some((need) => typeof need !== 'string' && need.released === environment) === true;
  if (step.kind === 'release' && step.environment === environment) return { how: 'step', step };
  if (wants(step)) return { how: 'need', step };
  if (step.kind === 'work' && next?.kind === 'handover' && next.owner === step.owner && wants(next))
    return { how: 'need', step: next };
  if (step.on === environment && step.kind === 'work') return { how: 'here', step };
  const earlier = process.steps
    .slice(0, item.stepNumber - 1)
    .findLast((each) => (each.kind === 'release' && each.environment === environment) || wants(each));
  return earlier === undefined ? undefined : { how: 'again', step: earlier };
}

/** The present step, where it is the release on this environment. */
export function targetStep(world: World, item: ItemState, environment: Environment): ReleaseStep | undefined {
  const process = world.processOf(item.process)?.process;
  const step = process === undefined ? undefined : stepAt(process, item.stepNumber);
  return step?.kind === 'release' && step.environment === environment ? step : undefined;
}

/** The role that carries out what a step releases. */
export const performerOf = (step: Step): Role =>
  step.kind === 'release' ? (step.performer ?? step.owner) : step.owner;

/** The version that was approved, where one is recorded. */
export const approvedVersion = (item: ItemState): string | null =>
  item.votes.find((vote) => vote.subject === 'review')?.version ?? null;

interface Ready {
  readonly version: string | null;
  readonly approvedBy: readonly string[];
  readonly outside?: true;
  readonly admitted?: true;
}

/** Everything that the step's own release wants: the rules' word, a request, the version that was approved, every need. */
export function checkRelease(
  draft: Draft,
  item: ItemState,
  step: ReleaseStep,
  given: string | undefined,
  rule: Refusal | undefined,
): Refusal | Ready {
  const { environment } = step;
  const review = item.votes.find((vote) => vote.subject === 'review');
  const version = given ?? item.request?.version ?? review?.version ?? null;
  const needs = openNeeds(draft, item, step);
  if (rule !== undefined) return needs.length === 0 ? rule : { ...rule, needs: needs.map((need) => need.name) };
  if (step.performer !== undefined && step.performer !== step.owner && item.request === null)
    return refuse(
      say`Nobody has asked for ${item.key} on ${environment} yet: the ${step.owner} says ${code(`/release ${item.key} ${environment}`)} first.`,
      { needs: ['request'] },
    );
  const other = review?.version ?? null;
  if (other !== null && version !== other)
    return refuse(
      say`${other} was approved, not ${version ?? ''}. Release ${code(`/release ${item.key} ${environment} ${other}`)}, or put ${version ?? ''} on ${step.review?.of ?? 'staging'} for a new review.`,
      { needs: ['approved-version'] },
    );
  const no = checkClose(draft, item, step);
  if (no !== undefined) return no;
  const approvedBy =
    review === undefined ? [] : Object.keys(review.ballots).filter((person) => review.ballots[person] === 'approve');
  return { version, approvedBy };
}

/** The step's own release, once it may happen: it is recorded and closes the step. */
export function carryOut(draft: Draft, item: ItemState, step: ReleaseStep, by: string, ready: Ready): boolean {
  draft.emit('item', item.key, { type: 'released', environment: step.environment, by, emergency: null, ...ready });
  return closeStep(draft, item.key, by).completed;
}

interface Again {
  readonly environment: Environment;
  readonly version: string | null;
  readonly by: string;
  readonly outside?: true;
}

/** A release that leaves the step where it is; a review of what was there begins anew. Returns how many ballots are void. */
export function renew(draft: Draft, item: ItemState, again: Again): number {
  const { environment, version } = again;
  const step = stepOf(draft, item);
  const review = reviewOf(item, step, environment);
  draft.emit('item', item.key, { type: 'released', ...again, approvedBy: [], emergency: null });
  if (review === undefined || step.kind !== 'release' || step.review === undefined) return 0;
  if (review.result === null) voidVote(draft, item.key, review, `a new version was put on ${environment}`);
  openItemVote(draft, item.key, 'review', [majority(draft, step.review.majority, item)], version);
  ensureVotes(draft, item.key);
  return Object.keys(review.ballots).length;
}

/** The vote of the present step on what is there. */
export const reviewOf = (item: ItemState, step: Step, environment: Environment): Vote | undefined =>
  step.kind === 'release' && step.review?.of === environment
    ? item.votes.find((vote) => vote.subject === 'review')
    : undefined;
