import { z } from 'zod';
import { type Command, defineCommand, reply } from '../core/command.ts';
import { menuOf } from '../core/menu.ts';
import { nearest } from '../core/nearest.ts';
import { bold, code, lines, list, say } from '../core/text.ts';

/** So many are explained at once. */
const MOST = 10;

export default defineCommand({
  name: 'help',
  usage: '/help [COMMAND]',
  summary: 'What can be said: what you will want most, one command, or all of them.',
  who: 'anyone',
  examples: ['/help', '/help handover', '/help all'],
  personal: true,
  testers: true,
  question: true,
  on: 'nothing',
  args: z.object({ name: z.string().optional() }),
  read: (words) => ({ name: words.all[0]?.toLowerCase().replace(/^\//, '') }),
  decide: ({ world, args, actor, catalogue }) => {
    const all = [...new Set(catalogue.commands.values())].filter((command) => actor.known || command.testers === true);
    const row = (command: Command) => say`${code(command.usage)} ${command.summary}`;
    if (args.name === 'all') return reply('shown', say`You can say:${list(all.map(row))}`);
    if (args.name === undefined) {
      const menu = menuOf(world, catalogue, actor.id, 'private').flatMap(({ command }) =>
        all.filter(({ name }) => name === command),
      );
      const first = menu.slice(0, MOST);
      const rest = all.filter((command) => !first.includes(command)).map(({ name }) => code(`/${name}`));
      return reply(
        'shown',
        lines(
          say`What you will want most:${list(first.map(row))}`,
          rest.length === 0 ? [] : ['And: ', ...rest.flatMap((node, at) => (at === 0 ? [node] : [', ', node])), '.'],
          say`${code('/help COMMAND')} explains one, ${code('/help all')} every one of them.`,
        ),
      );
    }
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
