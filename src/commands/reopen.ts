import { z } from 'zod';
import { Ref } from '../core/arguments.ts';
import { defineCommand } from '../core/command.ts';
import { turn } from '../core/embedded.ts';

export default defineCommand({
  name: 'reopen',
  usage: '/reopen REF',
  summary: 'Reopen a story or issue of the embedded tracker.',
  who: 'anyone known',
  examples: ['/reopen baton#3'],
  on: 'nothing',
  args: z.object({ ref: Ref }),
  read: (words) => ({ ref: words.all[0] }),
  decide: (context) => turn(context, 'reopened'),
});
