import { hasRole } from '../core/people.ts';
import { isGatedEnvironment } from '../core/process.ts';
import { defineRule, forbid } from '../core/rule.ts';
import { buttons, say } from '../core/text.ts';

export const rule = defineRule({
  id: 'R1',
  name: 'ops-only',
  source: 'Rules R1; Products 9',
  statement: 'OPS, and nobody else, releases on mainnet and production.',
  check({ world, actor, act, item }) {
    if (act.act !== 'release' || !isGatedEnvironment(act.environment) || hasRole(world, actor, 'ops')) return undefined;
    // Where the process makes them the step's owner, what they say is a request to OPS.
    if (act.isOwner && !act.emergency) return undefined;
    if (item === undefined) return forbid(say`Only OPS releases on ${act.environment} (R1). Ask OPS.`, 'R1');
    // Who may ask for the release itself never comes here; everybody may say that it is stuck, and why.
    const ask = buttons({ label: 'Ask OPS', command: 'escalate', on: item.key });
    return forbid(
      say`Only OPS releases on ${act.environment} (R1). Ask OPS with /escalate ${item.key} REASON.${ask}`,
      'R1',
    );
  },
});
