import { z } from 'zod';
import { defineCommand, reply } from '../core/command.ts';
import { nearest } from '../core/nearest.ts';
import { usage } from '../core/rule.ts';
import { board } from '../core/views.ts';

export default defineCommand({
  name: 'board',
  usage: '/board [KIND]',
  summary: 'All open items by step.',
  who: 'anyone',
  examples: ['/board', '/board web'],
  question: true,
  on: 'nothing',
  args: z.object({ kind: z.string().optional() }),
  read: (words) => ({ kind: words.all[0]?.toLowerCase() }),
  decide: ({ world, args }) => {
    const kinds = [...world.processes.keys()];
    if (args.kind === undefined || kinds.includes(args.kind)) return reply('shown', board(world, args.kind));
    const guess = nearest(args.kind, kinds);
    return usage(
      `There is no kind “${args.kind.slice(0, 40)}”; ${guess === undefined ? `it is one of ${kinds.join(', ')}` : `did you mean ${guess}?`}`,
      `/board ${guess ?? kinds[0]}`,
    );
  },
});
