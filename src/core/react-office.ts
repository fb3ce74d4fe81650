import { HOUR, showDay, showInstant } from './calendar.ts';
import { AGENDA_BEFORE_HOURS, CALL_LASTS_HOURS } from './clocks.ts';
import type { Happening, World } from './draft.ts';
import { type Effects, peopleOf, teamOf, tell } from './message.ts';
import { nameOf } from './people.ts';
import { agendaOf, agendaRows, remind } from './reminders.ts';
import { buttons, enumerate, list, say } from './text.ts';

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

export function reactToCalendar(world: World, { event }: Happening<'calendar'>, effects: Effects): void {
  switch (event.type) {
    case 'reminder-fired':
    case 'reminder-dropped':
      return remind(world, event.name, event.due, event.type === 'reminder-fired', effects);
    case 'duty-offered': {
      const day = showDay(world.organisation, event.date);
      const take = buttons({ label: 'Take it', command: 'oncall', on: '', args: `take ${event.date}` });
      return tell(
        effects,
        'request',
        peopleOf([event.to]),
        null,
        say`${nameOf(world, event.from)} offers you the on-call duty of ${day}.${take}`,
      );
    }
    case 'duty-taken':
      return tell(
        effects,
        'hint',
        peopleOf([event.from]),
        null,
        say`${nameOf(world, event.to)} took the on-call duty of ${showDay(world.organisation, event.date)}. You are the second that day.`,
      );
    case 'page-test-sent':
    case 'page-test-confirmed':
    case 'freeze-declared':
    case 'freeze-lifted':
      return;
    default:
      return event satisfies never;
  }
}

export function reactToPlace({ event, after }: Happening<'place'>, effects: Effects): void {
  if (event.type !== 'hinted') return;
  const on = after.item ?? '';
  const choices = buttons(
    { label: 'Log a bug', command: 'bug', on },
    { label: 'Ask for a feature', command: 'feature', on },
    ...(after.item === null ? [] : [{ label: 'Urgent: tell the circle owner', command: 'urgent', on }]),
  );
  tell(
    effects,
    'hint',
    peopleOf([event.person]),
    after.item,
    say`${enumerate(event.names)} will see it sooner as an issue (R3). Log it here:${choices}`,
  );
}
