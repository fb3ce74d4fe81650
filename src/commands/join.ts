import { z } from 'zod';
import { defineCommand, reply } from '../core/command.ts';
import type { Draft } from '../core/draft.ts';
import { boxOf } from '../core/letters.ts';
import { rosterOf } from '../core/people.ts';
import { already, refuse } from '../core/rule.ts';
import { ONLY } from '../core/streams.ts';
import { bold, code, enumerate, say } from '../core/text.ts';

export default defineCommand({
  name: 'join',
  usage: '/join KEY',
  summary: 'Become a tester of an item.',
  who: 'anyone, in private or by the invitation’s button',
  examples: ['/join PRJ-1', '/join PRJ-1 mail'],
  open: true,
  testers: true,
  on: 'item',
  nowhere: () => NOTHING_YET,
  args: z.object({ mail: z.boolean() }),
  read: (words) => ({ mail: /^e?-?mail$/i.test(words.all[0] ?? '') }),
  decide: ({ draft, world, actor, place, pressed, args, item }) => {
    if (!actor.known && !item.invited) return refuse(NOTHING_YET);
    if (place !== null && !pressed)
      return refuse(say`Say that to me in private, or press the invitation’s button: ${code(`/join ${item.key}`)}.`);
    const present = item.testers[actor.id];
    const address = args.mail ? rosterOf(world).people.get(actor.id)?.email : undefined;
    const isLifted = address !== undefined && begin(draft, actor.id, address);
    if (present !== undefined && (present.mail || !args.mail))
      return isLifted
        ? reply('joined', say`Invitations come to you by mail again.`)
        : already(say`You are a tester of ${item.key}.`);
    draft.emit('item', item.key, { type: 'joined', person: actor.id, mail: args.mail, via: actor.via });
    const byMail =
      args.mail && address === undefined
        ? ' I know no e-mail address of yours, so no invitation comes by mail; an admin writes it into the organisation’s file.'
        : '';
    const where = item.environments.map((release) => release.environment);
    return reply(
      'joined',
      say`Welcome: you test ${bold(item.title)} (${item.key})${where.length === 0 ? '' : `, on ${enumerate(where)}`}. What you find, say with ${code('/bug SEVERITY TITLE')}; ${code(`/leave ${item.key}`)} ends it.${byMail}`,
    );
  },
});

/** Said of what is there and of what is not: nobody finds out by asking. */
const NOTHING_YET = say`There is nothing to join there yet: testers are invited when it is ready.`;

/** Whoever asks for mail by themselves gets it again, whatever was ended or refused before. */
function begin(draft: Draft, person: string, address: string): boolean {
  const { ended, parked } = boxOf(draft, address);
  if (!ended.includes('invitations') && parked === null) return false;
  draft.emit('mail', ONLY, { type: 'mail-chosen', person, address, letters: ['invitations'] });
  return true;
}
