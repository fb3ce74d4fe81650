import { hasRole } from '../core/people.ts';
import { isGatedEnvironment } from '../core/process.ts';
import { defineRule, forbid } from '../core/rule.ts';
import { say } from '../core/text.ts';

export const rule = defineRule({
  id: 'R1',
  name: 'ops-only',
  source: 'Rules R1; Products 9',
  statement: 'OPS, and nobody else, releases on mainnet and production.',
  check({ world, actor, act, item }) {
    if (act.act !== 'release' || !isGatedEnvironment(act.environment) || hasRole(world, actor, 'ops')) return undefined;
    // Where the process makes them the step's owner, what they say is a request to OPS.
    if (act.isOwner && !act.emergency) return undefined;
    return forbid(
      say`Only OPS releases on ${act.environment} (R1). Ask OPS${item === undefined ? '' : ` with /escalate ${item.key} REASON`}.`,
      'R1',
    );
  },
});
