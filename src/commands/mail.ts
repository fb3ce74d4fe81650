import { z } from 'zod';
import { choiceOf } from '../core/arguments.ts';
import { type Context, defineCommand, type Outcome, reply } from '../core/command.ts';
import { lacksRole } from '../core/guards.ts';
import { boxOf, chosenBy } from '../core/letters.ts';
import { LETTERS, type Letters } from '../core/mail.ts';
import { findPerson, nameOf, rosterOf } from '../core/people.ts';
import { already, notFound, refuse, usage } from '../core/rule.ts';
import { ONLY } from '../core/streams.ts';
import { code, enumerate, lines, say, type Text } from '../core/text.ts';

const Args = z.object({
  act: z.enum(['show', 'on', 'off', 'again']),
  letters: z.array(choiceOf('sort of mail', LETTERS)),
  person: z.string().max(200, 'a person’s name has at most 200 characters').optional(),
});
type Args = z.infer<typeof Args>;

export default defineCommand({
  name: 'mail',
  usage: '/mail [pages|digests|off|again]',
  summary: 'Get pages or digests by mail as well, beside the chat; or end what comes by mail.',
  who: 'anyone known; an admin for others with again',
  examples: ['/mail pages', '/mail pages digests', '/mail off', '/mail off invitations', '/mail again'],
  personal: true,
  on: 'nothing',
  args: Args,
  read: ({ all }) => {
    const [first, ...more] = all.map((word) => word.toLowerCase().replace(/,$/, ''));
    if (first === undefined) return { act: 'show', letters: [] };
    if (first === 'again') return { act: first, letters: [], person: all[1] };
    return first === 'off' ? { act: first, letters: more } : { act: 'on', letters: [first, ...more] };
  },
  decide: (context) => {
    const { world, actor, args } = context;
    if (args.act === 'again') return again(context);
    const address = rosterOf(world).people.get(actor.id)?.email;
    if (address === undefined)
      return refuse(say`I know no e-mail address of yours. An admin writes it into the organisation’s file.`);
    if (args.act === 'show') return reply('shown', shown(context, address));
    return args.act === 'on' ? choose(context, address) : end(context, address);
  },
});

function shown({ world, actor }: Context<Args>, address: string): Text {
  const { ended, parked } = boxOf(world, address);
  const chosen = chosenBy(world, actor.id).filter((each) => each !== 'invitations');
  return lines(
    chosen.length === 0
      ? say`Nothing goes to ${address} but the invitations that you ask for with ${code('/join KEY mail')}. ${code('/mail pages')} and ${code('/mail digests')} change that.`
      : say`Beside the chat, ${enumerate(chosen)} go to ${address}. ${code('/mail off')} ends it.`,
    ended.includes('invitations')
      ? say`Invitations by mail are ended; ${code('/join KEY mail')} begins them again.`
      : [],
    parked === null ? [] : say`No mail gets there: “${parked}”. When it works again, say ${code('/mail again')}.`,
  );
}

function choose({ draft, world, actor, args }: Context<Args>, address: string): Outcome {
  const { ended, parked } = boxOf(world, address);
  const isNew = (letters: Letters): boolean => !chosenBy(world, actor.id).includes(letters) || ended.includes(letters);
  const { letters } = args;
  if (parked === null && !letters.some(isNew)) return already(say`${address} gets ${enumerate(letters)} already.`);
  draft.emit('mail', ONLY, { type: 'mail-chosen', person: actor.id, address, letters });
  return reply(
    'chosen',
    say`From now on ${enumerate(letters)} go to ${address} as well; the chat stays as it is. ${code('/mail off')} ends it.`,
  );
}

function end({ draft, world, actor, args }: Context<Args>, address: string): Outcome {
  const letters = args.letters.length > 0 ? args.letters : LETTERS;
  const { ended } = boxOf(world, address);
  const goesOn = (each: Letters): boolean => chosenBy(world, actor.id).includes(each) || !ended.includes(each);
  if (!letters.some(goesOn)) return already(say`Nothing of that goes to ${address}.`);
  draft.emit('mail', ONLY, { type: 'mail-ended', address, letters, people: [actor.id] });
  return reply('ended', say`No more ${enumerate(letters)} by mail to ${address}. The chat stays as it is.`);
}

/** The address works again: by whose it is, or by an admin. */
function again(context: Context<Args>): Outcome {
  const { draft, world, actor, args } = context;
  const person = findPerson(world, args.person ?? actor.id);
  if (person === undefined) return notFound(say`I do not know “${(args.person ?? '').slice(0, 80)}”.`);
  if (person.id !== actor.id) {
    const lacking = lacksRole(context, ['admin']);
    if (lacking !== undefined) return lacking;
  }
  const { email } = person;
  if (email === undefined) return usage(`I know no e-mail address of ${nameOf(world, person.id)}.`, '/mail again olga');
  if (boxOf(world, email).parked === null) return already(say`Letters go to ${email}; nothing holds them back.`);
  draft.emit('mail', ONLY, { type: 'mail-lifted', address: email });
  return reply('lifted', say`Letters go to ${email} again, from the next one on.`);
}
