import type { World } from '../core/draft.ts';
import { hasRole, personOfAccount } from '../core/people.ts';
import { say } from '../core/text.ts';
import type { Address, Clock, Incoming } from '../ports.ts';
import { showAddress } from './address.ts';
import { ownAnswer } from './reply.ts';

/**
 * Whoever says more than anybody could mean is told so once a minute, and not listened to until it is over. OPS is always
 * listened to: when everybody shouts, somebody has to be able to act.
 */
export interface Flood {
  /** Is this listened to? `id` is that of what came. */
  hears(world: World, incoming: Incoming, id: string): Heard;
}
/** `for the last time`: not any more, and that is to be said now. */
type Heard = 'yes' | 'for the last time' | 'not';

const WINDOW = 60_000;
/** So much within a minute: from a person; from a stranger; from the strangers of one chat; from all strangers. */
const MOST = { person: 240, stranger: 30, strangersHere: 90, strangers: 900 };

export const TOO_MUCH = ownAnswer(
  'refused',
  say`That is more than I can listen to. I hear you again in a minute; until then nothing that you say or press is done.`,
);

interface Count {
  readonly since: number;
  heard: number;
  told: boolean;
  /** What was found of each thing that came: a platform that brings it again is no flood. */
  readonly found: Map<string, Heard>;
}

export function createFlood(clock: Clock): Flood {
  const counts = new Map<string, Count>();

  function count(key: string): Count {
    const now = clock.now();
    const kept = counts.get(key);
    // A clock that was set back begins anew as well.
    if (kept !== undefined && now >= kept.since && now - kept.since < WINDOW) return kept;
    if (counts.size > 10_000) for (const [old, { since }] of counts) if (now - since >= WINDOW) counts.delete(old);
    const fresh: Count = { since: now, heard: 0, told: false, found: new Map() };
    counts.set(key, fresh);
    return fresh;
  }

  function find(own: Count, isStranger: boolean, address: Address): Heard {
    const around = isStranger
      ? ([
          [count(`in ${showAddress(address)}`), MOST.strangersHere],
          [count('strangers'), MOST.strangers],
        ] as const)
      : [];
    own.heard += 1;
    for (const [each] of around) each.heard += 1;
    const isTooMuch = own.heard > (isStranger ? MOST.stranger : MOST.person);
    if (!isTooMuch) return around.every(([each, most]) => each.heard <= most) ? 'yes' : 'not';
    const isNew = !own.told;
    own.told = true;
    return isNew ? 'for the last time' : 'not';
  }

  return {
    hears(world, { account, address }, id) {
      const person = personOfAccount(world, account);
      if (person !== undefined && hasRole(world, person, 'ops')) return 'yes';
      const own = count(account);
      const before = own.found.get(id);
      if (before !== undefined) return before;
      const found = find(own, person === undefined, address);
      // Of what is not listened to, nothing more needs to be known.
      if (found !== 'not') own.found.set(id, found);
      return found;
    },
  };
}
