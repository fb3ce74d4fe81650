import {
  addWorkingDays,
  closesAt,
  dayAt,
  dayOn,
  frozenUntil,
  localTime,
  showInstant,
  workingHoursOf,
} from './calendar.ts';
import { pageTestCard } from './cards.ts';
import { STALE_AFTER_DAYS } from './clocks.ts';
import { callsOf, type Draft, declaredFreezes, type World } from './draft.ts';
import { dutyOf } from './duty.ts';
import { describeDuties } from './duty-text.ts';
import type { ItemState } from './item.ts';
import { type Effects, type Live, peopleOf, type SentKind, type To, teamOf, tell } from './message.ts';
import { hasRole, membersOf, nameOf, ownersOf, rosterOf } from './people.ts';
import { isGatedEnvironment, stepAt } from './process.ts';
import { ONLY } from './streams.ts';
import { bold, enumerate, item as itemNode, lines, list, say, type Text } from './text.ts';
import { missingSignatures, tallyOf } from './vote.ts';

/** A reminder of the calendar: its name in the organisation's file, its default cron expression, and what it says. */
export interface Reminder {
  readonly cron: string;
  readonly kind: SentKind;
  readonly says: (world: World) => readonly Reminding[];
}
interface Reminding {
  readonly to: readonly To[];
  readonly text: Text;
  readonly live?: Live;
}

/** Items whose next step is a release on mainnet or production, in order of priority. */
function waitingForRelease(world: World): ItemState[] {
  const waits = (item: ItemState): boolean => {
    const process = world.processOf(item.process)?.process;
    const step = process === undefined ? undefined : stepAt(process, item.stepNumber);
    return item.state === 'active' && step?.kind === 'release' && isGatedEnvironment(step.environment);
  };
  return world
    .open('item')
    .filter(waits)
    .sort((a, b) => (a.rank ?? Number.MAX_SAFE_INTEGER) - (b.rank ?? Number.MAX_SAFE_INTEGER));
}

const queue = (items: readonly ItemState[], empty: string): Text =>
  items.length === 0
    ? say`${empty}`
    : say`Waiting:${list(items.map((item) => say`${itemNode(item.key, item.title)}${item.rank === null ? '' : `, rank ${item.rank}`}`))}`;

const opsAndOwners = (world: World, items: readonly ItemState[]): To[] => [
  ...teamOf(world, 'ops'),
  ...peopleOf(items.flatMap((item) => ownersOf(world, item))),
];

/** How it stands with the window, weekly and declared freezes added up. */
function releaseWindow(world: World): Text {
  const declared = declaredFreezes(world);
  const frozen = frozenUntil(world.organisation, declared, world.now);
  const show = (at: number) => showInstant(world.organisation, at);
  return frozen === undefined
    ? say`The release window is open; it closes ${show(closesAt(world.organisation, declared, world.now))}.`
    : say`The release freeze is on: nothing goes to mainnet or production until ${show(frozen)}.`;
}

/** The date of a weekday in the week of `now`, from today on: Thursday's reminders speak of the coming days. */
function comingOnCallDays(world: World): string[] {
  const today = localTime(world.organisation, world.now).startOf('day');
  return [0, 1, 2, 3, 4, 5, 6].flatMap((n) => {
    const day = dayOn(world.organisation, today.plus({ days: n }).toISODate() ?? '');
    return day.onCall !== undefined && n > 0 ? [day.date] : [];
  });
}

const openAlerts = (world: World): Text => {
  const alerts = world.open('alert').filter((alert) => alert.severity === 'critical' || alert.state !== 'held');
  return alerts.length === 0
    ? say`Nothing is open.`
    : say`Open:${list(alerts.map((alert) => say`${alert.key} ${alert.severity}: ${alert.title} (${alert.state})`))}`;
};

const heldAlerts = (world: World, empty: string): Text => {
  const alerts = world
    .open('alert')
    .filter((alert) => alert.state === 'held' || (alert.deliveredAt === world.now && alert.raisedAt < world.now));
  return alerts.length === 0
    ? say`${empty}`
    : say`Held:${list(alerts.map((alert) => say`${alert.key} ${alert.severity}: ${alert.title}`))}`;
};

