import { z } from 'zod';
import { Url } from '../core/arguments.ts';
import { defineCommand } from '../core/command.ts';
import { pageProbes, readPage, recordPage } from '../core/pages.ts';

export default defineCommand({
  name: 'docs',
  usage: '/docs KEY URL',
  summary: 'Add the documentation link of an item; it must answer.',
  who: 'the team that holds it, ops',
  examples: ['/docs SVC-1 https://docs.example.org/docs'],
  on: 'item',
  args: z.object({ url: Url }),
  read: readPage,
  probes: pageProbes,
  candidate: (_world, actor, item) => item.holder === actor,
  decide: (context) => recordPage(context, 'document', 'Documentation'),
});
