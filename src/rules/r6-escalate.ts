import { addHours, HOUR, workingHoursOf } from '../core/calendar.ts';
import { ESCALATE_AFTER_HOURS } from '../core/clocks.ts';
import { defineRule, refuse } from '../core/rule.ts';
import { say } from '../core/text.ts';

export const rule = defineRule({
  id: 'R6',
  name: 'escalate',
  source: 'Rules R6',
  statement: 'What stands still climbs: the team, the circle owner, the owner, the stakeholders, each told once.',
  check({ world, now, act }) {
    if (act.act !== 'wait') return undefined;
    const due = addHours(world.organisation, act.since, ESCALATE_AFTER_HOURS * HOUR, workingHoursOf(act.role));
    if (due === undefined || now < due) return undefined;
    return refuse(
      say`Nobody of ${act.role} has taken it for ${ESCALATE_AFTER_HOURS} working hours (R6). Take it with /accept.`,
      { rule: 'R6' },
    );
  },
});
