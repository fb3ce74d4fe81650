import { alertCard, unacknowledgedCard } from './alert-card.ts';
import type { AnnouncementState } from './announcement.ts';
import { dayOn } from './calendar.ts';
import { announcementCard, announcementLine, dutyCard, dutyLine, loggedCard, pageTestCard, voters } from './cards.ts';
import { calendarOf, type World } from './draft.ts';
import { type Shown, showOnItem } from './live-item.ts';
import type { Live } from './message.ts';
import { nameOf } from './people.ts';
import { ONLY, streamId } from './streams.ts';
import { bold, lines, say } from './text.ts';
import { tallyOf } from './vote.ts';

/** What a message that was sent shows now: the same card while there is something to do, and afterwards what came of it. */

type Of<K extends Live['of']> = Extract<Live, { of: K }>;

/** Looks only at what is recorded. Undefined: leave the message as it is. */
export function showLive(world: World, live: Live): Shown | undefined {
  if (live.of === 'duty') return showDuty(world, live);
  if (live.of === 'page-test') return showPageTest(world, live);
  if (live.of === 'alert') return showAlert(world, live);
  if (live.of === 'logged')
    return { text: loggedCard(world, live), done: world.get('ref', live.on)?.became !== undefined };
  const announcement = live.of === 'vote' ? world.get('announcement', live.on) : undefined;
  if (announcement !== undefined && live.of === 'vote') return showAnnouncement(world, announcement, live);
  const item = world.get('item', live.on);
  return item === undefined ? undefined : showOnItem(world, item, live);
}

/** The streams on which it depends what the message shows: `item/WEB-1`. */
export function streamsOfLive(live: Live): readonly string[] {
  switch (live.of) {
    case 'duty':
    case 'page-test':
      return [streamId('calendar', ONLY)];
    case 'alert':
      return [streamId('alert', live.on)];
    case 'logged':
      return [streamId('ref', live.on)];
    case 'priority':
      return [streamId('item', live.on), streamId('calls', ONLY)];
    case 'vote':
      return [streamId(/^ANN-/.test(live.on) ? 'announcement' : 'item', live.on)];
    default:
      return [streamId('item', live.on)];
  }
}

function showAlert(world: World, live: Of<'alert'>): Shown | undefined {
  const alert = world.get('alert', live.on);
  if (alert === undefined) return undefined;
  const nobodyHasIt = live.unacknowledged && alert.state === 'open';
  const text = nobodyHasIt ? unacknowledgedCard(world, alert) : alertCard(world, alert);
  return { text, done: alert.state === 'resolved' };
}

function showAnnouncement(world: World, announcement: AnnouncementState, live: Of<'vote'>): Shown {
  const { key, vote, state } = announcement;
  if (vote.id !== live.vote)
    return { text: say`${bold(key)} was edited; its new text is signed in a message of its own.`, done: true };
  if (state === 'drafted') return { text: announcementCard(world, announcement), done: false };
  const signed = voters(world, tallyOf(vote).approve);
  const end = {
    announced: say`${bold('Signed and posted')}: ${signed}.`,
    rejected: say`${bold('Rejected')} by ${voters(world, tallyOf(vote).reject)}.`,
    void: say`${bold('Void')}: it will not be posted.`,
  }[state];
  return { text: lines(announcementLine(announcement), end), done: true };
}

function showDuty(world: World, live: Of<'duty'>): Shown {
  const { date, from, to } = live;
  const calendar = calendarOf(world);
  const isOpen = calendar?.offers.some((offer) => offer.date === date && offer.from === from && offer.to === to);
  if (isOpen === true && dayOn(world.organisation, date).until > world.now)
    return { text: dutyCard(world, live), done: false };
  const swap = calendar?.swaps[date];
  const end = swap?.from === from && swap.to === to ? `${nameOf(world, to)} took it.` : 'It is no longer offered.';
  return { text: say`${dutyLine(world, live)} ${end}`, done: true };
}

function showPageTest(world: World, { person, at }: Of<'page-test'>): Shown {
  const test = calendarOf(world)?.tests[person];
  if (test?.at !== at) return { text: say`This test page is over.`, done: true };
  return test.confirmed
    ? { text: say`This was a test page. ${nameOf(world, person)} confirmed that it arrived.`, done: true }
    : { text: pageTestCard(), done: false };
}
