import { z } from 'zod';
import { OptionalNote } from '../core/arguments.ts';
import { castOn, readBallot } from '../core/ballots.ts';
import { defineCommand } from '../core/command.ts';

export default defineCommand({
  name: 'abstain',
  usage: '/abstain [KEY]',
  summary: 'Say that you do not vote; you stay in the electorate.',
  who: 'the electorate of the vote that is open',
  examples: ['/abstain WEB-1'],
  on: 'nothing',
  args: z.object({ on: z.string().optional(), note: OptionalNote }),
  read: readBallot,
  decide: (context) => castOn(context, 'abstain'),
});
