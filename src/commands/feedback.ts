import { z } from 'zod';
import { Title } from '../core/arguments.ts';
import { defineCommand } from '../core/command.ts';
import { log } from '../core/logging.ts';

export default defineCommand({
  name: 'feedback',
  usage: '/feedback TITLE',
  summary: 'Log what a customer says.',
  who: 'anyone known',
  examples: ['/feedback The new page is hard to find'],
  on: 'nothing',
  args: z.object({ title: Title }),
  read: (words) => ({ title: words.rest === '' ? undefined : words.rest }),
  decide: (context) => log(context, 'feedback', context.args.title, null, 'named'),
});
