import { hasRole } from '../core/people.ts';
import { defineRule, forbid } from '../core/rule.ts';
import { say } from '../core/text.ts';

export const rule = defineRule({
  id: 'R10',
  name: 'ops-servers',
  source: 'Rules R10',
  statement: 'OPS sets servers up and takes them down.',
  check({ world, actor, act }) {
    if (act.act !== 'prepare-environment' || hasRole(world, actor, 'ops')) return undefined;
    return forbid(
      say`Only OPS says that ${act.environment} is ${act.sort === 'ready' ? 'ready' : 'removed'} (R10). Ask for it with /env request ${act.environment} KEY.`,
      'R10',
    );
  },
});
