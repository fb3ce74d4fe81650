import { Nothing } from '../core/arguments.ts';
import { closesAt, frozenUntil, showInstant } from '../core/calendar.ts';
import { defineCommand, reply } from '../core/command.ts';
import { calendarOf, declaredFreezes } from '../core/draft.ts';
import { membersOf } from '../core/people.ts';
import { awaitedRelease } from '../core/release-window.ts';
import { already } from '../core/rule.ts';
import { ONLY } from '../core/streams.ts';
import { item as itemNode, say } from '../core/text.ts';

export default defineCommand({
  name: 'remind',
  usage: '/remind KEY',
  summary: 'Be told when the release window opens for an item.',
  who: 'anyone known',
  examples: ['/remind WEB-1'],
  on: 'item',
  args: Nothing,
  read: () => ({}),
  candidate: (world, actor, item) =>
    awaitedRelease(world, item) !== undefined && membersOf(world, item.role, item).includes(actor),
  decide: ({ draft, world, actor, item, now }) => {
    const { key, title } = item;
    const environment = awaitedRelease(world, item);
    if (environment === undefined) return already(say`${key} was released; there is no window to wait for.`);
    const declared = declaredFreezes(world);
    const until = frozenUntil(world.organisation, declared, now);
    if (until === undefined) {
      const closes = showInstant(world.organisation, closesAt(world.organisation, declared, now));
      return already(say`The window for ${environment} is open until ${closes}.`);
    }
    const opens = showInstant(world.organisation, until);
    if (calendarOf(world)?.awaited[key]?.includes(actor.id) === true)
      return already(say`You will be told when the window opens for ${key}: ${opens}.`);
    draft.emit('calendar', ONLY, { type: 'window-awaited', item: key, person: actor.id, until });
    return reply('awaited', say`I will tell you when the window opens for ${itemNode(key, title)}: ${opens}.`);
  },
});
