import { closesAt, frozenUntil, HOUR, showDay, showInstant } from './calendar.ts';
import { dutyCard, hintCard } from './cards.ts';
import { AGENDA_BEFORE_HOURS, CALL_LASTS_HOURS } from './clocks.ts';
import { declaredFreezes, type Happening, type World } from './draft.ts';
import { type Effects, peopleOf, type Timer, teamOf, tell } from './message.ts';
import { membersOf, nameOf } from './people.ts';
import { awaitedRelease } from './release-window.ts';
import { agendaOf, agendaRows, remind } from './reminders.ts';
import { buttons, item as itemNode, list, say } from './text.ts';

export function reactToCalls(world: World, { event, after }: Happening<'calls'>, effects: Effects): void {
  switch (event.type) {
    case 'call-opened':
      if (after.planned === null) effects.cleared.push('calls/agenda');
      effects.timers.push({
        key: 'calls/close',
        due: world.now + CALL_LASTS_HOURS * HOUR,
        run: { do: 'close-call', call: event.id },
      });
      return;
    case 'call-closed':
      effects.cleared.push('calls/close');
      return;
    case 'call-planned':
      effects.timers.push({
        key: 'calls/agenda',
        due: Math.max(world.now, event.at - AGENDA_BEFORE_HOURS * HOUR),
        run: { do: 'send-agenda', at: event.at },
      });
      return;
    case 'agenda-due': {
      const items = agendaOf(world);
      const setting = world.organisation.reminders.agenda;
      if (items.length === 0 || setting === false || setting === 'off') return;
      const text = say`The call is ${showInstant(world.organisation, event.at)}. On its agenda:${list(agendaRows(world, items))}`;
      return tell(
        effects,
        'agenda',
        [...teamOf(world, 'stakeholder'), ...peopleOf(items.map((item) => item.proposer))],
        null,
        text,
      );
    }
    case 'round-begun':
      return;
    default:
      return event satisfies never;
  }
}

export function reactToCalendar(world: World, { event, after }: Happening<'calendar'>, effects: Effects): void {
  switch (event.type) {
    case 'reminder-fired':
    case 'reminder-dropped':
      return remind(world, event.name, event.due, event.type === 'reminder-fired', effects);
    case 'duty-offered': {
      const { date, from, to } = event;
      const live = { of: 'duty', date, from, to } as const;
      return tell(effects, 'request', peopleOf([to]), null, dutyCard(world, live), live);
    }
    case 'duty-taken':
      return tell(
        effects,
        'hint',
        peopleOf([event.from]),
        null,
        say`${nameOf(world, event.to)} took the on-call duty of ${showDay(world.organisation, event.date)}. You are the second that day.`,
      );
    case 'duties-dropped':
      return;
    case 'page-test-refused':
      return tell(
        effects,
        'hint',
        peopleOf(membersOf(world, 'admin')),
        null,
        say`${nameOf(world, event.person)} can not be paged: no platform lets the test page through. They write to me in private, or somebody takes their duty with /oncall swap.`,
      );
    case 'window-awaited':
    case 'window-postponed':
      return void effects.timers.push(windowTimer(event.item, event.until));
    case 'window-opened':
      return windowOpened(world, event.item, event.people, effects);
    case 'freeze-lifted': {
      // What everybody waits for may come sooner now.
      const until = frozenUntil(world.organisation, after.freezes, world.now) ?? world.now;
      for (const item of Object.keys(after.awaited)) effects.timers.push(windowTimer(item, until));
      return;
    }
    case 'page-test-sent':
    case 'page-test-confirmed':
    case 'freeze-declared':
      return;
    default:
      return event satisfies never;
  }
}

const windowTimer = (item: string, due: number): Timer => ({
  key: `window/${item}`,
  due,
  run: { do: 'say-window', key: item },
});

function windowOpened(world: World, key: string, people: readonly string[], effects: Effects): void {
  const item = world.get('item', key);
  const environment = item === undefined ? undefined : awaitedRelease(world, item);
  if (item === undefined || environment === undefined) return;
  const closes = showInstant(world.organisation, closesAt(world.organisation, declaredFreezes(world), world.now));
  const release = buttons({ label: 'Release', command: 'release', on: key, args: environment });
  const text = say`The release window is open until ${closes}: ${itemNode(key, item.title)} can go to ${environment} when its steps are done.${release}`;
  tell(effects, 'hint', peopleOf(people), key, text);
}

export function reactToPlace({ event, after }: Happening<'place'>, effects: Effects): void {
  if (event.type !== 'hinted') return;
  const text = hintCard(event.names, after.item, event.said ?? '');
  tell(effects, 'hint', peopleOf([event.person]), after.item, text);
}
