import { z } from 'zod';
import { Ref } from '../core/arguments.ts';
import { defineCommand, reply } from '../core/command.ts';
import { isEmbedded, readReference } from '../core/reference.ts';
import { already, notFound, refuse } from '../core/rule.ts';
import { bold, say } from '../core/text.ts';
import { closeRef } from '../core/tracking.ts';

export default defineCommand({
  name: 'close',
  usage: '/close REF',
  summary: 'Close a story or issue of the embedded tracker.',
  who: 'anyone known',
  examples: ['/close baton#3'],
  on: 'nothing',
  args: z.object({ ref: Ref }),
  read: (words) => ({ ref: words.all[0] }),
  decide: ({ draft, world, actor, args }) => {
    const reference = readReference(world.organisation, args.ref);
    const state = reference === undefined ? undefined : world.get('ref', reference.ref);
    if (state === undefined) return notFound(say`I know no story or issue “${args.ref.slice(0, 80)}”.`);
    if (!isEmbedded(state.ref)) return refuse(say`${state.ref} is kept elsewhere: close it there, and I follow.`);
    if (!closeRef(draft, state.ref, actor.id)) return already(say`${state.ref} is closed already.`);
    return reply('closed', say`${bold(state.ref)} is closed.`, state.item ?? undefined);
  },
});
