import { Nothing } from '../core/arguments.ts';
import { defineCommand, reply } from '../core/command.ts';
import { isMember, isOwnerOfItem } from '../core/guards.ts';
import { isOpenItem } from '../core/item.ts';
import { already, forbid } from '../core/rule.ts';
import { say } from '../core/text.ts';

export default defineCommand({
  name: 'unbind',
  usage: '/unbind',
  summary: 'This chat or thread is no longer the place of one item.',
  who: 'the team that holds it',
  examples: ['/unbind'],
  on: 'nothing',
  args: Nothing,
  read: () => ({}),
  decide: (context) => {
    const { draft, world, actor, place } = context;
    // Its own item only: what the chat around a thread is bound to is undone in the chat.
    const bound = place === null ? undefined : world.get('place', place)?.item;
    const item = bound == null ? undefined : world.get('item', bound);
    if (place === null || item === undefined) return already(say`This is the place of no item.`);
    if (isOpenItem(item) && !isMember(context, item.role, item) && !isOwnerOfItem(context, item))
      return forbid(say`That is for the team that holds ${item.key} (${item.role}).`);
    draft.emit('place', place, { type: 'unbound', by: actor.id });
    return reply('unbound', say`This is no longer the place of ${item.key}.`, item.key);
  },
});
