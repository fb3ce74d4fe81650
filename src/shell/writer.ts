import { type Receipt, type Store, TurnFailed, type Work, type WorkResult } from '../store/port.ts';

/** One queue, one writer, turns: whatever waits shares a transaction and its fsync, and nobody waits for a timer to be alone. */

const MOST_IN_A_TURN = 64;
/** So much is decided in a turn that also stores: whoever brought that waits for its confirmation, decisions can wait. */
const DECIDED_BESIDE = 8;
const MOST_WAITING = 10_000;
/** From here on the platforms are asked to come again later; what people are waiting for still gets in. */
const NEARLY_FULL = 5_000;

export interface Writer {
  /** Resolves once the work is on disk. Rejects with `TurnFailed` when its whole turn was not done. */
  submit(work: Work | Receipt): Promise<WorkResult>;
  /** Too much waits: whoever can come again later should. */
  isFull(): boolean;
  /** Resolves when nothing waits any more. */
  drained(): Promise<void>;
}

interface Waiting {
  readonly work: Work | Receipt;
  resolve(result: WorkResult): void;
  reject(error: unknown): void;
}

export function createWriter(store: Store): Writer {
  /** What is only to be stored, and what is to be decided: each in its order, and the first before the second. */
  let stored: Waiting[] = [];
  let queue: Waiting[] = [];
  let running: Promise<void> | undefined;

  function nextTurn(): Waiting[] {
    const first = stored.slice(0, MOST_IN_A_TURN);
    const second = queue.slice(0, first.length === 0 ? MOST_IN_A_TURN : DECIDED_BESIDE);
    stored = stored.slice(first.length);
    queue = queue.slice(second.length);
    return [...first, ...second];
  }

  async function turns(): Promise<void> {
    await new Promise<void>((resolve) => setImmediate(resolve));
    while (stored.length + queue.length > 0) {
      const turn = nextTurn();
      try {
        const results = await store.write(turn.map((each) => each.work));
        turn.forEach((each, at) => {
          const result = results[at];
          if (result === undefined) each.reject(new Error('the store answered fewer works than it was given'));
          else each.resolve(result);
        });
      } catch (error) {
        for (const each of turn) each.reject(error);
      }
      if (stored.length + queue.length > 0) await new Promise<void>((resolve) => setImmediate(resolve));
    }
    running = undefined;
  }

  return {
    submit: (work) =>
      new Promise((resolve, reject) => {
        if (stored.length + queue.length >= MOST_WAITING)
          return reject(new TurnFailed('closed', new Error('the queue is full')));
        ('receive' in work ? stored : queue).push({ work, resolve, reject });
        running ??= turns();
      }),
    isFull: () => stored.length + queue.length >= NEARLY_FULL,
    drained: async () => {
      while (running !== undefined) await running;
    },
  };
}
