import { z } from 'zod';
import { type Context, defineCommand, type Outcome, reply } from '../core/command.ts';
import { becomeAdmin, makesAdmin, welcome } from '../core/first-admin.ts';
import type { CodeState } from '../core/office.ts';
import { isStillHere, nameOf } from '../core/people.ts';
import { already, notFound, refuse } from '../core/rule.ts';
import { ONLY } from '../core/streams.ts';
import { code, say } from '../core/text.ts';

export default defineCommand({
  name: 'iam',
  usage: '/iam CODE',
  summary: 'Prove that this account is yours, with a code from /link-account.',
  who: 'anyone, in private',
  examples: ['/iam K7QX-M2PD'],
  personal: true,
  open: true,
  on: 'nothing',
  args: z.object({
    secret: z.string({ error: 'the code is missing' }).min(1, 'the code is missing').max(64, 'that is no code'),
  }),
  read: (words) => ({ secret: words.all[0] }),
  decide: (context) => {
    const { draft, world, actor, place, args, now } = context;
    if (place !== null) return refuse(say`Say that to me in private.`);
    const digest = world.digest(args.secret.toUpperCase());
    const issued = world.get('code', digest);
    if (issued?.founding !== undefined) return found(context, issued, digest);
    if (issued === undefined || issued.opens !== undefined || issued.until <= now || !isStillHere(world, issued))
      return notFound(
        say`That code is not valid, or its ten minutes are over. Get a new one with ${code('/link-account')}.`,
      );
    if (issued.used) return already(say`That code was used. Get a new one with ${code('/link-account')}.`);
    if (actor.known && actor.id !== issued.person)
      return refuse(say`This account belongs to ${nameOf(world, actor.id)}; one account is one person’s.`);
    const { account } = actor;
    draft.emit('code', digest, { type: 'code-used', account });
    if (!actor.known) draft.emit('people', ONLY, { type: 'account-linked', account, person: issued.person });
    return reply('linked', say`Welcome, ${nameOf(world, issued.person)}: this account is yours.`);
  },
});

/** The code of the log, which makes the first admin. */
function found({ draft, world, actor }: Context<unknown>, issued: CodeState, digest: string): Outcome {
  if (issued.used) return already(say`That code was used.`);
  if (!makesAdmin(world, issued))
    return notFound(
      say`That code is not valid: it is older than a day, another was printed since, or there is an admin by now.`,
    );
  draft.emit('code', digest, { type: 'code-used', account: actor.account });
  return reply('linked', welcome(becomeAdmin(draft, actor.known ? actor.id : undefined, actor.account)));
}
