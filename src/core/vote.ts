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

export function castBallot(vote: Vote, person: string, choice: Choice): Vote {
  const after = { ...vote, ballots: { ...vote.ballots, [person]: choice } };
  const before = counts.get(vote);
  // What ten thousand said is not counted again for each of them.
  if (before !== undefined) counts.set(after, moved(vote, before, person, choice));
  return after;
}

/**
 * The same for whoever folds a history and shows nobody what was in between: the ballots are added to, not copied, which
 * for ten thousand of them is the difference between a moment and half a minute.
 */
export function addBallot(vote: Vote, person: string, choice: Choice): Vote {
  Object.defineProperty(vote.ballots, person, { value: choice, writable: true, enumerable: true, configurable: true });
  return { ...vote };
}

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

/** Groups change only as a whole, and ballots leave them as they are. */
const electorates = new WeakMap<readonly Group[], readonly string[]>();

export function electorateOf({ groups }: Vote): readonly string[] {
  const known = electorates.get(groups);
  if (known !== undefined) return known;
  const people = [...new Set(groups.flatMap((group) => group.electorate))];
  electorates.set(groups, people);
  return people;
}

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

/** How many of a group said what. */
type Count = Readonly<Record<Choice | 'missing', number>>;
const counts = new WeakMap<Vote, readonly Count[]>();

/** The counts of each group, in their order. */
function countsOf(vote: Vote): readonly Count[] {
  const known = counts.get(vote);
  if (known !== undefined) return known;
  const found = vote.groups.map(({ electorate }) => {
    const count = { approve: 0, reject: 0, abstain: 0, missing: 0 };
    for (const person of electorate) count[ballotOf(vote, person) ?? 'missing'] += 1;
    return count;
  });
  counts.set(vote, found);
  return found;
}

/** The counts after one more ballot: each group that the person is of has one more there, and one less where it was. */
function moved(vote: Vote, before: readonly Count[], person: string, choice: Choice): readonly Count[] {
  const from = ballotOf(vote, person) ?? 'missing';
  return vote.groups.map(({ electorate }, at) => {
    const count = { ...(before[at] ?? { approve: 0, reject: 0, abstain: 0, missing: 0 }) };
    if (!electorate.includes(person)) return count;
    count[from] -= 1;
    count[choice] += 1;
    return count;
  });
}

/** How many have signed, of how many signatures. */
export function progressOf(vote: Vote): { readonly approve: number; readonly needed: number } {
  const [only, ...others] = countsOf(vote);
  // Who is of two groups has one ballot, and is told from the lists.
  const approve = only !== undefined && others.length === 0 ? only.approve : tallyOf(vote).approve.length;
  return { approve, needed: vote.groups.reduce((sum, group) => sum + group.needed, 0) };
}

/** Approved as soon as every group has its signatures; rejected as soon as one can no longer have them. */
export function resultOf(vote: Vote): 'approved' | 'rejected' | null {
  const found = countsOf(vote).map(({ approve, missing }, at) => ({
    approve,
    missing,
    needed: vote.groups[at]?.needed ?? 0,
  }));
  if (found.every(({ approve, needed }) => approve >= needed)) return 'approved';
  return found.some(({ approve, missing, needed }) => approve + missing < needed) ? 'rejected' : null;
}

const UNCOUNTED = /^(ops|qa|web|promotion|bizdev)$/;

/** Signatures still missing, a phrase a group: `2 more stakeholders`. */
export const missingSignatures = (vote: Vote): string[] =>
  vote.groups.flatMap((group, at) => {
    const left = group.needed - (countsOf(vote)[at]?.approve ?? 0);
    return left > 0
      ? [`${left} more ${group.role.replaceAll('-', ' ')}${left === 1 || UNCOUNTED.test(group.role) ? '' : 's'}`]
      : [];
  });