const dutyToday = (world: World): To[] => {
  const { first } = dutyOf(world, dayAt(world.organisation, world.now).date);
  return first === undefined ? teamOf(world, 'ops') : peopleOf([first]);
};

/** By name, as the organisation's file names them. `agenda` has no cron: it is due an hour before a planned call. */
export const REMINDERS: Readonly<Record<string, Reminder>> = {
  'wednesday-morning': {
    cron: '0 9 * * Wed',
    kind: 'freeze',
    says: (world) => {
      const items = waitingForRelease(world);
      return [
        {
          to: opsAndOwners(world, items),
          text: lines(releaseWindow(world), queue(items, 'Nothing waits for a release.')),
        },
      ];
    },
  },
  'wednesday-afternoon': {
    cron: '0 16 * * Wed',
    kind: 'freeze',
    says: (world) => {
      const votes = world
        .open('item')
        .flatMap((item) =>
          item.votes
            .filter((vote) => vote.subject === 'review' && vote.result === null)
            .map((vote) => ({ item, vote })),
        );
      const rows = votes.map(
        ({ item, vote }) =>
          say`${itemNode(item.key, item.title)}: ${enumerate(missingSignatures(vote))} (${enumerate(tallyOf(vote).missing.map((id) => nameOf(world, id)))})`,
      );
      const text = lines(
        [bold('Last call.'), ' ', ...releaseWindow(world)],
        rows.length === 0 ? say`No vote on staging is open.` : say`Votes still missing:${list(rows)}`,
      );
      return [{ to: [...teamOf(world, 'ops'), ...peopleOf(votes.flatMap(({ vote }) => tallyOf(vote).missing))], text }];
    },
  },
  'thursday-morning': {
    cron: '0 9 * * Thu',
    kind: 'freeze',
    says: (world) => {
      const chats = world.organisation.chats
        .filter((chat) => chat.team !== 'testers')
        .map((chat) => ({ chat: chat.name }));
      return [
        {
          to: chats,
          text: releaseWindow(world),
        },
      ];
    },
  },
  'monday-morning': {
    cron: '0 9 * * Mon',
    kind: 'freeze',
    says: (world) => {
      const items = waitingForRelease(world);
      return [
        {
          to: opsAndOwners(world, items),
          text: lines(releaseWindow(world), queue(items, 'Nothing waits for a release.')),
        },
      ];
    },
  },
  'page-test': {
    cron: '0 16 * * Thu',
    kind: 'page-test',
    says: (world) =>
      peopleToTest(world).map((person) => ({
        to: peopleOf([person]),
        text: pageTestCard(),
        live: { of: 'page-test', person, at: world.now },
      })),
  },
  'on-call-roster': {
    cron: '0 17 * * Thu',
    kind: 'on-call',
    says: (world) => [
      {
        to: teamOf(world, 'ops'),
        text: say`On call in the coming days:${list(describeDuties(world, comingOnCallDays(world)))}`,
      },
    ],
  },
  'on-call-begins': {
    cron: '0 9 * * Fri,Sat',
    kind: 'on-call',
    says: (world) => [{ to: dutyToday(world), text: lines(say`Your on-call window has begun.`, openAlerts(world)) }],
  },
  'on-call-ends': {
    cron: '0 18 * * Sat',
    kind: 'on-call',
    says: (world) => [
      {
        to: dutyToday(world),
        text: lines(say`Your on-call window has ended.`, heldAlerts(world, 'Nothing is held for OPS’s next day.')),
      },
    ],
  },
  'on-call-held': {
    cron: '0 9 * * Sun',
    kind: 'on-call',
    says: (world) => [
      { to: teamOf(world, 'ops'), text: lines(say`OPS’s week begins.`, heldAlerts(world, 'Nothing was held.')) },
    ],
  },
  digest: { cron: '0 9 * * *', kind: 'digest', says: (world) => digests(world) },
};

