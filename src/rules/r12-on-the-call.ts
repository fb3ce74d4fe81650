import { showInstant } from '../core/calendar.ts';
import { callsOf } from '../core/draft.ts';
import { hasRole } from '../core/people.ts';
import { agendaOf } from '../core/reminders.ts';
import { defineRule, refuse } from '../core/rule.ts';
import { buttons, code, say } from '../core/text.ts';

export const rule = defineRule({
  id: 'R12',
  name: 'on-the-call',
  source: 'Rules R12',
  statement:
    'Agreements and priorities are decided on the stakeholders’ call; between calls only urgencies of an existing story.',
  check({ world, actor, act, item }) {
    if (act.act !== 'prioritise' && !(act.act === 'ballot' && act.agree)) return undefined;
    if (item === undefined || item.urgent !== null || callsOf(world)?.open != null) return undefined;
    const planned = callsOf(world)?.planned;
    const isPlanned = planned != null && planned.at > world.now;
    const next = isPlanned ? `; the next one is ${showInstant(world.organisation, planned.at)}` : ' or planned';
    const where = agendaOf(world).some(({ key }) => key === item.key) ? `${item.key} is on its agenda; a` : 'A';
    const open = hasRole(world, actor, 'stakeholder')
      ? [buttons({ label: 'Open the call', command: 'call', on: 'open' })]
      : [];
    return refuse(
      say`That is decided on the stakeholders’ call (R12), and none is open${next}. ${where} stakeholder opens the call with ${code('/call open')}.${open}`,
      { rule: 'R12' },
    );
  },
});
