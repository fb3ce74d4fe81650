import { Nothing } from '../core/arguments.ts';
import { defineCommand, reply } from '../core/command.ts';
import { already, refuse } from '../core/rule.ts';
import { code, say, type Text } from '../core/text.ts';

/** Said of what is there and of what is not. */
const noTester = (key: string): Text => say`You are no tester of ${key}.`;

export default defineCommand({
  name: 'leave',
  usage: '/leave KEY',
  summary: 'Stop being a tester of an item.',
  who: 'anyone, in private or by the invitation’s button',
  examples: ['/leave PRJ-1'],
  open: true,
  testers: true,
  on: 'item',
  nowhere: noTester,
  args: Nothing,
  read: () => ({}),
  ended: true,
  candidate: (_world, actor, item) => item.testers[actor] !== undefined,
  decide: ({ draft, actor, place, pressed, item }) => {
    if (item.testers[actor.id] === undefined) return already(noTester(item.key));
    if (place !== null && !pressed) return refuse(say`Say that to me in private: ${code(`/leave ${item.key}`)}.`);
    draft.emit('item', item.key, { type: 'left', person: actor.id });
    return reply('left', say`You no longer test ${item.key}. Thank you for what you found.`);
  },
});
