import type { World } from '../core/draft.ts';
import { type Chat, PLACES } from '../core/organisation.ts';
import { hasRole, isKnown } from '../core/people.ts';

/** A chat as the console lists it. */
export interface ChatPlace {
  readonly name: string;
  readonly about: string;
  /** Nobody but the bot speaks there. */
  readonly isOneWay: boolean;
}

const aboutOf = (chat: Chat): string => {
  if (chat.team === undefined || chat.team === 'everyone') return 'everyone';
  return chat.team === 'testers' ? 'the testing community' : `the ${chat.team} team`;
};

/** The chats that somebody belongs to: their teams', everyone's, and the two that the outside sees as well. */
export function chatsOf(world: World, person: string): ChatPlace[] {
  const known = isKnown(world, person);
  const belongs = ({ name, team }: Chat): boolean =>
    team === 'testers' ||
    name === PLACES.announcements ||
    (known &&
      (team === undefined ||
        team === 'everyone' ||
        hasRole(world, person, team) ||
        world.open('item').some((item) => hasRole(world, person, team, item))));
  const listed = world.organisation.chats
    .filter(belongs)
    .map((chat) => ({ name: chat.name, about: aboutOf(chat), isOneWay: chat.name === PLACES.announcements }));
  return listed.some(({ name }) => name === PLACES.announcements)
    ? listed
    : [...listed, { name: PLACES.announcements, about: 'what is said to the outside', isOneWay: true }];
}
