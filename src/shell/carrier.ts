import type { OutboxRow } from '../store/port.ts';

/** Takes rows of the outbox that no chat takes: jobs for the forges, letters. */
export interface Carrier {
  /** `github:example/grid`, `email:olga@example.org`. */
  owns(address: string): boolean;
  /** May one more go now? Asked of each in the order of its urgency; yes is followed by `deliver`. */
  may(address: string, now: number): boolean;
  /** Sees to it, and writes down what became of it. */
  deliver(row: OutboxRow): Promise<void>;
}

export const addressOf = ({ address, to }: OutboxRow): string => address ?? ('email' in to ? `email:${to.email}` : '');

const MOST_AT_ONCE = 8;
/** A yes that nothing came of is forgotten after so long. */
const FORGOTTEN_AFTER = 60_000;

/** How many of one platform are under way: a slow one must leave room for the others. */
export interface Slots {
  take(now: number): boolean;
  free(): void;
}
export function createSlots(most = MOST_AT_ONCE): Slots {
  let taken: number[] = [];
  return {
    take(now) {
      taken = taken.filter((at) => at > now - FORGOTTEN_AFTER);
      if (taken.length >= most) return false;
      taken.push(now);
      return true;
    },
    free: () => void taken.shift(),
  };
}

/** What an earlier process sent may still be on its way for so long: as long as a call of ours may take. */
export const STILL_ON_ITS_WAY = 10_000;

const FIRST_WAIT = 1_000;
/** As far apart as a breaker's probes: whatever waited goes within a minute of the platform's return. */
const LONGEST_WAIT = 30_000;
/** How long until it is tried again: longer each time. */
export const waitOf = ({ attempts }: Pick<OutboxRow, 'attempts'>): number =>
  Math.min(LONGEST_WAIT, FIRST_WAIT * 2 ** Math.min(10, Math.max(0, attempts - 1)));
