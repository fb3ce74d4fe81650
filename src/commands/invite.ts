import { Nothing } from '../core/arguments.ts';
import { defineCommand, reply } from '../core/command.ts';
import { checkClose, closeStep, itemOf, touch } from '../core/flow.ts';
import { notOwner, wrongStep } from '../core/guards.ts';
import { nowAt, outlook } from '../core/outlook.ts';
import { membersOf } from '../core/people.ts';
import { lines, say } from '../core/text.ts';

export default defineCommand({
  name: 'invite',
  usage: '/invite [KEY]',
  summary: 'Invite the testing community.',
  who: 'the team that holds it',
  examples: ['/invite', '/invite PRJ-1'],
  on: 'item',
  args: Nothing,
  read: () => ({}),
  candidate: (world, actor, item) =>
    world.processOf(item.process)?.process.steps[item.stepNumber - 1]?.kind === 'invite' &&
    membersOf(world, item.role, item).includes(actor),
  decide: (context) => {
    const { draft, world, actor, item, step } = context;
    const no = wrongStep(context, ['invite'], 'invite to') ?? notOwner(context) ?? checkClose(draft, item, step);
    if (no !== undefined) return no;
    touch(draft, item.key, actor.id);
    draft.emit('item', item.key, { type: 'invited', by: actor.id });
    closeStep(draft, item.key, actor.id);
    const after = itemOf(draft, item.key);
    const channel = world.organisation.chats.some((chat) => chat.team === 'testers')
      ? 'The invitation is posted'
      : 'No chat has the team testers in the organisation’s file, so only mail went out';
    return reply('invited', lines(say`${channel} for ${item.key}.`, nowAt(draft, after), outlook(draft, after)));
  },
});
