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
