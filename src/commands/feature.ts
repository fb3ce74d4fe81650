import { z } from 'zod';
import { Title } from '../core/arguments.ts';
import { defineCommand } from '../core/command.ts';
import { log } from '../core/logging.ts';

export default defineCommand({
  name: 'feature',
  usage: '/feature TITLE',
  summary: 'Log a feature that is wanted.',
  who: 'anyone known',
  examples: ['/feature Export the board as a table'],
  on: 'nothing',
  args: z.object({ title: Title }),
  read: (words) => ({ title: words.rest === '' ? undefined : words.rest }),
  decide: (context) => log(context, 'issue', context.args.title, null, 'named', ['enhancement']),
});
