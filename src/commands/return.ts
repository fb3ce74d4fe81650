import { z } from 'zod';
import { Reason, Ref, rest } from '../core/arguments.ts';
import { defineCommand, reply } from '../core/command.ts';
import { beginStep, itemOf } from '../core/flow.ts';
import { notOwner } from '../core/guards.ts';
import type { ItemState } from '../core/item.ts';
import { nowAt } from '../core/outlook.ts';
import { membersOf } from '../core/people.ts';
import { type Process, stepAt } from '../core/process.ts';
import { refuse } from '../core/rule.ts';
import { joinSendBack, readSendBack } from '../core/send-back.ts';
import { bold, lines, say } from '../core/text.ts';

export default defineCommand({
  name: 'return',
  usage: '/return [KEY] REF REASON',
  summary: 'Give an item back to the team that handed it to yours.',
  who: 'the team it was offered to',
  examples: ['/return SVC-1 example/grid#9 the build does not start'],
  on: 'item',
  args: z.object({ ref: Ref, reason: Reason }),
  read: (words) => ({ ref: words.all[0], reason: rest(words, 1) }),
  candidate: (world, actor, item) => {
    const process = world.processOf(item.process)?.process;
    return (
      process !== undefined &&
      handoverBefore(process, item) !== undefined &&
      membersOf(world, item.role, item).includes(actor)
    );
  },
  decide: (context) => {
    const { draft, actor, args, item, process } = context;
    const no = notOwner(context);
    if (no !== undefined) return no;
    const back = handoverBefore(process, item);
    const step = back === undefined ? undefined : stepAt(process, back);
    if (back === undefined || step === undefined)
      return refuse(
        say`${item.key} was not handed to ${item.role} at this step, so there is nobody to return it to. Climb with /escalate ${item.key} REASON.`,
      );
    const reference = readSendBack(context, args.ref, 'return');
    if ('ok' in reference) return reference;
    const rule = joinSendBack(context, reference);
    if (rule !== undefined) return rule;
    draft.emit('item', item.key, {
      type: 'returned',
      ref: reference.ref,
      by: actor.id,
      reason: args.reason,
      to: step.id,
    });
    beginStep(draft, item.key, back, 'returned');
    return reply(
      'returned',
      lines(
        say`${item.key} went back to ${bold(step.id)} because of ${reference.ref}.`,
        nowAt(draft, itemOf(draft, item.key)),
      ),
    );
  },
});

/** The number of the handover by which the present team received the item; undefined where there was none. */
function handoverBefore(process: Process, item: ItemState): number | undefined {
  for (let number = item.stepNumber - 1; number > 0; number -= 1) {
    const step = stepAt(process, number);
    if (step?.kind === 'handover') return step.to === item.role ? number : undefined;
    if (step?.owner !== item.role) return undefined;
  }
  return undefined;
}
