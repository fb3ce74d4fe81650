import { z } from 'zod';
import type { AnnouncementState } from '../core/announcement.ts';
import { AnyText } from '../core/arguments.ts';
import { dayOn } from '../core/calendar.ts';
import { type Context, defineCommand, type Outcome, reply } from '../core/command.ts';
import { keyOf } from '../core/decide.ts';
import { type Draft, next } from '../core/draft.ts';
import { majority, signatures } from '../core/flow.ts';
import { isOwnerOfItem } from '../core/guards.ts';
import { type ItemState, isOpenItem } from '../core/item.ts';
import { readMoment } from '../core/moment.ts';
import { hasRole } from '../core/people.ts';
import { already, forbid, notFound, refuse, usage } from '../core/rule.ts';
import { bold, say } from '../core/text.ts';
import type { Group } from '../core/vote.ts';
import { stillNeeded } from '../core/words.ts';

const Args = z.object({
  on: z.string({ error: 'say which item it is about' }),
  date: z.string().optional(),
  text: AnyText,
});
type Args = z.infer<typeof Args>;

export default defineCommand({
  name: 'announce',
  usage: '/announce KEY [by DATE] TEXT',
  summary: 'Draft an outside message, or edit one; it is posted once it has its signatures.',
  who: 'promotion, the item’s owner',
  examples: ['/announce WEB-1 by 2026-12-15 The new page goes live', '/announce ANN-1 The new page is live'],
  rule: 'R8',
  on: 'nothing',
  args: Args,
  read: (words) => {
    const [, on, date, text] = /^(\S+)\s+(?:by\s+(\S+)\s+)?([\s\S]*)$/i.exec(words.rest) ?? [];
    return { on: on ?? words.all[0], date, text };
  },
  decide: (context) => announce(context),
});

function announce(context: Context<Args>): Outcome {
  const { world, args, now } = context;
  const edited = world.get('announcement', args.on.toUpperCase());
  const item = keyOf(world, edited?.item ?? args.on);
  if (item === undefined)
    return /^ann-\d+$/i.test(args.on)
      ? notFound(say`There is no ${args.on.toUpperCase()}.`)
      : usage('Say which item it is about.', '/announce WEB-1 The new page is live');
  if ('ok' in item) return item;
  if (!hasRole(world, context.actor.id, 'promotion') && !isOwnerOfItem(context, item))
    return forbid(say`Announcements are drafted by promotion or by the item’s owner (R8).`, 'R8');
  const day = args.date === undefined ? undefined : readMoment(world.organisation, args.date, now);
  if (args.date !== undefined && day?.wholeDay !== true)
    return usage(`“${args.date.slice(0, 40)}” is no date.`, `/announce ${args.on} by 2026-12-15 TEXT`);
  const date = args.date ?? null;
  if (date !== null && dayOn(world.organisation, date).until <= now)
    return refuse(say`${date} has passed (R8); promise a day that can be kept.`, {
      rule: 'R8',
      key: edited?.key ?? item.key,
    });
  return edited === undefined ? draftNew(context, item, date) : edit(context, item, edited, date);
}

/** A majority of the stakeholders, one architect, and the item's circle owner. */
const signers = (draft: Draft, item: ItemState): Group[] => [
  majority(draft, 'stakeholder'),
  signatures(draft, 'architect', 1),
  signatures(draft, 'circle-owner', 1, item),
];

function draftNew({ draft, actor, args }: Context<Args>, item: ItemState, date: string | null): Outcome {
  if (!isOpenItem(item) && item.state !== 'completed')
    return already(say`${item.key} has ended: it is ${item.state}.`, item.key);
  const key = `ANN-${next(draft, 'ANN')}`;
  const announcement = draft.emit('announcement', key, {
    type: 'drafted',
    key,
    item: item.key,
    text: args.text,
    date,
    by: actor.id,
    vote: `${key}/1`,
    groups: signers(draft, item),
  });
  return reply('drafted', answer(draft, announcement), key);
}

function edit(
  { draft, actor, args }: Context<Args>,
  item: ItemState,
  edited: AnnouncementState,
  date: string | null,
): Outcome {
  const { key } = edited;
  if (edited.state === 'announced')
    return refuse(
      say`${key} is posted; what is outside can not be edited (R8). Draft a new one with /announce ${item.key} TEXT.`,
      { rule: 'R8', key },
    );
  if (edited.state === 'void')
    return already(say`${key} is void. Draft a new one with /announce ${item.key} TEXT.`, key);
  if (edited.text === args.text && edited.date === date && edited.state === 'drafted')
    return already(say`${key} says just that.`, key);
  const vote = `${key}/${edited.version + 1}`;
  const announcement = draft.emit('announcement', key, {
    type: 'announcement-edited',
    text: args.text,
    date,
    by: actor.id,
    vote,
    groups: signers(draft, item),
  });
  return reply('drafted', answer(draft, announcement), key);
}

function answer(draft: Draft, announcement: AnnouncementState) {
  const { key, vote, item } = announcement;
  const empty = vote.groups.find((group) => group.electorate.length === 0);
  // Its text was just written, and those who sign it get it with their buttons.
  return empty === undefined
    ? say`${bold(key)} on ${item} is drafted. It is posted once signed by ${stillNeeded(draft, vote)}.`
    : say`${bold(key)} on ${item} is drafted. It can not be signed yet: nobody holds the role ${empty.role}. An admin grants it with /role grant.`;
}
