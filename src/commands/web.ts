import { Nothing } from '../core/arguments.ts';
import { showInstant } from '../core/calendar.ts';
import { defineCommand, reply } from '../core/command.ts';
import { refuse } from '../core/rule.ts';
import { issueSignIn } from '../core/sign-in.ts';
import { say } from '../core/text.ts';

export default defineCommand({
  name: 'web',
  usage: '/web',
  summary: 'A way into the board in the browser.',
  who: 'anyone known, in private',
  examples: ['/web'],
  personal: true,
  on: 'nothing',
  args: Nothing,
  read: () => ({}),
  decide: ({ draft, world, actor, place }) => {
    if (place !== null) return refuse(say`Say /web to me in private: the way in is yours alone.`);
    const { webAddress, newSecret } = world;
    if (webAddress === undefined || newSecret === undefined)
      return reply(
        'shown',
        say`The board is on the machine that runs me, at the address that it printed when it started.`,
      );
    const secret = newSecret();
    const until = issueSignIn(draft, actor.id, secret);
    // The secret is behind the “#”, which browsers keep to themselves: it is in no request for the page, so a proxy's log, a
    // preview bot and the page's referrer never have it. The page hands it in with the form that its reader sends.
    const url = `${webAddress}/sign-in#${secret.words}`;
    return reply(
      'shown',
      say`Your way into the board: ${{ node: 'link', url, label: url }}\nIt works once, until ${showInstant(world.organisation, until)}, and signs in whoever opens it: pass it on to nobody.`,
    );
  },
});
