import type { Clock } from '../ports.ts';

/** A clock that does not follow a step of the machine's: it goes on steadily until somebody says that the step is right. */
export interface TrustedClock extends Clock {
  /** By how many milliseconds the machine's clock stepped against the steady one; undefined: it did not. */
  stepped(): number | undefined;
  /** The machine's clock is right: it is followed from now on. */
  accept(): void;
  /** What the machine's clock shows, followed or not. */
  shown(): number;
}

const MOST_STEP = 5 * 60_000;

/** Small corrections are followed; only what jumps between two looks is a step. `steady` never jumps. */
export function createTrustedClock(machine: Clock, steady: () => number): TrustedClock {
  let wall = machine.now();
  let mark = steady();
  let step: number | undefined;
  function now(): number {
    const at = steady();
    const expected = Math.round(wall + at - mark);
    if (step !== undefined) return expected;
    const shown = machine.now();
    if (Math.abs(shown - expected) > MOST_STEP) {
      step = shown - expected;
      return expected;
    }
    wall = shown;
    mark = at;
    return shown;
  }
  return {
    now,
    stepped: () => {
      now();
      return step;
    },
    accept: () => {
      step = undefined;
      wall = machine.now();
      mark = steady();
    },
    shown: machine.now,
  };
}

const MOST_BACK = 5 * 60_000;
/** Nobody was away for so long: it is the clock, until somebody says that it is not. */
const MOST_AHEAD = 366 * 24 * 3_600_000;
/** No clock that shows less was ever set. */
export const EARLIEST = Date.UTC(2024, 0, 1);

/** Whether a clock fits to the last event, in words; undefined: it does. */
export function whatIsOddAbout(now: number, last: number | undefined): string | undefined {
  if (last !== undefined && last - now > MOST_BACK)
    return `is before the last event, of ${new Date(last).toISOString()}`;
  if (last !== undefined && now - last > MOST_AHEAD)
    return `is more than a year after the last event, of ${new Date(last).toISOString()}`;
  return now < EARLIEST ? `shows ${new Date(now).toISOString()}` : undefined;
}
