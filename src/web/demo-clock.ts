import type { Clock } from '../ports.ts';
import type { Engine } from '../shell/engine.ts';

/** Under this name the store keeps how far the demonstration's clock is ahead of the machine's. */
export const OFFSET = 'demo.offset';

/** A timer that is still due after so many firings is broken; the clock goes on without it. */
const MOST_TRIES = 3;

/** The demonstration's clock: real time plus an offset that only grows. */
export interface DemoClock extends Clock {
  /** Holds the clock at an instant, for what is played before the demonstration begins. */
  hold(at: number): void;
  /** Steps through everything that falls due on the way, each at its own instant. False when that moment has passed. */
  moveTo(engine: Engine, target: number): Promise<boolean>;
  isMoving(): boolean;
}

/** A clock that runs `offset` milliseconds ahead of the machine's. */
export function createDemoClock(machine: Clock, start = 0): DemoClock {
  let offset = start;
  let held: number | undefined;
  let moving = false;
  const now = (): number => held ?? machine.now() + offset;

  async function stepThrough(engine: Engine, target: number): Promise<void> {
    let last = '';
    let tries = 0;
    for (let due = engine.nextDue(); due !== undefined && due <= target; due = engine.nextDue()) {
      held = Math.max(now(), due);
      await engine.fireDue();
      const next = engine.store.nextTimer()?.key ?? '';
      tries = next === last && engine.nextDue() === due ? tries + 1 : 0;
      last = next;
      if (tries >= MOST_TRIES) return;
    }
  }

  return {
    now,
    hold: (at) => {
      held = at;
    },
    isMoving: () => moving,
    moveTo: async (engine, target) => {
      if (moving || target < now()) return false;
      moving = true;
      held = now();
      try {
        await stepThrough(engine, target);
        offset = target - machine.now();
        await engine.store.setMeta(OFFSET, String(offset));
      } finally {
        held = undefined;
        moving = false;
      }
      return true;
    },
  };
}
