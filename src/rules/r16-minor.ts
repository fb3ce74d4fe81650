import { minorClock } from '../core/clocks.ts';
import { defineRule, refuse } from '../core/rule.ts';
import { say } from '../core/text.ts';

export const rule = defineRule({
  id: 'R16',
  name: 'minor',
  source: 'Rules R16',
  statement: 'What is minor is done within its sprint.',
  check({ world, now, act }) {
    if (act.act !== 'leave-open' || act.severity !== 'minor' || now < minorClock(world.organisation, act.since).due)
      return undefined;
    return refuse(say`Minor, and its sprint is over (R16). Close it, or agree on a new severity.`, { rule: 'R16' });
  },
});
