import { Nothing } from '../core/arguments.ts';
import { defineCommand, reply } from '../core/command.ts';
import { itemOf } from '../core/flow.ts';
import { notOwner, wrongStep } from '../core/guards.ts';
import { nowAt } from '../core/outlook.ts';
import { membersOf, nameOf } from '../core/people.ts';
import { already } from '../core/rule.ts';
import { item as itemNode, lines, say } from '../core/text.ts';

export default defineCommand({
  name: 'accept',
  usage: '/accept [KEY]',
  summary: 'Take the baton that was offered to your team.',
  who: 'the team it was offered to',
  examples: ['/accept', '/accept WEB-1'],
  on: 'item',
  args: Nothing,
  read: () => ({}),
  candidate: (world, actor, item) => item.offer !== null && membersOf(world, item.role, item).includes(actor),
  decide: (context) => {
    const { draft, world, actor, item } = context;
    const no = wrongStep(context, ['work', 'handover', 'release', 'test', 'invite'], 'accept') ?? notOwner(context);
    if (no !== undefined) return no;
    if (item.holder !== null)
      return already(say`${item.key} is held by ${item.holder === actor.id ? 'you' : nameOf(world, item.holder)}.`);
    draft.emit('item', item.key, { type: 'accepted', person: actor.id });
    return reply(
      'accepted',
      lines(say`You hold ${itemNode(item.key, item.title)}.`, nowAt(draft, itemOf(draft, item.key))),
    );
  },
});
