import { z } from 'zod';
import { circleCard } from '../core/cards.ts';
import { defineCommand, reply } from '../core/command.ts';
import { touch } from '../core/flow.ts';
import { isMember, isOwnerOfItem } from '../core/guards.ts';
import { isConnected } from '../core/orders.ts';
import { EMBEDDED, findReference } from '../core/reference.ts';
import { already, forbid, usage } from '../core/rule.ts';
import { say } from '../core/text.ts';
import { joinLink } from '../core/tracking.ts';

export default defineCommand({
  name: 'circle',
  usage: '/circle KEY create | /circle KEY URL',
  form: '/circle KEY CIRCLE',
  summary: 'Make the item’s circle from the template, or record one that exists.',
  who: 'the item’s owner',
  examples: ['/circle PROD-1 create', '/circle PROD-1 https://circles.example.org/project/new-grid/'],
  on: 'item',
  args: z.object({ what: z.string({ error: 'say create, or the URL of the circle' }) }),
  read: (words) => ({ what: words.all[0] }),
  candidate: (world, actor, item) =>
    item.circle === null &&
    item.owner === actor &&
    item.state === 'active' &&
    world.processOf(item.process)?.process.owner !== 'proposer',
  decide: (context) => {
    const { draft, world, actor, args, item } = context;
    if (!isOwnerOfItem(context, item) && !isMember(context, 'circle-owner', item))
      return forbid(say`The circle of ${item.key} is made or recorded by its owner.`);
    if (args.what.toLowerCase() === 'create') {
      if (item.circle !== null) return already(say`${item.key} has its circle: ${item.circle}.`);
      if (item.circleAsked === true) return already(say`The circle of ${item.key} is being made.`);
      if (!isConnected(world, 'circles')) return record(`${EMBEDDED}/${item.key.toLowerCase()}`);
      touch(draft, item.key, actor.id);
      const asked = draft.emit('item', item.key, { type: 'circle-requested', by: actor.id });
      return { ...reply('requested', circleCard(asked)), live: { of: 'circle', on: item.key } };
    }
    const reference = findReference(world, args.what);
    // Where Circles is known a circle is one of its; it may have nothing better than plain http.
    const isCircle = reference?.kind === 'circle' || world.organisation.circles.url === undefined;
    if (reference === undefined || !isCircle || !/^https?:/i.test(reference.ref))
      return usage('Say create, or the URL of the circle.', `/circle ${item.key} create`);
    const given = reference.kind === 'circle' ? withoutView(reference.ref) : reference.ref;
    if (item.circle !== null && bare(item.circle) === bare(given)) return already(say`${item.key} has this circle.`);
    // An item has one circle: what it had before is linked no more.
    for (const { ref } of item.links.filter(({ kind }) => kind === 'circle'))
      draft.emit('item', item.key, { type: 'unlinked', ref, by: actor.id, to: null });
    return record(given);

    function record(ref: string) {
      touch(draft, item.key, actor.id);
      draft.emit('item', item.key, { type: 'circle-recorded', ref, by: actor.id });
      joinLink(draft, item.key, { ref, kind: 'circle' }, 'circle');
      return reply(
        'recorded',
        say`The circle of ${item.key} is ${ref}. Stories made or linked there count for its roadmap.`,
      );
    }
  },
});

/** The circle that a page of it belongs to: its timeline, its board and the like are all one circle. */
const withoutView = (url: string): string => url.replace(/(\/project\/[\w.-]+\/?).*$/, '$1');
const bare = (url: string): string =>
  withoutView(url)
    .replace(/^https?:/i, '')
    .replace(/\/+$/, '')
    .toLowerCase();
