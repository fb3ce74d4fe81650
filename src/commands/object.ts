import { z } from 'zod';
import { Reason } from '../core/arguments.ts';
import { defineCommand, reply } from '../core/command.ts';
import { rolesMoved } from '../core/departures.ts';
import { callsOf } from '../core/draft.ts';
import { beginStep, itemOf, majority, openItemVote } from '../core/flow.ts';
import { lacksRole } from '../core/guards.ts';
import { already, refuse } from '../core/rule.ts';
import { item as itemNode, say } from '../core/text.ts';

export default defineCommand({
  name: 'object',
  usage: '/object KEY REASON',
  summary: 'Take a priority back that was decided on this call, and put it to a majority vote.',
  who: 'stakeholder, while the call is open',
  examples: ['/object WEB-1 the budget comes first'],
  on: 'item',
  args: z.object({ reason: Reason }),
  read: (words) => ({ reason: words.rest === '' ? undefined : words.rest }),
  candidate: (world, _actor, item) => item.decidedOn !== null && item.decidedOn === callsOf(world)?.open?.id,
  decide: (context) => {
    const { draft, world, actor, args, item, process } = context;
    const no = lacksRole(context, ['stakeholder']);
    if (no !== undefined) return no;
    if (item.pending !== null) return already(say`${item.key} was objected to; its vote is open.`);
    const call = callsOf(world)?.open;
    if (call == null || item.decidedOn !== call.id || item.rank === null || item.round === null)
      return refuse(
        say`Only a priority that was decided on the call that is open can be objected to (R12). Raise it on the next call.`,
        { rule: 'R12' },
      );
    const priority = { rank: item.rank, owner: item.owner, team: item.grants['project-team'] ?? [], round: item.round };
    draft.emit('item', item.key, { type: 'objected', by: actor.id, reason: args.reason, priority });
    const decision = process.steps.findIndex((step) => step.kind === 'decide') + 1;
    if (decision > 0) beginStep(draft, item.key, decision, 'objected');
    rolesMoved(draft, item);
    openItemVote(draft, item.key, 'objection', [majority(draft, 'stakeholder', itemOf(draft, item.key))]);
    return reply(
      'objected',
      say`The priority of ${itemNode(item.key, item.title)} is taken back; the stakeholders vote on it.`,
    );
  },
});
