import { z } from 'zod';
import { Reason } from '../core/arguments.ts';
import { defineCommand, reply } from '../core/command.ts';
import { callsOf } from '../core/draft.ts';
import { itemOf, voidVote } from '../core/flow.ts';
import { isOwnerOfItem } from '../core/guards.ts';
import { hasRole } from '../core/people.ts';
import { already, forbid, refuse } from '../core/rule.ts';
import { code, item as itemNode, say } from '../core/text.ts';

export default defineCommand({
  name: 'drop',
  usage: '/drop KEY REASON',
  summary: 'End an item that will not be done.',
  who: 'stakeholder on a call, or the item’s owner',
  examples: ['/drop WEB-1 the campaign was cancelled'],
  on: 'item',
  ended: true,
  args: z.object({ reason: Reason }),
  read: (words) => ({ reason: words.rest === '' ? undefined : words.rest }),
  decide: (context) => {
    const { draft, world, actor, args, item } = context;
    if (item.state !== 'proposed' && item.state !== 'active')
      return already(say`${itemNode(item.key, item.title)} has ended: it is ${item.state}.`);
    if (!isOwnerOfItem(context, item)) {
      if (!hasRole(world, actor.id, 'stakeholder'))
        return forbid(say`An item is dropped by its owner, or by a stakeholder on a call.`);
      if (callsOf(world)?.open == null)
        return refuse(
          say`A stakeholder drops an item on the call (R12), and none is open. Open one with ${code('/call open')}.`,
          { rule: 'R12' },
        );
    }
    const why = `${item.key} was dropped: ${args.reason}`;
    for (const vote of item.votes) if (vote.result === null) voidVote(draft, item.key, vote, why);
    for (const announcement of world.open('announcement'))
      if (announcement.item === item.key) draft.emit('announcement', announcement.key, { type: 'voided', why });
    draft.emit('item', item.key, { type: 'dropped', by: actor.id, reason: args.reason });
    return reply('dropped', say`${itemNode(item.key, item.title)} is ${itemOf(draft, item.key).state}: ${args.reason}`);
  },
});
