import { type Receipt, type Store, TurnFailed, type Work, type WorkResult } from '../store/port.ts';

/** One queue, one writer, turns: whatever waits shares a transaction and its fsync, and nobody waits for a timer to be alone. */

const MOST_IN_A_TURN = 64;
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
  let queue: Waiting[] = [];
  let running: Promise<void> | undefined;

  async function turns(): Promise<void> {
    await new Promise<void>((resolve) => setImmediate(resolve));
    while (queue.length > 0) {
      const turn = queue.slice(0, MOST_IN_A_TURN);
      queue = queue.slice(turn.length);
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
      if (queue.length > 0) await new Promise<void>((resolve) => setImmediate(resolve));
    }
    running = undefined;
  }

  return {
    submit: (work) =>
      new Promise((resolve, reject) => {
        if (queue.length >= MOST_WAITING) return reject(new TurnFailed('closed', new Error('the queue is full')));
        queue.push({ work, resolve, reject });
        running ??= turns();
      }),
    isFull: () => queue.length >= NEARLY_FULL,
    drained: async () => {
      while (running !== undefined) await running;
    },
  };
}
