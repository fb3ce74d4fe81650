import type { Draft, World } from './draft.ts';
import { follow } from './incoming.ts';
import { reachable } from './orders.ts';
import { findReference, type Reference } from './reference.ts';

/** Stories and issues that a command names and nobody has seen yet: the platform is asked before it is decided. */

const PREFIX = 'ref:';

/** What `pagesToCheck` names for them; nothing where the platform is not connected, or has spoken of it before. */
export function refsToLookAt(world: World, words: readonly string[], circle?: string): string[] {
  return words.flatMap((word) => {
    const ref = findReference(world, word, circle)?.ref;
    const isUnknown = ref !== undefined && reachable(world, ref) !== undefined && !isConfirmed(world, ref);
    return isUnknown ? [`${PREFIX}${ref}`] : [];
  });
}

const isConfirmed = (world: World, ref: string): boolean => world.get('ref', ref)?.confirmed === true;

/** The reference that a name of `pagesToCheck` stands for; undefined: it is a page. */
export const refOfPage = (name: string): string | undefined =>
  name.startsWith(PREFIX) ? name.slice(PREFIX.length) : undefined;

/** The platform was asked, and it has no such thing. */
export const isAbsent = (world: World, { ref }: Pick<Reference, 'ref'>): boolean => world.looked?.(ref) === null;

/** The platform is there to ask, and has not said that this exists. */
export const isUnverified = (world: World, ref: string): boolean =>
  reachable(world, ref) !== undefined && !isConfirmed(world, ref) && !world.looked?.(ref);

/** The name that the platform itself gives it: repositories are one in any case. */
export function nameThere(world: World, reference: Reference): Reference {
  const found = world.looked?.(reference.ref);
  return found ? { ...reference, ref: found.ref, kind: found.kind } : reference;
}

/** Keeps what the platform said of it. */
export function keepLook(draft: Draft, ref: string): void {
  const found = draft.looked?.(ref);
  if (found) follow(draft, found);
}
