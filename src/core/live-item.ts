import {
  circleCard,
  environmentCard,
  environmentLine,
  invitationCard,
  offerCard,
  priorityCard,
  priorityLine,
  reminderCard,
  requestCard,
  requestLine,
  voteCard,
  voteLine,
  voters,
} from './cards.ts';
import { callsOf, type PastEvent, type World } from './draft.ts';
import { type ItemState, isOpenItem } from './item.ts';
import type { Live } from './message.ts';
import { nameOf } from './people.ts';
import { bold, item as itemNode, lines, say, type Text } from './text.ts';
import {
  addBallot,
  type Choice,
  type Group,
  isElector,
  leaveElectorate,
  openVote,
  tallyOf,
  type Vote,
} from './vote.ts';

/** What messages about an item show once they were sent. What the item itself forgot is read from its history. */

export interface Shown {
  readonly text: Text;
  /** It will never show anything else. */
  readonly done: boolean;
}

type Of<K extends Live['of']> = Extract<Live, { of: K }>;
type OnItem = Exclude<Live, Of<'duty'> | Of<'page-test'> | Of<'alert'> | Of<'logged'>>;

const open = (text: Text): Shown => ({ text, done: false });
const over = (text: Text): Shown => ({ text, done: true });

export function showOnItem(world: World, item: ItemState, live: OnItem): Shown | undefined {
  switch (live.of) {
    case 'vote': {
      const vote = voteOf(world, item, live.vote);
      if (vote === undefined) return undefined;
      return vote.result === null ? open(voteCard(world, item, vote)) : over(closedVote(world, item, vote));
    }
    case 'circle':
      return { text: circleCard(item), done: item.circleAsked !== true };
    case 'ballot':
      return showBallot(world, item, live);
    case 'offer':
      return showOffer(world, item, live);
    case 'request':
      return showRequest(world, item, live);
    case 'environment':
      return showEnvironment(world, item, live);
    case 'priority': {
      if (item.pending !== null)
        return over(say`${priorityLine(world, item, live)}It was objected to; a vote decides.`);
      const mayObject = callsOf(world)?.open?.id === live.call && item.decidedOn === live.call && isOpenItem(item);
      return mayObject ? open(priorityCard(world, item, live)) : over(priorityLine(world, item, live));
    }
    case 'invitation':
      return isOpenItem(item)
        ? open(invitationCard(item))
        : over(say`The test of ${itemNode(item.key, item.title)} is over. Thank you for what you found.`);
    default:
      return live satisfies never;
  }
}

/** A vote as it stands, or as it ended: a step that begins forgets the votes of the one before. */
function voteOf(world: World, item: ItemState, id: string): Vote | undefined {
  const present = item.votes.find((vote) => vote.id === id);
  if (present !== undefined && isOpenItem(item)) return present;
  const past = present ?? pastVote(world, item.key, id);
  // Nobody closed it, and it is not there any more: what it was about moved on.
  return past?.result === null ? { ...past, result: 'void' } : past;
}

function pastVote(world: World, key: string, id: string): Vote | undefined {
  let vote: Vote | undefined;
  for (const { type, at, data } of world.history('item', key)) {
    const event = fieldsOf(data);
    if (event.vote !== id) continue;
    if (type === 'vote-opened')
      vote = openVote(
        id,
        event.subject as Vote['subject'],
        event.groups as Group[],
        at,
        event.version as string | null,
      );
    else if (vote === undefined) continue;
    else if (type === 'ballot-cast') vote = addBallot(vote, String(event.person), event.choice as Choice);
    else if (type === 'elector-left') vote = leaveElectorate(vote, String(event.person), String(event.role));
    else if (type === 'vote-closed') vote = { ...vote, result: event.result as Vote['result'] };
  }
  return vote;
}

const fieldsOf = (data: unknown): Readonly<Record<string, unknown>> =>
  typeof data === 'object' && data !== null ? (data as Readonly<Record<string, unknown>>) : {};

