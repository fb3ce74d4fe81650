import { MINUTE } from '../core/calendar.ts';
import { ACKNOWLEDGE_WITHIN_MINUTES } from '../core/clocks.ts';
import { defineRule, refuse } from '../core/rule.ts';
import { say } from '../core/text.ts';

export const rule = defineRule({
  id: 'R14',
  name: 'critical',
  source: 'Rules R14',
  statement:
    'What is critical is acknowledged within 15 minutes, reported on every hour in daytime, and mended right away.',
  check({ now, act }) {
    if (act.act !== 'leave-open' || act.severity !== 'critical' || act.acknowledged) return undefined;
    if (now < act.since + ACKNOWLEDGE_WITHIN_MINUTES * MINUTE) return undefined;
    return refuse(
      say`Critical and not acknowledged for ${ACKNOWLEDGE_WITHIN_MINUTES} minutes (R14). OPS takes it with /ack.`,
      { rule: 'R14' },
    );
  },
});
