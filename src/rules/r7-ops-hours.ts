import { capital, opsOr, routeOf } from '../core/alerting.ts';
import { showInstant } from '../core/calendar.ts';
import { defineRule, refuse } from '../core/rule.ts';
import { say } from '../core/text.ts';

export const rule = defineRule({
  id: 'R7',
  name: 'ops-hours',
  source: 'Rules R7',
  statement:
    'OPS works Sunday to Thursday and is on call on Friday and Saturday in daytime for critical matters; what can wait is held for those hours.',
  check({ world, act }) {
    if (act.act !== 'page') return undefined;
    const route = routeOf(world, act.severity);
    if (route.way !== 'hold') return undefined;
    return refuse(
      say`${capital(opsOr(world, 'gets it', showInstant(world.organisation, route.until)))} (R7): it is held until then.`,
      {
        rule: 'R7',
      },
    );
  },
});
