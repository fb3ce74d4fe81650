import { watchersOf } from './alerting.ts';
import { HOUR, showInstant } from './calendar.ts';
import {
  environmentCard,
  invitationCard,
  invitationLetter,
  offerCard,
  priorityCard,
  reminderCard,
  requestCard,
  voteCard,
} from './cards.ts';
import { ESCALATE_VOTE_AFTER_HOURS, offerClock, REMIND_VOTERS_AFTER_HOURS } from './clocks.ts';
import type { Happening, World } from './draft.ts';
import { rungsOf } from './escalation.ts';
import type { ItemState } from './item.ts';
import { takesLetters } from './letters.ts';
import { type Effects, peopleOf, type To, teamOf, tell } from './message.ts';
import { isKnown, membersOf, nameOf, ownersOf, rosterOf } from './people.ts';
import { stepAt } from './process.ts';
import { bold, buttons, code, enumerate, item as itemNode, type Node, say } from './text.ts';
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
      const live = { of: 'priority', on: key, rank: event.rank, owner: event.owner, call: event.call } as const;
      return tell(effects, 'hint', teamOf(world, 'stakeholder'), key, priorityCard(world, after, live), live);
    }
    case 'release-requested': {
      if (event.emergency !== null) return;
      const { environment, version, by } = event;
      const live = { of: 'request', on: key, environment, version, by, n: after.version } as const;
      return tell(effects, 'request', watchersOf(world), key, requestCard(world, after, live), live);
    }
    case 'released': {
      if (event.emergency === null) return;
      const text = say`${named} was released on ${event.environment} inside the freeze by ${nameOf(world, event.by)}, because of ${event.emergency}, approved by ${enumerate(event.approvedBy.map((id) => nameOf(world, id)))}.`;
      return tell(effects, 'hint', peopleOf(membersOf(world, 'stakeholder')), key, text);
    }
    case 'invited':
      return invite(world, after, effects);
    case 'environment-requested': {
      const live = {
        of: 'environment',
        on: key,
        environment: event.environment,
        by: event.by,
        n: after.version,
      } as const;
      return tell(effects, 'task', watchersOf(world), key, environmentCard(world, after, live), live);
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

function voteOpened(world: World, item: ItemState, id: string, effects: Effects): void {
  const vote = item.votes.find((each) => each.id === id);
  if (vote === undefined) return;
  const live = { of: 'vote', on: item.key, vote: id } as const;
  tell(effects, 'vote-opened', electorPlaces(world, vote), item.key, voteCard(world, item, vote), live);
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
    const emergency = vote.subject === 'emergency' ? before?.emergency : undefined;
    if (emergency != null) {
      const { by, environment } = emergency;
      const people = peopleOf([...voters, by].filter((person) => isKnown(world, person)));
      const no = say`The emergency release of ${named} on ${environment} is not carried out: ${event.why ?? 'it was withdrawn'}. Its vote is void.`;
      return tell(effects, 'vote-closed', [...people, ...teamOf(world, 'ops')], after.key, no);
    }
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
  const next = event.result === 'approved' ? nextRelease(world, after, vote) : undefined;
  if (next !== undefined) tell(effects, 'vote-closed', next.to, after.key, [...text, next.button]);
  const others = [...electorPlaces(world, vote), ...peopleOf(ownersOf(world, after))].filter(
    (to) => next?.to.some((each) => JSON.stringify(each) === JSON.stringify(to)) !== true,
  );
  tell(effects, 'vote-closed', others, after.key, text);
}

/** Who releases, or asks OPS to, now that a review has approved what is to be released. */
function nextRelease(world: World, item: ItemState, vote: Vote): { to: To[]; button: Node } | undefined {
  const process = world.processOf(item.process)?.process;
  const step = process === undefined ? undefined : stepAt(process, item.stepNumber);
  if (vote.subject !== 'review' || step?.kind !== 'release') return undefined;
  const { performer = step.owner, owner, environment } = step;
  const isAsked = performer === owner || item.request !== null;
  const holder = item.holder !== null && isKnown(world, item.holder) ? peopleOf([item.holder]) : undefined;
  const to = isAsked && performer !== owner ? teamOf(world, performer) : (holder ?? teamOf(world, owner, item));
  return { to, button: buttons({ label: 'Release', command: 'release', on: item.key, args: environment }) };
}

function remindVoters(item: ItemState, id: string, effects: Effects): void {
  const vote = item.votes.find((each) => each.id === id);
  if (vote === undefined) return;
  for (const person of tallyOf(vote).missing) {
    const live = { of: 'ballot', on: item.key, vote: id, person } as const;
    tell(effects, 'vote-reminder', [{ person }], item.key, reminderCard(item), live);
  }
}

function offered(world: World, item: ItemState, again: boolean, effects: Effects): void {
  const team = teamOf(world, item.role, item);
  if (team.length === 0)
    return tell(
      effects,
      'hint',
      peopleOf(membersOf(world, 'admin')),
      item.key,
      say`${itemNode(item.key, item.title)} waits for ${bold(item.role)}, and nobody holds that role. Grant it with ${code(`/role grant ${item.role} PERSON`)}.`,
    );
  const live = item.offer === null ? undefined : ({ of: 'offer', on: item.key, offer: item.offer.id, again } as const);
  tell(effects, 'offer', team, item.key, offerCard(world, item, again), live);
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
  const chats = world.organisation.chats.filter((chat) => chat.team === 'testers').map((chat) => ({ chat: chat.name }));
  const { people } = rosterOf(world);
  const mails = Object.entries(item.testers).flatMap(([id, tester]) => {
    const email = people.get(id)?.email;
    return tester.mail && email !== undefined && takesLetters(world, email, 'invitations') ? [{ email }] : [];
  });
  const live = { of: 'invitation', on: item.key } as const;
  tell(effects, 'invitation', chats, item.key, invitationCard(item), live);
  tell(effects, 'invitation', mails, item.key, invitationLetter(item));
}