function closedVote(world: World, item: ItemState, vote: Vote): Text {
  if (vote.result === 'void')
    return lines(voteLine(item, vote), say`${bold('Void')}: it is no longer voted on, and no ballot counts.`);
  const tally = tallyOf(vote);
  const names = (ids: readonly string[]) => voters(world, ids) || '–';
  const result = vote.result === 'approved' ? 'Approved' : 'Rejected';
  const abstained = tally.abstain.length === 0 ? '' : ` Abstained: ${names(tally.abstain)}.`;
  return lines(
    voteLine(item, vote),
    say`${bold(result)}. Approve: ${names(tally.approve)}. Reject: ${names(tally.reject)}.${abstained} Missing: ${names(tally.missing)}. Needed: ${tally.needed}.`,
  );
}

function showBallot(world: World, item: ItemState, { vote: id, person }: Of<'ballot'>): Shown | undefined {
  const vote = voteOf(world, item, id);
  if (vote === undefined) return undefined;
  const named = itemNode(item.key, item.title);
  if (vote.result !== null) return over(say`The vote on ${named} is closed: ${bold(vote.result)}.`);
  if (!isElector(vote, person)) return over(say`The vote on ${named} is no longer yours.`);
  const ballot = vote.ballots[person];
  return ballot === undefined ? open(reminderCard(item)) : open(say`Your vote on ${named} is in: ${bold(ballot)}.`);
}

/** What happened to a thing since a version of it, oldest first. */
const since = (world: World, key: string, version: number): readonly PastEvent[] =>
  world.history('item', key).filter((event) => event.version > version);

const OFFER_ENDS: ReadonlySet<string> = new Set([
  'accepted', 'step-began', 'offered', 'completed', 'dropped', 'rejected',
]); // biome-ignore format: one glance

function showOffer(world: World, item: ItemState, live: Of<'offer'>): Shown {
  if (item.offer?.id === live.offer && isOpenItem(item)) return open(offerCard(world, item, live.again));
  const named = itemNode(item.key, item.title);
  const end = since(world, item.key, live.offer).find(({ type }) => OFFER_ENDS.has(type));
  switch (end?.type) {
    case 'accepted':
      return over(say`${named}: accepted by ${bold(nameOf(world, String(fieldsOf(end.data).person)))}.`);
    case 'offered':
      return over(say`${named} was offered anew.`);
    case 'step-began':
      return over(say`${named} went on to ${bold(String(fieldsOf(end.data).step))}.`);
    default:
      return over(say`${named} is ${item.state}.`);
  }
}

function showRequest(world: World, item: ItemState, live: Of<'request'>): Shown {
  const { environment } = live;
  const line = requestLine(world, item, live);
  const later = since(world, item.key, live.n);
  const isThere = ({ type, data }: PastEvent) => type === 'released' && fieldsOf(data).environment === environment;
  const release = later.find(isThere);
  if (release !== undefined) {
    const { version } = fieldsOf(release.data);
    const which = typeof version === 'string' ? ` (${version})` : '';
    return over(
      say`${line} ${bold(`Released on ${environment}${which} by ${nameOf(world, String(fieldsOf(release.data).by))}`)}.`,
    );
  }
  const isAnew = ({ type, data }: PastEvent) => type === 'release-requested' && fieldsOf(data).emergency === null;
  if (later.some(isAnew)) return over(say`${line} It was asked for anew.`);
  if (item.request?.environment !== environment) return over(say`${line} It is no longer asked for.`);
  return open(requestCard(world, item, live));
}

function showEnvironment(world: World, item: ItemState, live: Of<'environment'>): Shown {
  const line = environmentLine(world, item, live);
  const ready = since(world, item.key, live.n).find(
    ({ type, data }) => type === 'environment-ready' && fieldsOf(data).environment === live.environment,
  );
  if (ready !== undefined) return over(say`${line} ${nameOf(world, ready.actor)} reported it ready.`);
  return isOpenItem(item) ? open(environmentCard(world, item, live)) : over(say`${line} ${item.key} is ${item.state}.`);
}
