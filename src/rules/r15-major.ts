import { majorClock, RESOLVE_WITHIN_HOURS } from '../core/clocks.ts';
import { defineRule, refuse } from '../core/rule.ts';
import { say } from '../core/text.ts';

export const rule = defineRule({
  id: 'R15',
  name: 'major',
  source: 'Rules R15',
  statement: 'What is major is resolved within 48 hours.',
  check({ now, act }) {
    if (act.act !== 'leave-open' || act.severity !== 'major' || now < majorClock(act.since).due) return undefined;
    return refuse(
      say`Major and open for more than ${RESOLVE_WITHIN_HOURS} hours (R15). Close it, or climb with /escalate.`,
      { rule: 'R15' },
    );
  },
});
