import type { World } from './draft.ts';
import type { ItemState } from './item.ts';
import { keeperOf } from './reference.ts';

/** Where something is said: a chat, or a thread in it. A thread may have an item of its own; else the chat's is meant. */

const THREAD = '#';

/** The name of a place: the chat's, with its thread where there is one; null in private. */
export const placeIn = ({
  place,
  thread,
}: {
  readonly place: string | null;
  readonly thread?: string;
}): string | null => (place === null || thread === undefined ? place : `${place}${THREAD}${thread}`);

/** The chat that a thread is in; a place that is no thread is itself. */
function chatOf(world: World, place: string): string {
  const at = place.lastIndexOf(THREAD);
  // A chat of the file may have the sign in its own name.
  return at < 0 || world.organisation.chats.some((chat) => chat.name === place) ? place : place.slice(0, at);
}

/** The key of the item that a place is bound to: the thread's first, then the chat's. */
export function keyHere(world: World, place: string | null): string | undefined {
  if (place === null) return undefined;
  // A comment on a story or issue is said at the item that it is linked to.
  const linked = keeperOf(place) === undefined ? undefined : world.get('ref', place)?.item;
  if (linked != null) return linked;
  return world.get('place', place)?.item ?? world.get('place', chatOf(world, place))?.item ?? undefined;
}

/** The item of a place, in whatever state it is. */
export function itemHere(world: World, place: string | null): ItemState | undefined {
  const key = keyHere(world, place);
  return key === undefined ? undefined : world.get('item', key);
}
