import { type Receipt, type Store, TurnFailed, type Work, type WorkResult } from '../store/port.ts';

/** One queue, one writer, turns: whatever waits shares a transaction and its fsync, and nobody waits for a timer to be alone. */

const MOST_IN_A_TURN = 64;
/** So much is decided in a turn that also stores: whoever brought that waits for its confirmation, decisions can wait. */
const DECIDED_BESIDE = 8;
const MOST_WAITING = 10_000;
/** From here on the platforms are asked to come again later; what people are waiting for still gets in. */
const NEARLY_FULL = 5_000;

export interface Writer {
  /** Resolves once the work is on disk; what is urgent goes before all that waits. Rejects with `TurnFailed` when its whole turn was not done. */
  submit(work: Work | Receipt, isUrgent?: boolean): Promise<WorkResult>;
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
  /** Timers, what the shell itself notes, and what OPS says: when everybody shouts, pages still go out and somebody can still act. */
  let urgent: Waiting[] = [];
  let running: Promise<void> | undefined;

  function nextTurn(): Waiting[] {
    const ahead = urgent.slice(0, MOST_IN_A_TURN);
    const room = MOST_IN_A_TURN - ahead.length;
    const first = stored.slice(0, room);
    const second = queue.slice(0, first.length === 0 ? room : DECIDED_BESIDE);
    urgent = urgent.slice(ahead.length);
    stored = stored.slice(first.length);
    queue = queue.slice(second.length);
    return [...ahead, ...first, ...second];
  }

  const waiting = (): number => urgent.length + stored.length + queue.length;
  const laneOf = (work: Work | Receipt, isUrgent: boolean): Waiting[] => {
    if ('receive' in work) return stored;
    return isUrgent ? urgent : queue;
  };

  async function turns(): Promise<void> {
    await new Promise<void>((resolve) => setImmediate(resolve));
    while (waiting() > 0) {
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
      if (waiting() > 0) await new Promise<void>((resolve) => setImmediate(resolve));
    }
    running = undefined;
  }

  return {
    submit: (work, isUrgent = false) =>
      new Promise((resolve, reject) => {
        if (waiting() >= MOST_WAITING) return reject(new TurnFailed('closed', new Error('the queue is full')));
        laneOf(work, isUrgent).push({ work, resolve, reject });
        running ??= turns();
      }),
    isFull: () => waiting() >= NEARLY_FULL,
    drained: async () => {
      while (running !== undefined) await running;
    },
  };
}
