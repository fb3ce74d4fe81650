import { z } from 'zod';
import { Ref } from '../core/arguments.ts';
import { defineCommand, reply } from '../core/command.ts';
import { isEmbedded, readReference } from '../core/reference.ts';
import { already, notFound, refuse } from '../core/rule.ts';
import { bold, say } from '../core/text.ts';
import { reopenRef } from '../core/tracking.ts';

export default defineCommand({
  name: 'reopen',
  usage: '/reopen REF',
  summary: 'Reopen a story or issue of the embedded tracker.',
  who: 'anyone known',
  examples: ['/reopen baton#3'],
  on: 'nothing',
  args: z.object({ ref: Ref }),
  read: (words) => ({ ref: words.all[0] }),
  decide: ({ draft, world, actor, args }) => {
    const reference = readReference(world.organisation, args.ref);
    const state = reference === undefined ? undefined : world.get('ref', reference.ref);
    if (state === undefined) return notFound(say`I know no story or issue “${args.ref.slice(0, 80)}”.`);
    if (!isEmbedded(state.ref)) return refuse(say`${state.ref} is kept elsewhere: reopen it there, and I follow.`);
    if (!reopenRef(draft, state.ref, actor.id)) return already(say`${state.ref} is open.`);
    return reply('reopened', say`${bold(state.ref)} is reopened.`, state.item ?? undefined);
  },
});