export const REMINDER_NAMES: readonly string[] = [...Object.keys(REMINDERS), 'agenda'];

/** Who is on call in the coming days, each once. */
const peopleToTest = (world: World): string[] => [
  ...new Set(comingOnCallDays(world).flatMap((date) => dutyOf(world, date).first ?? [])),
];

/** One digest a person and working morning, of what is stale and what votes they have to cast; nobody gets an empty one. */
function digests(world: World): { to: readonly To[]; text: Text }[] {
  const day = dayAt(world.organisation, world.now);
  const rows = new Map<string, Text[]>();
  const add = (person: string, row: Text) => rows.set(person, [...(rows.get(person) ?? []), row]);
  const isCall = callsOf(world)?.open != null;
  for (const item of world.open('item')) {
    const hours = workingHoursOf(item.holder !== null && hasRole(world, item.holder, 'ops') ? 'ops' : '');
    if (
      item.holder !== null &&
      addWorkingDays(world.organisation, item.touchedAt, STALE_AFTER_DAYS, hours) <= world.now
    )
      add(
        item.holder,
        say`${itemNode(item.key, item.title)} was not touched since ${showInstant(world.organisation, item.touchedAt)} (${item.step}).`,
      );
    const castable = item.votes.filter(
      (vote) => vote.result === null && (item.state !== 'proposed' || item.urgent !== null || isCall),
    );
    for (const vote of castable)
      for (const person of tallyOf(vote).missing)
        add(person, say`Your vote on ${itemNode(item.key, item.title)} is missing: /approve ${item.key}.`);
  }
  for (const announcement of world.open('announcement'))
    for (const person of tallyOf(announcement.vote).missing)
      add(person, say`Your signature on ${announcement.key} is missing: /approve ${announcement.key}.`);
  return [...rows].flatMap(([person, texts]) => {
    const works = hasRole(world, person, 'ops') ? day.ops : day.working;
    return works === undefined || !rosterOf(world).people.has(person)
      ? []
      : [{ to: peopleOf([person]), text: say`Good morning. Waiting for you:${list(texts)}` }];
  });
}

/** One occurrence of a reminder; one that is more than six hours late is dropped, and the history says so. */
export function fireReminder(draft: Draft, name: string, due: number, tooLate: boolean): void {
  if (REMINDERS[name] === undefined) return;
  if (tooLate) draft.emit('calendar', ONLY, { type: 'reminder-dropped', name, due });
  else {
    draft.emit('calendar', ONLY, { type: 'reminder-fired', name, due, late: draft.now > due });
    if (name === 'page-test') draft.emit('calendar', ONLY, { type: 'page-test-sent', people: peopleToTest(draft) });
  }
}

/** What a fired reminder says, and when it is due again. */
export function remind(world: World, name: string, due: number, fired: boolean, effects: Effects): void {
  const reminder = REMINDERS[name];
  if (reminder === undefined) return;
  if (fired) for (const { to, text, live } of reminder.says(world)) tell(effects, reminder.kind, to, null, text, live);
  const again = world.nextReminder(name, due);
  if (again !== undefined) effects.timers.push({ key: `reminder/${name}`, due: again, run: { do: 'remind', name } });
}

/** What the next call will decide: what was proposed, and what was agreed and has no priority yet. */
export function agendaOf(world: World): ItemState[] {
  return world.open('item').filter((item) => {
    const process = world.processOf(item.process)?.process;
    const step = process === undefined ? undefined : stepAt(process, item.stepNumber);
    return (step?.kind === 'vote' && step.on_call) || step?.kind === 'decide';
  });
}

export const agendaRows = (world: World, items: readonly ItemState[]): Text[] =>
  items.map(
    (item) =>
      say`${itemNode(item.key, item.title)}: ${item.state === 'proposed' ? 'agree' : 'prioritise'}, proposed by ${nameOf(world, item.proposer)}${membersOf(world, 'stakeholder').length === 0 ? ' (nobody is a stakeholder)' : ''}`,
  );
