import { Nothing } from '../core/arguments.ts';
import { defineCommand, reply } from '../core/command.ts';
import { nameOf, ownersOf, rosterOf } from '../core/people.ts';
import { ONLY } from '../core/streams.ts';
import { bold, enumerate, lines, say } from '../core/text.ts';

export default defineCommand({
  name: 'whoami',
  usage: '/whoami',
  summary: 'Who I am here: my roles and my accounts.',
  who: 'anyone',
  examples: ['/whoami'],
  personal: true,
  question: true,
  on: 'nothing',
  args: Nothing,
  read: () => ({}),
  decide: ({ world, actor }) => {
    const { people, roles } = rosterOf(world);
    const person = people.get(actor.id);
    const given = [
      person?.telegram === undefined ? [] : ['Telegram'],
      person?.slack === undefined ? [] : ['Slack'],
      person?.github === undefined ? [] : [`GitHub ${person.github}`],
      person?.email === undefined ? [] : [person.email],
    ].flat();
    const linked = Object.entries(world.get('people', ONLY)?.accounts ?? {}).flatMap(([account, owner]) =>
      owner === actor.id ? [`${account} (linked)`] : [],
    );
    const accounts = [...given, ...linked];
    const owned = world
      .open('item')
      .filter((item) => ownersOf(world, item).includes(actor.id))
      .map((item) => item.key);
    return reply(
      'shown',
      lines(
        say`You are ${bold(nameOf(world, actor.id))} (${actor.id}).`,
        say`Roles: ${enumerate([...(roles.get(actor.id) ?? [])]) || 'none'}.`,
        accounts.length === 0 ? [] : say`Accounts: ${enumerate(accounts)}.`,
        owned.length === 0 ? [] : say`You own: ${enumerate(owned.slice(0, 20))}.`,
      ),
    );
  },
});
