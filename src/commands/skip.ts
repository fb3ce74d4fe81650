import { z } from 'zod';
import { Reason } from '../core/arguments.ts';
import { defineCommand, reply } from '../core/command.ts';
import { openItemVote, signatures, touch } from '../core/flow.ts';
import { notOwner } from '../core/guards.ts';
import { membersOf, nameOf } from '../core/people.ts';
import { already, refuse } from '../core/rule.ts';
import { enumerate, say } from '../core/text.ts';

export default defineCommand({
  name: 'skip',
  usage: '/skip [KEY] REASON',
  summary: 'Ask to leave an optional step out, with the reason.',
  who: 'the owner of an optional step',
  examples: ['/skip PROD-1 it is a library and has nothing to run'],
  on: 'item',
  args: z.object({ reason: Reason }),
  read: (words) => ({ reason: words.rest === '' ? undefined : words.rest }),
  candidate: (world, actor, item) => {
    const step = world.processOf(item.process)?.process.steps[item.stepNumber - 1];
    return (
      step?.kind === 'release' &&
      step.skip_confirmed_by !== undefined &&
      membersOf(world, item.role, item).includes(actor)
    );
  },
  decide: (context) => {
    const { draft, world, actor, args, item, step } = context;
    if (step.kind !== 'release' || step.skip_confirmed_by === undefined)
      return refuse(say`The step ${step.id} of ${item.key} can not be left out.`, { rule: 'R9' });
    const no = notOwner(context);
    if (no !== undefined) return no;
    if (item.skip !== null)
      return already(say`The ${step.skip_confirmed_by} was asked to confirm that ${item.key} skips ${step.id}.`);
    touch(draft, item.key, actor.id);
    draft.emit('item', item.key, { type: 'skip-requested', by: actor.id, reason: args.reason });
    openItemVote(draft, item.key, 'skip', [signatures(draft, step.skip_confirmed_by, 1, item)]);
    const names = membersOf(world, step.skip_confirmed_by, item).map((id) => nameOf(world, id));
    return reply(
      'requested',
      say`${enumerate(names) || `The ${step.skip_confirmed_by}`} is asked to confirm with /approve ${item.key}.`,
    );
  },
});
