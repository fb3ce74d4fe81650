import { Nothing } from '../core/arguments.ts';
import { defineCommand, reply } from '../core/command.ts';
import { notOwner } from '../core/guards.ts';
import { already, refuse } from '../core/rule.ts';
import { item as itemNode, say } from '../core/text.ts';

export default defineCommand({
  name: 'bind',
  usage: '/bind KEY',
  summary: 'Make this chat or thread the place of one item; KEY may then be left out here.',
  who: 'the team that holds it',
  examples: ['/bind WEB-1'],
  on: 'item',
  args: Nothing,
  read: () => ({}),
  decide: (context) => {
    const { draft, world, actor, place, item } = context;
    if (place === null)
      return refuse(say`A private conversation is not bound; say it in the chat or thread that is about ${item.key}.`);
    const no = notOwner(context);
    if (no !== undefined) return no;
    if (world.get('place', place)?.item === item.key) return already(say`This is the place of ${item.key}.`);
    draft.emit('place', place, { type: 'bound', item: item.key, by: actor.id });
    return reply(
      'bound',
      say`This is now the place of ${itemNode(item.key, item.title)}; its key may be left out here.`,
    );
  },
});
