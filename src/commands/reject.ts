import { z } from 'zod';
import { Reason } from '../core/arguments.ts';
import { castOn, readBallot } from '../core/ballots.ts';
import { defineCommand } from '../core/command.ts';

export default defineCommand({
  name: 'reject',
  usage: '/reject [KEY] REASON',
  summary: 'Vote against it, with the reason.',
  who: 'the electorate of the vote that is open',
  examples: ['/reject WEB-1 the texts are not ready'],
  on: 'nothing',
  args: z.object({ on: z.string().optional(), note: Reason }),
  read: readBallot,
  decide: (context) => castOn(context, 'reject'),
});
