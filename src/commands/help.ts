import { z } from 'zod';
import { defineCommand, reply } from '../core/command.ts';
import { nearest } from '../core/nearest.ts';
import { bold, code, lines, list, say } from '../core/text.ts';

export default defineCommand({
  name: 'help',
  usage: '/help [COMMAND]',
  summary: 'What can be said.',
  who: 'anyone',
  examples: ['/help', '/help handover'],
  testers: true,
  question: true,
  on: 'nothing',
  args: z.object({ name: z.string().optional() }),
  read: (words) => ({ name: words.all[0]?.toLowerCase().replace(/^\//, '') }),
  decide: ({ args, actor, catalogue }) => {
    const all = [...new Set(catalogue.commands.values())].filter((command) => actor.known || command.testers === true);
    if (args.name === undefined)
      return reply(
        'shown',
        say`You can say:${list(all.map((command) => say`${code(command.usage)} ${command.summary}`))}`,
      );
    const command = all.find((each) => each.name === args.name || each.aliases?.includes(args.name ?? '') === true);
    if (command === undefined) {
      const guess = nearest(
        args.name,
        all.map((each) => each.name),
      );
      return {
        ok: false,
        code: 'not-found',
        text: say`There is no command /${args.name.slice(0, 40)}. ${guess === undefined ? say`${code('/help')} lists them.` : say`Did you mean ${code(`/help ${guess}`)}?`}`,
      };
    }
    return reply(
      'shown',
      lines(
        say`${code(command.usage)}`,
        say`${command.summary} Who: ${command.who}.`,
        say`For example:${list(command.examples.map((example) => say`${code(example)}`))}`,
        command.aliases === undefined ? [] : say`Also: ${bold(command.aliases.map((alias) => `/${alias}`).join(', '))}`,
      ),
    );
  },
});
