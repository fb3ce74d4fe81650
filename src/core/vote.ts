/** Votes: who may sign, what was said, and what that amounts to. Pure arithmetic on data. */

export type Choice = 'approve' | 'reject' | 'abstain';
export type VoteSubject = 'step' | 'review' | 'objection' | 'sign-off' | 'skip' | 'emergency' | 'announcement';
export type VoteResult = 'approved' | 'rejected' | 'void';

/** One signature that a vote wants: so many of these people. */
export interface Group {
  readonly role: string;
  readonly electorate: readonly string[];
  readonly needed: number;
  /** `needed` is more than half of the electorate, and follows its size. */
  readonly majority: boolean;
}

export interface Vote {
  readonly id: string;
  readonly subject: VoteSubject;
  readonly groups: readonly Group[];
  readonly ballots: Readonly<Record<string, Choice>>;
  readonly openedAt: number;
  readonly result: VoteResult | null;
  /** The version that is voted on, where one was named. */
  readonly version: string | null;
}

/** Strictly more than half of the electorate. */
export const majorityOf = (size: number): number => Math.floor(size / 2) + 1;

export const openVote = (
  id: string,
  subject: VoteSubject,
  groups: readonly Group[],
  openedAt: number,
  version: string | null,
): Vote => ({
  id,
  subject,
  groups,
  ballots: {},
  openedAt,
  result: null,
  version,
});

export const isElector = (vote: Vote, person: string): boolean =>
  vote.groups.some((group) => group.electorate.includes(person));

export const castBallot = (vote: Vote, person: string, choice: Choice): Vote => ({
  ...vote,
  ballots: { ...vote.ballots, [person]: choice },
});

/** A person who left the role leaves the electorate, and the ballot goes along. A majority is worked out again. */
export function leaveElectorate(vote: Vote, person: string, role: string): Vote {
  const groups = vote.groups.map((group) => {
    if (group.role !== role || !group.electorate.includes(person)) return group;
    const electorate = group.electorate.filter((elector) => elector !== person);
    return { ...group, electorate, needed: group.majority ? majorityOf(electorate.length) : group.needed };
  });
  const stays = groups.some((group) => group.electorate.includes(person));
  const ballots = stays
    ? vote.ballots
    : Object.fromEntries(Object.entries(vote.ballots).filter(([voter]) => voter !== person));
  return { ...vote, groups, ballots };
}

export interface Tally {
  readonly approve: readonly string[];
  readonly reject: readonly string[];
  readonly abstain: readonly string[];
  readonly missing: readonly string[];
  /** Signatures needed in all, over every group. */
  readonly needed: number;
}

export const electorateOf = (vote: Vote): string[] => [...new Set(vote.groups.flatMap((group) => group.electorate))];

/** Nobody votes by being called like something that every object has. */
const ballotOf = ({ ballots }: Vote, person: string): Choice | undefined =>
  Object.hasOwn(ballots, person) ? ballots[person] : undefined;

/** A vote never changes, another takes its place: what it adds up to is worked out once, however many thousands voted. */
const tallies = new WeakMap<Vote, Tally>();

export function tallyOf(vote: Vote): Tally {
  const known = tallies.get(vote);
  if (known !== undefined) return known;
  const said: Record<Choice | 'missing', string[]> = { approve: [], reject: [], abstain: [], missing: [] };
  for (const person of electorateOf(vote)) said[ballotOf(vote, person) ?? 'missing'].push(person);
  const tally = { ...said, needed: vote.groups.reduce((sum, group) => sum + group.needed, 0) };
  tallies.set(vote, tally);
  return tally;
}

function count(vote: Vote, group: Group, choice: Choice | undefined): number {
  let sum = 0;
  for (const person of group.electorate) if (ballotOf(vote, person) === choice) sum += 1;
  return sum;
}

/** Approved as soon as every group has its signatures; rejected as soon as one can no longer have them. */
export function resultOf(vote: Vote): 'approved' | 'rejected' | null {
  if (vote.groups.every((group) => count(vote, group, 'approve') >= group.needed)) return 'approved';
  const lost = vote.groups.some(
    (group) => count(vote, group, 'approve') + count(vote, group, undefined) < group.needed,
  );
  return lost ? 'rejected' : null;
}

const UNCOUNTED = /^(ops|qa|web|promotion|bizdev)$/;

/** Signatures still missing, a phrase a group: `2 more stakeholders`. */
export const missingSignatures = (vote: Vote): string[] =>
  vote.groups.flatMap((group) => {
    const left = group.needed - count(vote, group, 'approve');
    return left > 0
      ? [`${left} more ${group.role.replaceAll('-', ' ')}${left === 1 || UNCOUNTED.test(group.role) ? '' : 's'}`]
      : [];
  });
