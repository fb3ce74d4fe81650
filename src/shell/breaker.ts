/** What a platform's outage costs: one probe at a time, further and further apart, and no message its tries. */

const FAILURES = 3;
const FIRST_WAIT = 1_000;
const LONGEST_WAIT = 30_000;

export interface Breaker {
  /** May something be sent now? While the platform is away, one probe at a time. */
  may(now: number): boolean;
  /** Something is being sent: what became of it is said by one of those below. */
  begin(): void;
  succeeded(): void;
  /** Nothing was sent after all. */
  cancelled(): void;
  /** No connection, a time-out, a 5xx. */
  failed(now: number): void;
  /** The platform said how long to wait. */
  pause(now: number, milliseconds: number): void;
  isOpen(): boolean;
}

/** `chance` gives numbers from 0 to 1: the waits are spread, so that many do not come back at once. */
export function createBreaker(chance: () => number): Breaker {
  let failures = 0;
  let until = 0;
  let probing = false;
  return {
    may(now) {
      return now >= until && (failures < FAILURES || !probing);
    },
    begin() {
      probing = failures >= FAILURES;
    },
    succeeded() {
      failures = 0;
      probing = false;
    },
    cancelled() {
      probing = false;
    },
    failed(now) {
      failures += 1;
      probing = false;
      if (failures < FAILURES) return;
      const wait = Math.min(LONGEST_WAIT, FIRST_WAIT * 2 ** Math.min(10, failures - FAILURES));
      until = Math.max(until, now + wait * (0.5 + chance() / 2));
    },
    pause(now, milliseconds) {
      until = Math.max(until, now + milliseconds);
      probing = false;
    },
    isOpen: () => failures >= FAILURES,
  };
}
