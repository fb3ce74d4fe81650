import type { Context } from 'hono';
import { closesAt, frozenUntil, showInstant } from '../core/calendar.ts';
import { declaredFreezes, type World } from '../core/draft.ts';
import { isKnown, nameOf } from '../core/people.ts';
import type { Hub } from './hub.ts';
import { type PageIds, personOf } from './session.ts';

/** One request for a page: who asks, and the world as it is at this instant. */
export interface Visit {
  readonly hub: Hub;
  readonly world: World;
  /** Whom the visitor plays; undefined: nobody yet, or a real organisation, where nobody is played. */
  readonly person: string | undefined;
  /** May this visitor read what the organisation has? A stranger may not. */
  readonly mayRead: boolean;
  /** The id that the forms of this page carry; empty where there are no forms. */
  readonly page: string;
  readonly prefixes: readonly string[];
  show(at: number): string;
}

/** The id of the stranger whom a visitor can play. */
export const STRANGER = 'stranger';
export const STRANGER_NAME = 'A stranger';

export function createVisit(context: Context, hub: Hub, ids: PageIds | undefined): Visit {
  const world = hub.engine.world();
  const played = ids === undefined ? undefined : personOf(context);
  const person = played !== undefined && (isKnown(world, played) || played === STRANGER) ? played : undefined;
  return {
    hub,
    world,
    person,
    mayRead: person === undefined || isKnown(world, person),
    page: ids?.issue(person ?? '') ?? '',
    prefixes: [...world.processes.values()].map(({ process }) => process.prefix),
    show: (at) => showInstant(world.organisation, at),
  };
}

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
