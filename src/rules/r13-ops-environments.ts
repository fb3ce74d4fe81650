import { defineRule, refuse } from '../core/rule.ts';
import { buttons, code, say } from '../core/text.ts';

export const rule = defineRule({
  id: 'R13',
  name: 'ops-environments',
  source: 'Rules R13',
  statement: 'A dedicated environment is used once OPS has reported it ready.',
  check({ world, act, item }) {
    if (act.act !== 'release' || item === undefined) return undefined;
    if (world.organisation.environments.shared.includes(act.environment) || item.ready.includes(act.environment))
      return undefined;
    const ask = buttons({ label: 'Ask OPS', command: 'env', on: item.key, args: `request ${act.environment}` });
    return refuse(
      say`${act.environment} is not ready for ${item.key} (R13). Ask OPS with ${code(`/env request ${act.environment} ${item.key}`)}; OPS reports it with ${code(`/env ready ${act.environment} ${item.key}`)}.${ask}`,
      { rule: 'R13' },
    );
  },
});
