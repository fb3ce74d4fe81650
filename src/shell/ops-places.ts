import type { World } from '../core/draft.ts';
import { peopleOf, type To } from '../core/message.ts';
import { membersOf } from '../core/people.ts';
import type { Platform } from '../ports.ts';
import { routeOf } from './address.ts';

/** Where OPS hears what it must know, and where that goes when nothing gets through there. */

export interface Place {
  readonly to: To;
  readonly address: string;
}

/** Its chats; its members, each in private; the admins, who can make somebody of it. Nobody is asked twice. */
export function rungsOfOps(
  world: World,
): readonly [chats: readonly To[], members: readonly To[], admins: readonly To[]] {
  const members = membersOf(world, 'ops');
  return [
    world.organisation.chats.filter(({ team }) => team === 'ops').map(({ name }) => ({ chat: name })),
    peopleOf(members),
    peopleOf(membersOf(world, 'admin').filter((person) => !members.includes(person))),
  ];
}

/** Every address of these on the given platforms. */
export const placesOf = (world: World, platforms: readonly Platform[], rung: readonly To[]): readonly Place[] =>
  rung.flatMap((to) => (routeOf(platforms, world, to) ?? []).map((address) => ({ to, address })));

/** The first rung that has an address over these platforms, past those that are known to take nothing. */
export function firstPlaces(
  world: World,
  platforms: readonly Platform[],
  past: ReadonlySet<string> = new Set(),
): readonly Place[] {
  for (const rung of rungsOfOps(world)) {
    const places = placesOf(world, platforms, rung).filter(({ address }) => !past.has(address));
    if (places.length > 0) return places;
  }
  return [];
}
