import { z } from 'zod';
import { OptionalNote } from '../core/arguments.ts';
import { defineCommand, reply } from '../core/command.ts';
import { checkClose, closeStep, itemOf, touch } from '../core/flow.ts';
import { notOwner, wrongStep } from '../core/guards.ts';
import { nowAt, outlook } from '../core/outlook.ts';
import { membersOf } from '../core/people.ts';
import { bold, lines, say } from '../core/text.ts';

export default defineCommand({
  name: 'pass',
  usage: '/pass [KEY] [NOTE]',
  summary: 'The test passed.',
  who: 'the team that tests',
  examples: ['/pass', '/pass SVC-1 every case is green'],
  on: 'item',
  args: z.object({ note: OptionalNote }),
  read: (words) => ({ note: words.rest === '' ? undefined : words.rest }),
  candidate: (world, actor, item) =>
    world.processOf(item.process)?.process.steps[item.stepNumber - 1]?.kind === 'test' &&
    membersOf(world, item.role, item).includes(actor),
  decide: (context) => {
    const { draft, actor, args, item, step } = context;
    const no = wrongStep(context, ['test'], 'pass') ?? notOwner(context) ?? checkClose(draft, item, step);
    if (no !== undefined) return no;
    touch(draft, item.key, actor.id);
    draft.emit('item', item.key, { type: 'passed', by: actor.id, note: args.note ?? null });
    const { completed } = closeStep(draft, item.key, actor.id, args.note ?? null);
    const after = itemOf(draft, item.key);
    const text = lines(say`${bold(step.id)} of ${item.key} passed.`, nowAt(draft, after), outlook(draft, after));
    return completed ? { ok: true, code: 'passed', completed: true, text } : reply('passed', text);
  },
});
