import { HOUR, showInstant } from './calendar.ts';
import { ESCALATE_VOTE_AFTER_HOURS, offerClock, REMIND_VOTERS_AFTER_HOURS } from './clocks.ts';
import type { Happening, World } from './draft.ts';
import { rungsOf } from './escalation.ts';
import type { ItemState } from './item.ts';
import { type Effects, peopleOf, type To, teamOf, tell } from './message.ts';
import { membersOf, nameOf, ownersOf } from './people.ts';
import { stepAt } from './process.ts';
import {
  type Button,
  bold,
  buttons,
  code,
  enumerate,
  item as itemNode,
  lines,
  type Node,
  say,
  type Text,
} from './text.ts';
import { tallyOf, type Vote } from './vote.ts';

type ItemHappening = Happening<'item'>;

/** What an item's event has people told, and which clocks it starts. */
export function reactToItem(world: World, happening: ItemHappening, effects: Effects): void {
  const { event, after } = happening;
  const { key } = after;
  switch (event.type) {
    case 'vote-opened':
      return voteOpened(world, after, event.vote, effects);
    case 'vote-not-opened':
      return tell(
        effects,
        'hint',
        peopleOf(membersOf(world, 'admin')),
        key,
        say`A vote on ${itemNode(key, after.title)} can not open: nobody holds the role ${bold(event.role)}. Grant it with ${code(`/role grant ${event.role} PERSON`)}.`,
      );
    case 'vote-closed':
      return voteClosed(world, happening, event.vote, effects);
    case 'vote-reminded':
      return remindVoters(after, event.vote, effects);
    case 'offered':
    case 'offer-reminded':
      return offered(world, after, event.type === 'offer-reminded', effects);
    case 'accepted':
      effects.cleared.push(`item/${key}/offer/`);
      return;
    case 'step-began':
      effects.cleared.push(`item/${key}/vote/`);
      if (event.baton === 'nobody') effects.cleared.push(`item/${key}/offer/`);
      return;
    case 'completed':
    case 'rejected':
    case 'dropped':
      effects.cleared.push(`item/${key}/`);
      return ended(world, after, event.type, effects);
    case 'escalated':
      return escalated(world, after, event.rung, event.by, event.reason, effects);
    default:
      return reactToWork(world, happening, effects);
  }
}

function reactToWork(world: World, { event, after }: ItemHappening, effects: Effects): void {
  const { key, title } = after;
  const named = itemNode(key, title);
  switch (event.type) {
    case 'prioritised': {
      if (event.call === null) return;
      const text = say`${named} has rank ${event.rank}${event.owner === null ? '' : `, owner ${nameOf(world, event.owner)}`}. ${buttons({ label: 'Object', command: 'object', on: key })}`;
      return tell(effects, 'hint', teamOf(world, 'stakeholder'), key, text);
    }
    case 'release-requested': {
      if (event.emergency !== null) return;
      const text = say`${nameOf(world, event.by)} asks OPS to release ${named} on ${event.environment}${event.version === null ? '' : ` (${event.version})`}.${buttons({ label: 'Release', command: 'release', on: key, args: event.environment })}`;
      return tell(effects, 'request', teamOf(world, 'ops'), key, text);
    }
    case 'released': {
      if (event.emergency === null) return;
      const text = say`${named} was released on ${event.environment} inside the freeze by ${nameOf(world, event.by)}, because of ${event.emergency}, approved by ${enumerate(event.approvedBy.map((id) => nameOf(world, id)))}.`;
      return tell(effects, 'hint', peopleOf(membersOf(world, 'stakeholder')), key, text);
    }
    case 'invited':
      return invite(world, after, effects);
    case 'environment-requested': {
      const ready = buttons({ label: 'Report ready', command: 'env', on: key, args: `ready ${event.environment}` });
      return tell(
        effects,
        'task',
        teamOf(world, 'ops'),
        key,
        say`${nameOf(world, event.by)} asks for ${event.environment} for ${named}.${ready}`,
      );
    }
    case 'environment-ready':
      return tell(
        effects,
        'hint',
        teamOf(world, after.role, after),
        key,
        say`${event.environment} is ready for ${named}.`,
      );
    case 'urgent-logged':
      return tell(
        effects,
        'request',
        peopleOf(membersOf(world, 'circle-owner', after)),
        key,
        say`Urgent, from ${nameOf(world, event.by)}, on ${named}: ${event.title} (${event.ref}).`,
      );
    case 'reopened-link':
      return tell(
        effects,
        'hint',
        peopleOf(ownersOf(world, after)),
        key,
        say`${event.ref} was reopened, and its item ${named} has ended. Propose a new one for it, or close it again.`,
      );
    default:
  }
}

