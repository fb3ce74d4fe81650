import { z } from 'zod';
import { choiceOf, rest } from '../core/arguments.ts';
import { showInstant } from '../core/calendar.ts';
import { defineCommand, reply } from '../core/command.ts';
import { callsOf } from '../core/draft.ts';
import { ensureVotes } from '../core/flow.ts';
import { lacksRole } from '../core/guards.ts';
import { readMoment } from '../core/moment.ts';
import { agendaOf, agendaRows } from '../core/reminders.ts';
import { already, usage } from '../core/rule.ts';
import { ONLY } from '../core/streams.ts';
import { list, say } from '../core/text.ts';

export default defineCommand({
  name: 'call',
  usage: '/call open | /call close | /call plan WHEN',
  summary: 'Open, close or plan the stakeholders’ call.',
  who: 'stakeholder',
  examples: ['/call open', '/call close', '/call plan Mon 14:00'],
  on: 'nothing',
  args: z.object({ act: choiceOf('act', ['open', 'close', 'plan']), when: z.string().optional() }),
  read: (words) => ({ act: words.all[0], when: rest(words, 1) }),
  decide: (context) => {
    const { draft, world, actor, args, now } = context;
    const no = lacksRole(context, ['stakeholder']);
    if (no !== undefined) return no;
    const calls = callsOf(world);
    if (args.act === 'open') {
      if (calls?.open != null)
        return already(say`A call is open since ${showInstant(world.organisation, calls.open.at)}.`);
      draft.emit('calls', ONLY, { type: 'call-opened', id: `CALL-${(calls?.count ?? 0) + 1}`, by: actor.id });
      const items = agendaOf(draft);
      for (const item of items) ensureVotes(draft, item.key);
      const text =
        items.length === 0
          ? say`The call is open. Its agenda is empty.`
          : say`The call is open. On the agenda:${list(agendaRows(draft, items))}`;
      return reply('opened', text);
    }
    if (args.act === 'close') {
      if (calls?.open == null) return already(say`No call is open.`);
      draft.emit('calls', ONLY, { type: 'call-closed', id: calls.open.id, by: actor.id });
      return reply('closed', say`The call is closed. What is undecided stands on the next agenda.`);
    }
    const moment = args.when === undefined ? undefined : readMoment(world.organisation, args.when, now);
    if (moment === undefined || moment.wholeDay)
      return usage('Say when the call begins, with a time of day.', '/call plan Mon 14:00');
    if (moment.at <= now)
      return usage(
        `${showInstant(world.organisation, moment.at)} has passed; name a later time.`,
        '/call plan tomorrow 14:00',
      );
    draft.emit('calls', ONLY, { type: 'call-planned', at: moment.at, by: actor.id });
    return reply(
      'planned',
      say`The call is planned for ${showInstant(world.organisation, moment.at)}. The agenda goes out an hour before.`,
    );
  },
});
