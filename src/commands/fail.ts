import { z } from 'zod';
import { OptionalNote, Ref, rest } from '../core/arguments.ts';
import { defineCommand, reply } from '../core/command.ts';
import { beginStep, itemOf } from '../core/flow.ts';
import { notOwner, wrongStep } from '../core/guards.ts';
import { nowAt } from '../core/outlook.ts';
import { membersOf } from '../core/people.ts';
import { stepNumber } from '../core/process.ts';
import { refuse } from '../core/rule.ts';
import { joinSendBack, readSendBack } from '../core/send-back.ts';
import { bold, lines, say } from '../core/text.ts';

export default defineCommand({
  name: 'fail',
  usage: '/fail [KEY] REF [NOTE]',
  summary: 'The test failed; the item goes back with the issue that says why.',
  who: 'the team that tests',
  examples: ['/fail SVC-1 example/grid#9', '/fail example/grid#9 the login does not work'],
  on: 'item',
  args: z.object({ ref: Ref, note: OptionalNote }),
  read: (words) => ({ ref: words.all[0], note: rest(words, 1) }),
  candidate: (world, actor, item) =>
    world.processOf(item.process)?.process.steps[item.stepNumber - 1]?.kind === 'test' &&
    membersOf(world, item.role, item).includes(actor),
  decide: (context) => {
    const { draft, actor, args, item, step, process } = context;
    const no = wrongStep(context, ['test'], 'fail') ?? notOwner(context);
    if (no !== undefined || step.kind !== 'test') return no ?? refuse(say`There is nothing to test at ${step.id}.`);
    const reference = readSendBack(context, args.ref, 'fail');
    if ('ok' in reference) return reference;
    const rule = joinSendBack(context, reference);
    if (rule !== undefined) return rule;
    draft.emit('item', item.key, {
      type: 'failed',
      by: actor.id,
      ref: reference.ref,
      note: args.note ?? null,
      to: step.on_fail,
    });
    beginStep(draft, item.key, stepNumber(process, step.on_fail), 'failed');
    return reply(
      'failed',
      lines(
        say`${bold(step.id)} of ${item.key} failed because of ${reference.ref}.`,
        nowAt(draft, itemOf(draft, item.key)),
      ),
    );
  },
});
