import { Nothing } from '../core/arguments.ts';
import { defineCommand, reply } from '../core/command.ts';
import { checkClose, closeStep, itemOf, stepOf, touch } from '../core/flow.ts';
import { notOwner, wrongStep } from '../core/guards.ts';
import { pagesOf } from '../core/needs.ts';
import { nowAt, outlook } from '../core/outlook.ts';
import { membersOf } from '../core/people.ts';
import { bold, lines, say } from '../core/text.ts';

export default defineCommand({
  name: 'done',
  usage: '/done [KEY]',
  summary: 'Close the step of work that your team holds.',
  who: 'the team that holds it',
  examples: ['/done', '/done PROD-1'],
  on: 'item',
  args: Nothing,
  read: () => ({}),
  probes: (world, _words, item) => (item === undefined ? [] : pagesOf(item, world.processOf(item.process)?.process)),
  candidate: (world, actor, item) =>
    world.processOf(item.process)?.process.steps[item.stepNumber - 1]?.kind === 'work' &&
    membersOf(world, item.role, item).includes(actor),
  decide: (context) => {
    const { draft, actor, item, step } = context;
    const no =
      wrongStep(context, ['work'], 'call done') ?? notOwner(context) ?? checkClose(draft, item, stepOf(draft, item));
    if (no !== undefined) return no;
    touch(draft, item.key, actor.id);
    const { completed } = closeStep(draft, item.key, actor.id);
    const after = itemOf(draft, item.key);
    const text = lines(
      say`${item.key}: the step ${bold(step.title ?? step.id)} is done.`,
      nowAt(draft, after),
      outlook(draft, after),
    );
    return completed ? { ok: true, code: 'done', completed: true, text } : reply('done', text);
  },
});
