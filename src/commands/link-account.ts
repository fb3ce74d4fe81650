import { Nothing } from '../core/arguments.ts';
import { MINUTE, showInstant } from '../core/calendar.ts';
import { defineCommand, reply } from '../core/command.ts';
import { stayOf } from '../core/people.ts';
import { refuse } from '../core/rule.ts';
import { code, say } from '../core/text.ts';

const CODE_LIVES_MINUTES = 10;

export default defineCommand({
  name: 'link-account',
  usage: '/link-account',
  summary: 'A code that joins another account of yours; say /iam CODE there.',
  who: 'anyone known, in private',
  examples: ['/link-account'],
  personal: true,
  on: 'nothing',
  args: Nothing,
  read: () => ({}),
  decide: ({ draft, world, actor, place, now }) => {
    if (place !== null) return refuse(say`Say that to me in private: a code that others can read proves nothing.`);
    const secret = world.newCode();
    const until = now + CODE_LIVES_MINUTES * MINUTE;
    draft.emit('code', world.digest(secret), {
      type: 'code-issued',
      person: actor.id,
      until,
      ...stayOf(world, actor.id),
    });
    const shown = world.standIn?.(secret) ?? secret;
    return reply(
      'shown',
      say`Your code is ${code(shown)}. Say ${code(`/iam ${shown}`)} from your other account, in private, before ${showInstant(world.organisation, until)}. It works once.`,
    );
  },
});
