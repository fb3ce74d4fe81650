import { callsOf, type Draft } from './draft.ts';
import { lapsedEmergency } from './emergency-check.ts';
import type { ItemState } from './item.ts';
import { liftsOf, openNeeds } from './needs.ts';
import type { Role } from './organisation.ts';
import { membersOf } from './people.ts';
import { makeRoom } from './priorities.ts';
import { type Process, type Step, stepAt, stepNumber } from './process.ts';
import { EMBEDDED, isTracked } from './reference.ts';
import { checkRules, type Refusal, refuse } from './rule.ts';
import { code, lines, list, say } from './text.ts';
import { electorateOf, type Group, majorityOf, resultOf, type Vote, type VoteSubject } from './vote.ts';

/** How an item goes on: steps begin and close, batons are offered, votes open and have their consequences. */

export function itemOf(draft: Draft, key: string): ItemState {
  const item = draft.get('item', key);
  if (item === undefined) throw new Error(`no item ${key}`);
  return item;
}

export function processOf(draft: Draft, item: ItemState): Process {
  const version = draft.processOf(item.process);
  if (version === undefined) throw new Error(`the process text ${item.process} of ${item.key} is lost`);
  return version.process;
}

/** The present step of an item, by the process version that it started with. */
export function stepOf(draft: Draft, item: ItemState): Step {
  const step = stepAt(processOf(draft, item), item.stepNumber);
  if (step === undefined) throw new Error(`${item.key} is at step ${item.stepNumber}, which its process does not have`);
  return step;
}

const makesOffers = (step: Step): boolean => step.kind !== 'vote' && step.kind !== 'decide';

/** Whoever acts on an item as a member of the team that owns the step holds it from then on. */
export function touch(draft: Draft, key: string, person: string): void {
  const item = itemOf(draft, key);
  if (item.holder === person || !makesOffers(stepOf(draft, item))) return;
  if (membersOf(draft, item.role, item).includes(person)) draft.emit('item', key, { type: 'accepted', person });
}

/** Offers the baton anew to the team of the present step. */
export function offer(draft: Draft, key: string): void {
  const item = itemOf(draft, key);
  const unheard = membersOf(draft, item.role, item).length === 0;
  draft.emit('item', key, { type: 'offered', role: item.role, ...(unheard ? { unheard } : {}) });
}

export function beginStep(
  draft: Draft,
  key: string,
  number: number,
  why: 'next' | 'failed' | 'returned' | 'rejected' | 'objected',
): void {
  const before = itemOf(draft, key);
  const process = processOf(draft, before);
  const step = stepAt(process, number);
  if (step === undefined) throw new Error(`${process.kind} has no step ${number}`);
  const from = stepAt(process, before.stepNumber);
  const offers = makesOffers(step);
  draft.emit('item', key, {
    type: 'step-began',
    step: step.id,
    number,
    role: step.owner,
    baton: offers ? 'stays' : 'nobody',
    why,
  });
  if (offers && (from === undefined || !makesOffers(from) || from.owner !== step.owner || before.stepNumber === number))
    offer(draft, key);
  ensureVotes(draft, key);
}

/** What stands between the step and its closing: its needs, and every rule. */
export function checkClose(draft: Draft, item: ItemState, step: Step): Refusal | undefined {
  const process = processOf(draft, item);
  const needs = openNeeds(draft, item, step);
  const isLast = item.stepNumber === process.steps.length;
  const no =
    checkRules(draft, draft.actor, { act: 'close-step', step }, item, process) ??
    (isLast
      ? checkRules(
          draft,
          draft.actor,
          { act: 'complete', releasing: step.kind === 'release' ? step.environment : null },
          item,
          process,
        )
      : undefined);
  if (needs.length === 0) return no;
  const text = say`${item.key} can not go on from ${code(step.id)} yet. It needs:${list(needs.map((need) => need.text))}${liftsOf(needs)}`;
  if (no === undefined) return refuse(text, { needs: needs.map((need) => need.name), key: item.key });
  return { ...no, text: lines(no.text, text), needs: needs.map((need) => need.name) };
}

/** Closes the present step and begins the next, or completes the item. The needs were looked at before. */
export function closeStep(draft: Draft, key: string, by: string, note: string | null = null): { completed: boolean } {
  const item = itemOf(draft, key);
  const step = stepOf(draft, item);
  draft.emit('item', key, { type: 'step-done', step: step.id, by, note });
  comment(draft, item, `${item.key}: the step ${step.id} is done.`);
  if (item.stepNumber < processOf(draft, item).steps.length) {
    beginStep(draft, key, item.stepNumber + 1, 'next');
    return { completed: false };
  }
  draft.emit('item', key, { type: 'completed' });
  return { completed: true };
}

/** What was done is written down where it belongs: on the embedded tracker's stories and issues of the item. */
function comment(draft: Draft, item: ItemState, text: string): void {
  for (const link of item.links)
    if (isTracked(link.kind) && link.ref.startsWith(EMBEDDED) && draft.get('ref', link.ref) !== undefined)
      draft.emit('ref', link.ref, { type: 'commented', by: draft.actor, text });
}

export const majority = (draft: Draft, role: Role, item?: ItemState): Group => {
  const electorate = membersOf(draft, role, item);
  return { role, electorate, needed: majorityOf(electorate.length), majority: true };
};
export const signatures = (draft: Draft, role: Role, needed: number, item?: ItemState): Group => ({
  role,
  electorate: membersOf(draft, role, item),
  needed,
  majority: false,
});

