import { z } from 'zod';
import { Ref } from '../core/arguments.ts';
import { defineCommand, reply } from '../core/command.ts';
import { touch } from '../core/flow.ts';
import { mayLink } from '../core/guards.ts';
import { findReference, ownCircle } from '../core/reference.ts';
import { already, forbid, usage } from '../core/rule.ts';
import { say } from '../core/text.ts';

export default defineCommand({
  name: 'unlink',
  usage: '/unlink KEY REF',
  summary: 'Take a link off an item.',
  who: 'the team that holds it, its proposer, its owner, dev-lead',
  examples: ['/unlink PROD-1 example/grid#3'],
  on: 'item',
  args: z.object({ ref: Ref }),
  read: (words) => ({ ref: words.all[0] }),
  candidate: (_world, actor, item) => item.holder === actor,
  decide: (context) => {
    const { draft, world, actor, args, item } = context;
    if (!mayLink(context, item))
      return forbid(
        say`Links of ${item.key} are kept by the team that holds it, its proposer, its owner and dev leads.`,
      );
    const reference = findReference(world, args.ref, ownCircle(item.circle)) ?? {
      ref: args.ref,
      kind: 'other' as const,
    };
    if (!item.links.some((link) => link.ref === reference.ref)) {
      if (!/[#:/]/.test(args.ref))
        return usage(`“${args.ref.slice(0, 80)}” is no reference.`, `/unlink ${item.key} org/repo#12`);
      return already(say`${reference.ref} is not linked to ${item.key}.`);
    }
    touch(draft, item.key, actor.id);
    draft.emit('item', item.key, { type: 'unlinked', ref: reference.ref, by: actor.id, to: null });
    if (world.get('ref', reference.ref) !== undefined)
      draft.emit('ref', reference.ref, { type: 'parted', item: item.key });
    return reply('unlinked', say`${reference.ref} is no longer linked to ${item.key}.`);
  },
});