/** Where the electors of a vote are reached: their team's chats, or privately. */
export function electorPlaces(world: World, vote: Vote): To[] {
  return vote.groups.flatMap((group) => {
    const chats = world.organisation.chats.filter((chat) => chat.team === group.role);
    return chats.length > 0 ? chats.map((chat) => ({ chat: chat.name })) : peopleOf(group.electorate);
  });
}

const SUBJECT: Readonly<Record<Vote['subject'], string>> = {
  step: 'Agree on', review: 'Review of', objection: 'Objected priority of', 'sign-off': 'Sign-off of', skip: 'Skip the last step of', emergency: 'Emergency release of', announcement: 'Announcement about',
}; // biome-ignore format: a table

const ballotButtons = (on: string): Button[] => [
  { label: 'Approve', command: 'approve', on },
  { label: 'Reject', command: 'reject', on },
  { label: 'Abstain', command: 'abstain', on },
];

/** The card of a vote: what it is about, the live tally, the buttons. */
export function voteCard(world: World, item: ItemState, vote: Vote): Text {
  const tally = tallyOf(vote);
  const what = say`${SUBJECT[vote.subject]} ${itemNode(item.key, item.title)}${vote.version === null ? '' : ` (${vote.version})`}`;
  const names = (ids: readonly string[]) => (ids.length === 0 ? '–' : enumerate(ids.map((id) => nameOf(world, id))));
  const count = say`Approve: ${names(tally.approve)}. Reject: ${names(tally.reject)}. Missing: ${names(tally.missing)}. Needed: ${tally.needed}.`;
  const end: Node = vote.result === null ? buttons(...ballotButtons(item.key)) : ` ${vote.result}.`;
  return lines(what, [...count, end]);
}

function voteOpened(world: World, item: ItemState, id: string, effects: Effects): void {
  const vote = item.votes.find((each) => each.id === id);
  if (vote === undefined) return;
  tell(effects, 'vote-opened', electorPlaces(world, vote), item.key, voteCard(world, item, vote));
  if (vote.subject === 'step') return;
  const timer = `item/${item.key}/vote/${id}/`;
  effects.timers.push(
    {
      key: `${timer}remind`,
      due: world.now + REMIND_VOTERS_AFTER_HOURS * HOUR,
      run: { do: 'remind-voters', key: item.key, vote: id },
    },
    {
      key: `${timer}escalate`,
      due: world.now + ESCALATE_VOTE_AFTER_HOURS * HOUR,
      run: { do: 'escalate-vote', key: item.key, vote: id },
    },
  );
}

function voteClosed(world: World, { event, before, after }: ItemHappening, id: string, effects: Effects): void {
  const vote = before?.votes.find((each) => each.id === id);
  if (vote === undefined || event.type !== 'vote-closed') return;
  effects.cleared.push(`item/${after.key}/vote/${id}/`);
  const named = itemNode(after.key, after.title);
  if (event.result === 'void') {
    const voters = Object.keys(vote.ballots);
    return tell(
      effects,
      'vote-closed',
      peopleOf(voters),
      after.key,
      say`The vote on ${named} is void: ${event.why ?? 'it was withdrawn'}. Your ballot no longer counts.`,
    );
  }
  const tally = tallyOf(vote);
  const text = say`The vote on ${named} is closed: ${bold(event.result)}, ${tally.approve.length} for, ${tally.reject.length} against, ${tally.abstain.length} abstained, ${tally.needed} needed.`;
  tell(effects, 'vote-closed', [...electorPlaces(world, vote), ...peopleOf(ownersOf(world, after))], after.key, text);
}

