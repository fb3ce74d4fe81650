import { dayOn } from '../core/calendar.ts';
import { defineRule, refuse } from '../core/rule.ts';
import { enumerate, say } from '../core/text.ts';

export const rule = defineRule({
  id: 'R8',
  name: 'external-comms',
  source: 'Rules R8',
  statement:
    'The outside hears what a majority of stakeholders, an architect and the circle owner have signed, by a date that has not passed.',
  check({ world, now, act }) {
    if (act.act !== 'publish') return undefined;
    if (act.date !== null && now >= dayOn(world.organisation, act.date).until)
      return refuse(say`The promised date ${act.date} has passed (R8). Draft it anew with a date that can be kept.`, {
        rule: 'R8',
      });
    if (act.approved) return undefined;
    return refuse(say`It is not signed yet (R8): ${enumerate(act.missing)}. They sign with /approve.`, { rule: 'R8' });
  },
});
