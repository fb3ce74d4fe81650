import { z } from 'zod';
import { Title } from '../core/arguments.ts';
import { defineCommand } from '../core/command.ts';
import { log } from '../core/logging.ts';

export default defineCommand({
  name: 'story',
  usage: '/story TITLE',
  summary: 'Write a story; outside an item it waits as a proposal.',
  who: 'anyone known',
  examples: ['/story As a tester I see what changed'],
  on: 'nothing',
  args: z.object({ title: Title }),
  read: (words) => ({ title: words.rest === '' ? undefined : words.rest }),
  decide: (context) => log(context, 'story', context.args.title, null, 'own'),
});
