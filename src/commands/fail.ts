import { z } from 'zod';
import { OptionalNote, Ref, rest } from '../core/arguments.ts';
import { defineCommand, type ItemContext, reply } from '../core/command.ts';
import { beginStep, itemOf } from '../core/flow.ts';
import { notOwner, wrongStep } from '../core/guards.ts';
import type { Severity } from '../core/organisation.ts';
import { nowAt } from '../core/outlook.ts';
import { membersOf } from '../core/people.ts';
import { stepNumber } from '../core/process.ts';
import { refuse } from '../core/rule.ts';
import { joinSendBack, readSendBack } from '../core/send-back.ts';
import { bold, buttons, lines, say, type Text } from '../core/text.ts';

const MOST_TITLE = 200;

/** Whoever says what is wrong in place of a reference logs it with one press, and then fails the test with another. */
function offerToLog({ args, item }: ItemContext<{ readonly ref: string; readonly note?: string | undefined }>): Text {
  const title = [args.ref, args.note ?? ''].join(' ').trim();
  // It was to be a reference, and is mistyped.
  if (/[#/:]/.test(args.ref) || title.length > MOST_TITLE) return [];
  const bug = (label: string, severity: Severity) => ({
    label,
    command: 'bug',
    on: item.key,
    args: `${severity} ${title}`,
  });
  const choices = buttons(bug('Critical', 'critical'), bug('Major', 'major'), bug('Minor', 'minor'));
  return say` Or log “${title}” here, by how bad it is:${choices}`;
}

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
    if ('ok' in reference) return { ...reference, text: [...reference.text, ...offerToLog(context)] };
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
