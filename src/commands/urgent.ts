import { z } from 'zod';
import { Title } from '../core/arguments.ts';
import { defineCommand } from '../core/command.ts';
import { logged } from '../core/logging.ts';
import { membersOf, nameOf } from '../core/people.ts';
import { findReference, ownCircle } from '../core/reference.ts';
import { enumerate } from '../core/text.ts';
import { joinLink, logRef } from '../core/tracking.ts';

export default defineCommand({
  name: 'urgent',
  usage: '/urgent KEY TITLE',
  summary: 'Log something urgent and tell the circle owner, not the developers.',
  who: 'anyone known',
  examples: ['/urgent WEB-1 The form sends nothing'],
  rule: 'R3',
  on: 'item',
  args: z.object({ title: Title }),
  read: (words) => ({ title: words.rest === '' ? undefined : words.rest }),
  decide: ({ draft, world, actor, args, item }) => {
    const given = /\s/.test(args.title) ? undefined : findReference(world, args.title, ownCircle(item.circle));
    const isTrackedRef = given?.kind === 'issue' || given?.kind === 'story';
    const reference =
      given !== undefined && isTrackedRef ? given : logRef(draft, 'issue', args.title, { item, labels: ['urgent'] });
    joinLink(draft, item.key, reference);
    draft.emit('item', item.key, { type: 'urgent-logged', ref: reference.ref, by: actor.id, title: args.title });
    const told = membersOf(world, 'circle-owner', item).map((id) => nameOf(world, id));
    return logged(draft, reference.ref, ` on ${item.key}; ${enumerate(told) || 'nobody'} was told.`, item.key);
  },
});
