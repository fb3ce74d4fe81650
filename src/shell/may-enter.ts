import type { World } from '../core/draft.ts';
import type { Chat } from '../core/organisation.ts';
import { hasRole, personOfAccount } from '../core/people.ts';
import type { Address } from '../ports.ts';

/**
 * May somebody who asks be let into a chat? Undefined: it is not ours to say. A chat that the file does not list has its own
 * people, and so has one of a team for colleagues who are not of it; a stranger has no business in either of ours.
 */
export function mayEnter(
  world: World,
  account: string,
  { platform, chat }: Address,
  invitedFor: () => string | undefined,
): boolean | undefined {
  // Whoever is in a group reads all its topics, whichever team each of them is of.
  const here = world.organisation.chats.filter((each) => String(each[platform] ?? '') === chat);
  if (here.length === 0) return undefined;
  const person = personOfAccount(world, account);
  const item = invitedFor();
  // A link is good for as long as its holder is a tester.
  const testers = item === undefined ? undefined : world.get('item', item)?.testers;
  const isInvited = testers?.[account] !== undefined || (person !== undefined && testers?.[person] !== undefined);
  if (isInvited && here.every(({ team }) => team === 'testers')) return true;
  if (person === undefined) return false;
  return here.every((each) => isOf(world, person, each)) ? true : undefined;
}

const isOf = (world: World, person: string, { team }: Chat): boolean =>
  team === undefined ||
  team === 'everyone' ||
  team === 'testers' ||
  hasRole(world, person, team) ||
  world.open('item').some((item) => hasRole(world, person, team, item));
