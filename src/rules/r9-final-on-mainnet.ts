import { isGatedEnvironment } from '../core/process.ts';
import { defineRule, refuse } from '../core/rule.ts';
import { say } from '../core/text.ts';

export const rule = defineRule({
  id: 'R9',
  name: 'final-on-mainnet',
  source: 'Rules R9',
  statement:
    'An item completes on mainnet or production, or with the confirmed reason why there is nothing to release there.',
  check({ act, item }) {
    if (act.act !== 'complete' || item === undefined || item.skipped !== null) return undefined;
    if (act.releasing !== null && isGatedEnvironment(act.releasing)) return undefined;
    if (item.environments.some((release) => isGatedEnvironment(release.environment))) return undefined;
    return refuse(say`${item.key} was never released on mainnet or production (R9). OPS releases it first.`, {
      rule: 'R9',
    });
  },
});
