import { z } from 'zod';
import { OptionalNote } from '../core/arguments.ts';
import { castOn, readBallot } from '../core/ballots.ts';
import { defineCommand } from '../core/command.ts';

export default defineCommand({
  name: 'approve',
  usage: '/approve [KEY] [NOTE]',
  summary: 'Vote for it, or sign it.',
  who: 'the electorate of the vote that is open',
  examples: ['/approve WEB-1', '/approve ANN-1 well said'],
  on: 'nothing',
  args: z.object({ on: z.string().optional(), note: OptionalNote }),
  read: readBallot,
  decide: (context) => castOn(context, 'approve'),
});
