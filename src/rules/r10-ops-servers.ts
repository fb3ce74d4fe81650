import { hasRole } from '../core/people.ts';
import { defineRule, forbid } from '../core/rule.ts';
import { buttons, say } from '../core/text.ts';

export const rule = defineRule({
  id: 'R10',
  name: 'ops-servers',
  source: 'Rules R10',
  statement: 'OPS sets servers up and takes them down.',
  check({ world, actor, act, item }) {
    if (act.act !== 'prepare-environment' || hasRole(world, actor, 'ops')) return undefined;
    const ask =
      item === undefined || act.sort !== 'ready'
        ? []
        : [buttons({ label: 'Ask OPS', command: 'env', on: item.key, args: `request ${act.environment}` })];
    return forbid(
      say`Only OPS says that ${act.environment} is ${act.sort === 'ready' ? 'ready' : 'removed'} (R10). Ask for it with /env request ${act.environment} ${item?.key ?? 'KEY'}.${ask}`,
      'R10',
    );
  },
});