function remindVoters(item: ItemState, id: string, effects: Effects): void {
  const vote = item.votes.find((each) => each.id === id);
  if (vote === undefined) return;
  const text = say`Your vote on ${itemNode(item.key, item.title)} is still missing.${buttons(...ballotButtons(item.key))}`;
  tell(effects, 'vote-reminder', peopleOf(tallyOf(vote).missing), item.key, text);
}

function offered(world: World, item: ItemState, again: boolean, effects: Effects): void {
  const team = teamOf(world, item.role, item);
  const process = world.processOf(item.process)?.process;
  const step = process === undefined ? undefined : stepAt(process, item.stepNumber);
  const named = itemNode(item.key, item.title);
  const before = process === undefined ? undefined : stepAt(process, item.stepNumber - 1);
  const giveBack: Button[] = before?.kind === 'handover' ? [{ label: 'Return', command: 'return', on: item.key }] : [];
  const accept = buttons({ label: 'Accept', command: 'accept', on: item.key }, ...giveBack);
  if (team.length === 0)
    return tell(
      effects,
      'hint',
      peopleOf(membersOf(world, 'admin')),
      item.key,
      say`${named} waits for ${bold(item.role)}, and nobody holds that role. Grant it with ${code(`/role grant ${item.role} PERSON`)}.`,
    );
  const text = say`${again ? 'Still waiting: ' : ''}${named} is yours (${item.role}): ${bold(step?.title ?? item.step)}, step ${item.stepNumber}.${accept}`;
  tell(effects, 'offer', team, item.key, text);
  const clock = offerClock(world.organisation, item.role, item.offer?.at ?? world.now);
  if (again || clock === undefined || item.offer === null) return;
  effects.cleared.push(`item/${item.key}/offer/`);
  effects.timers.push(
    {
      key: `item/${item.key}/offer/remind`,
      due: clock.remind,
      run: { do: 'remind-offer', key: item.key, offer: item.offer.id },
    },
    {
      key: `item/${item.key}/offer/escalate`,
      due: clock.due,
      run: { do: 'escalate-offer', key: item.key, offer: item.offer.id },
    },
  );
}

function ended(world: World, item: ItemState, how: 'completed' | 'rejected' | 'dropped', effects: Effects): void {
  if (how === 'dropped') return;
  const on = item.environments.map((release) => release.environment);
  const where =
    how === 'rejected'
      ? 'was not agreed on'
      : item.skipped !== null
        ? `is complete; nothing was released: ${item.skipped}`
        : `is complete, on ${enumerate(on)}`;
  if (how === 'completed')
    tell(
      effects,
      'completed',
      peopleOf([...ownersOf(world, item), item.proposer]),
      item.key,
      say`${itemNode(item.key, item.title)} ${where}.`,
    );
}

function escalated(world: World, item: ItemState, name: string, by: string, reason: string, effects: Effects): void {
  const rung = rungsOf(world, item).find((each) => each.rung === name);
  const who = by === 'system' ? 'Baton' : nameOf(world, by);
  const since = showInstant(world.organisation, item.offer?.at ?? item.stepSince);
  const text = say`${itemNode(item.key, item.title)} is escalated by ${who}: ${reason}. At ${item.step} (${item.role}) since ${since}${item.holder === null ? ', nobody holds it' : `, held by ${nameOf(world, item.holder)}`}.`;
  tell(effects, 'escalation', rung?.to ?? [], item.key, text);
}

/** The invitation goes to the testers' chats, and by mail to testers of the item who asked for it. It carries no date. */
function invite(world: World, item: ItemState, effects: Effects): void {
  const where = item.environments.map((release) => release.environment);
  const text = say`Come and test ${itemNode(item.key, item.title)}${where.length === 0 ? '' : ` on ${enumerate(where)}`}. What you find helps.${buttons({ label: 'Join the test', command: 'join', on: item.key })}`;
  const chats = world.organisation.chats.filter((chat) => chat.team === 'testers').map((chat) => ({ chat: chat.name }));
  const people = new Map(world.organisation.people.map((person) => [person.id, person.email]));
  const mails = Object.entries(item.testers).flatMap(([id, tester]) => {
    const email = people.get(id);
    return tester.mail && email !== undefined ? [{ email }] : [];
  });
  tell(effects, 'invitation', [...chats, ...mails], item.key, text);
}
