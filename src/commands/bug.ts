import { z } from 'zod';
import { rest, SeverityWord, Title } from '../core/arguments.ts';
import { defineCommand } from '../core/command.ts';
import { log } from '../core/logging.ts';

export default defineCommand({
  name: 'bug',
  usage: '/bug SEVERITY TITLE',
  summary: 'Log a bug with its severity: critical, major or minor.',
  who: 'anyone known, and testers',
  examples: ['/bug major The login does not answer', '/bug minor WEB-1 A typo on the first page'],
  testers: true,
  on: 'nothing',
  // A button may say how bad it is and what it is; the item that it stands on comes between.
  press: (on, args) => {
    const [, severity, title] = /^(critical|major|minor)\s+(.*)$/is.exec(args) ?? [];
    return `/bug ${severity === undefined ? `${on} ${args}` : `${severity} ${on} ${title}`}`.trim();
  },
  args: z.object({ severity: SeverityWord, title: Title }),
  read: (words) => ({ severity: words.all[0], title: rest(words, 1) }),
  decide: (context) => log(context, 'issue', context.args.title, context.args.severity, 'any', ['bug']),
});
