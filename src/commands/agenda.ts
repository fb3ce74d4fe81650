import { Nothing } from '../core/arguments.ts';
import { showInstant } from '../core/calendar.ts';
import { defineCommand, reply } from '../core/command.ts';
import { callsOf } from '../core/draft.ts';
import { agendaOf, agendaRows } from '../core/reminders.ts';
import { lines, list, say } from '../core/text.ts';

export default defineCommand({
  name: 'agenda',
  usage: '/agenda',
  summary: 'What the next call will decide.',
  who: 'anyone',
  examples: ['/agenda'],
  question: true,
  on: 'nothing',
  args: Nothing,
  read: () => ({}),
  decide: ({ world }) => {
    const calls = callsOf(world);
    const items = agendaOf(world);
    const when =
      calls?.open != null
        ? say`The call is open since ${showInstant(world.organisation, calls.open.at)}.`
        : calls?.planned != null
          ? say`The next call is ${showInstant(world.organisation, calls.planned.at)}.`
          : say`No call is planned; a stakeholder says /call plan WHEN.`;
    return reply(
      'shown',
      lines(
        when,
        items.length === 0 ? say`Its agenda is empty.` : say`On the agenda:${list(agendaRows(world, items))}`,
      ),
    );
  },
});
