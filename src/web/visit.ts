import type { Context } from 'hono';
import { closesAt, frozenUntil, showInstant } from '../core/calendar.ts';
import { declaredFreezes, type World } from '../core/draft.ts';
import { hasRole, isKnown, nameOf } from '../core/people.ts';
import type { Sight } from './hub.ts';
import { type PageIds, personOf } from './session.ts';
import type { Sessions } from './sessions.ts';

/** One request for a page: who asks, and the world as it is at this instant. */
export interface Visit {
  readonly sight: Sight;
  readonly world: World;
  /** Who is signed in, or in the demonstration whom the visitor plays; undefined: nobody yet. */
  readonly person: string | undefined;
  /** May this visitor read what the organisation has? A stranger may not, nor who is not signed in where one must be. */
  readonly mayRead: boolean;
  /** The id that the forms of this page carry. */
  readonly page: string;
  readonly prefixes: readonly string[];
  show(at: number): string;
}

/** The id of the stranger whom a visitor can play. */
export const STRANGER = 'stranger';
export const STRANGER_NAME = 'A stranger';

/** What tells who asks: the ids of forms, and outside the demonstration the sessions. */
export interface Door {
  readonly ids: PageIds;
  readonly sessions: Sessions | undefined;
  /** Is nothing shown to somebody who is not signed in? */
  readonly isClosed: boolean;
}

export function createVisit(context: Context, sight: Sight, { ids, sessions, isClosed }: Door): Visit {
  const world = sight.world();
  const played = sessions === undefined ? personOf(context) : sessions.person(context);
  const isPlayedStranger = sessions === undefined && played === STRANGER;
  const person = played !== undefined && (isKnown(world, played) || isPlayedStranger) ? played : undefined;
  return {
    sight,
    world,
    person,
    mayRead: person === undefined ? !isClosed : isKnown(world, person),
    page: ids.issue(person ?? ''),
    prefixes: [...world.processes.values()].map(({ process }) => process.prefix),
    show: (at) => showInstant(world.organisation, at),
  };
}

/** May this visitor see what could not be sent, and on this machine also without a sign-in? The demonstration parks nothing. */
export const seesOutbox = (visit: Visit): boolean => (visit.person === undefined ? visit.mayRead : tendsOutbox(visit));

/** May this visitor send it again, or give it up? */
export const tendsOutbox = ({ world, person }: Visit): boolean =>
  person !== undefined && (hasRole(world, person, 'ops') || hasRole(world, person, 'admin'));

export const displayName = (world: World, person: string): string =>
  person === STRANGER ? STRANGER_NAME : nameOf(world, person);

export interface Season {
  readonly frozen: boolean;
  readonly until: number;
}

/** Is the release freeze on, and until when it is so. */
export function seasonOf(world: World): Season {
  const declared = declaredFreezes(world);
  const until = frozenUntil(world.organisation, declared, world.now);
  return until === undefined
    ? { frozen: false, until: closesAt(world.organisation, declared, world.now) }
    : { frozen: true, until };
}
