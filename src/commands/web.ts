import { Nothing } from '../core/arguments.ts';
import { defineCommand, reply } from '../core/command.ts';
import { refuse } from '../core/rule.ts';
import { say } from '../core/text.ts';

export default defineCommand({
  name: 'web',
  usage: '/web',
  summary: 'A way into the board in the browser.',
  who: 'anyone known, in private',
  examples: ['/web'],
  question: true,
  on: 'nothing',
  args: Nothing,
  read: () => ({}),
  decide: ({ place }) =>
    place === null
      ? reply(
          'shown',
          say`The board is on the machine that runs me, at the address that it printed when it started; from elsewhere it opens once sign-in exists.`,
        )
      : refuse(say`Say /web to me in private: the way in is yours alone.`),
});
