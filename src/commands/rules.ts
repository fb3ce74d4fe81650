import { z } from 'zod';
import { defineCommand, reply } from '../core/command.ts';
import { notFound } from '../core/rule.ts';
import { bold, lines, list, say } from '../core/text.ts';

export default defineCommand({
  name: 'rules',
  usage: '/rules [ID]',
  summary: 'The organisation’s rules, and where they come from.',
  who: 'anyone',
  examples: ['/rules', '/rules R2'],
  question: true,
  on: 'nothing',
  args: z.object({ id: z.string().optional() }),
  read: (words) => ({ id: words.all[0]?.toUpperCase() }),
  decide: ({ world, args }) => {
    if (args.id === undefined)
      return reply('shown', say`The rules:${list(world.rules.map((rule) => say`${bold(rule.id)} ${rule.statement}`))}`);
    const rule = world.rules.find((each) => each.id === args.id || each.name === args.id?.toLowerCase());
    if (rule === undefined)
      return notFound(say`There is no rule ${args.id.slice(0, 20)}; they are R1 to R${world.rules.length}.`);
    return reply('shown', lines(say`${bold(rule.id)} (${rule.name}): ${rule.statement}`, say`From: ${rule.source}.`));
  },
});
