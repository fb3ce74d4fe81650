import { Nothing } from '../core/arguments.ts';
import { defineCommand, reply } from '../core/command.ts';
import type { World } from '../core/draft.ts';
import { boxOf, chosenBy } from '../core/letters.ts';
import { nameOf, ownersOf, rosterOf } from '../core/people.ts';
import { ONLY } from '../core/streams.ts';
import { bold, code, enumerate, lines, say, type Text } from '../core/text.ts';

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
        mailOf(world, actor.id, person?.email),
        owned.length === 0 ? [] : say`You own: ${enumerate(owned.slice(0, 20))}.`,
      ),
    );
  },
});

/** What goes to them by mail, and whether it arrives. */
function mailOf(world: World, person: string, address: string | undefined): Text {
  if (address === undefined) return [];
  const { parked } = boxOf(world, address);
  if (parked !== null)
    return say`Mail: none gets to ${address} (“${parked}”). When it works again, say ${code('/mail again')}.`;
  const chosen = chosenBy(world, person).filter((each) => each !== 'invitations');
  return chosen.length === 0 ? [] : say`Mail: ${enumerate(chosen)}.`;
}