/** Opens a vote; one whose electorate is empty does not open, and the admins hear of it. */
export function openItemVote(
  draft: Draft,
  key: string,
  subject: VoteSubject,
  groups: readonly Group[],
  version: string | null = null,
): boolean {
  const item = itemOf(draft, key);
  const empty = groups.find((group) => group.electorate.length === 0);
  if (empty !== undefined) {
    draft.emit('item', key, { type: 'vote-not-opened', subject, role: empty.role });
    return false;
  }
  draft.emit('item', key, { type: 'vote-opened', vote: `${key}/${item.version + 1}`, subject, groups, version });
  return true;
}

const hasOpen = (item: ItemState, subject: VoteSubject): boolean =>
  item.votes.some((vote) => vote.subject === subject && vote.result === null);

/** Is a vote there that counts: open, or approved? One that is void or was refused is put anew. */
const stands = (item: ItemState, subject: VoteSubject): boolean =>
  item.votes.some((vote) => vote.subject === subject && (vote.result === null || vote.result === 'approved'));

/** Opens the votes that the present step wants and that are not there yet. Harmless when said twice. */
export function ensureVotes(draft: Draft, key: string): void {
  const item = itemOf(draft, key);
  const step = stepOf(draft, item);
  if (step.kind === 'vote' && !hasOpen(item, 'step')) {
    const mayOpen = !step.on_call || item.urgent !== null || callsOf(draft)?.open != null;
    if (mayOpen) openItemVote(draft, key, 'step', [majority(draft, step.majority, item)]);
  }
  if (step.kind === 'release' && step.review !== undefined && !stands(item, 'review')) {
    const { majority: role, of } = step.review;
    const staged = item.environments.find((release) => release.environment === of);
    if (staged !== undefined) openItemVote(draft, key, 'review', [majority(draft, role, item)], staged.version);
  }
  if (step.needs.includes('architect-sign-off') && !stands(item, 'sign-off'))
    openItemVote(draft, key, 'sign-off', [signatures(draft, 'architect', 1)]);
}

/** Closes a vote as void, with the reason for those who had voted. */
export function voidVote(draft: Draft, key: string, vote: Vote, why: string): void {
  draft.emit('item', key, { type: 'vote-closed', vote: vote.id, subject: vote.subject, result: 'void', why });
}

interface Settled {
  readonly result: 'approved' | 'rejected' | null;
  readonly completed: boolean;
  /** It has what it needs, and can not be carried out any more: why it is void. */
  readonly lapsed?: string;
}

/**
 * Works a vote out again, after a ballot or after somebody left, and lets its result have its consequences. An objection's
 * can move the roles of the item: whoever calls this says so with `rolesMoved`.
 */
export function settle(draft: Draft, key: string, id: string): Settled {
  const open = { result: null, completed: false };
  const item = itemOf(draft, key);
  const vote = item.votes.find((each) => each.id === id);
  if (vote === undefined || vote.result !== null) return open;
  if (electorateOf(vote).length === 0) {
    voidVote(draft, key, vote, 'nobody is left who may vote');
    ensureVotes(draft, key);
    return open;
  }
  const result = resultOf(vote);
  if (result === null) return open;
  const lapsed =
    vote.subject === 'emergency' && result === 'approved'
      ? lapsedEmergency(draft, item, processOf(draft, item), vote)
      : undefined;
  if (lapsed !== undefined) {
    voidVote(draft, key, vote, lapsed);
    return { ...open, lapsed };
  }
  draft.emit('item', key, { type: 'vote-closed', vote: id, subject: vote.subject, result, why: null });
  return { result, completed: consequences(draft, item, vote, result) };
}

/** What an approval or a rejection brings about. True when the item is completed by it. */
function consequences(draft: Draft, item: ItemState, vote: Vote, result: 'approved' | 'rejected'): boolean {
  const { key } = item;
  const approved = result === 'approved';
  const step = stepOf(draft, item);
  switch (vote.subject) {
    case 'step':
      if (approved) {
        if (item.state === 'proposed') draft.emit('item', key, { type: 'agreed' });
        return closeStep(draft, key, draft.actor).completed;
      }
      draft.emit('item', key, { type: 'rejected' });
      return false;
    case 'review':
      if (!approved && step.kind === 'release' && step.review !== undefined)
        beginStep(draft, key, stepNumber(processOf(draft, item), step.review.on_reject), 'rejected');
      return false;
    case 'objection':
      if (!approved || item.pending === null) return false;
      makeRoom(draft, key, item.pending.rank);
      draft.emit('item', key, { type: 'prioritised', ...item.pending, by: draft.actor, call: null });
      return closeStep(draft, key, draft.actor).completed;
    case 'skip':
      if (!approved || item.skip === null) return false;
      draft.emit('item', key, {
        type: 'skipped',
        by: item.skip.by,
        confirmedBy: draft.actor,
        reason: item.skip.reason,
      });
      return closeStep(draft, key, draft.actor).completed;
    case 'emergency': {
      if (!approved || item.emergency == null) return false;
      const { environment, version, by, emergency } = item.emergency;
      const approvedBy = Object.keys(vote.ballots).filter((person) => vote.ballots[person] === 'approve');
      draft.emit('item', key, { type: 'released', environment, version, by, approvedBy, emergency });
      // The critical issue is still open: where that keeps the step from closing, the release stands and the step waits.
      const closes =
        step.kind === 'release' &&
        step.environment === environment &&
        checkClose(draft, itemOf(draft, key), step) === undefined;
      return closes ? closeStep(draft, key, by).completed : false;
    }
    case 'sign-off':
      // A sign-off that was refused is put anew: it is a need of its step, and can be given once that is mended.
      if (!approved) ensureVotes(draft, key);
      return false;
    case 'announcement':
      return false;
    default:
      return vote.subject satisfies never;
  }
}
