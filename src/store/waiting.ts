import type { Lane } from './port.ts';

/** A row that is not yet said: `lease` is set while it is being sent. */
export interface Waiting {
  readonly id: number;
  readonly lane: Lane;
  /** Where it is to be said: the address, or the destination where there is none. */
  readonly address: string;
  readonly due: number;
  readonly lease: number | null;
  /** It may have been said already. */
  readonly unsure: boolean;
}

const ORDER: Readonly<Record<Lane, number>> = { page: 0, answer: 1, card: 2, digest: 3 };

/**
 * The rows that wait, in memory: one queue for each address and lane, in the order of the ids. Only the first of a queue
 * can be sent; the rows behind it wait for it, also while it is being sent or put off.
 */
export function createQueues() {
  const queues = new Map<string, Waiting[]>();
  const queueOf = new Map<number, string>();

  function remove(id: number): void {
    const name = queueOf.get(id);
    const queue = name === undefined ? undefined : queues.get(name);
    if (name === undefined || !queue) return;
    queueOf.delete(id);
    if (queue[0]?.id === id) queue.shift();
    else queue.splice(placeOf(queue, id), 1);
    if (queue.length === 0) queues.delete(name);
  }

  return {
    /** Adds a row, or changes the one with its id. */
    put(row: Waiting): void {
      const name = `${row.lane} ${row.address}`;
      const queue = queues.get(name) ?? [];
      const place = placeOf(queue, row.id);
      queue.splice(place, queue[place]?.id === row.id ? 1 : 0, row);
      queues.set(name, queue);
      queueOf.set(row.id, name);
    },
    remove,
    /** The rows to send now: of each queue the first if it is due, the most urgent lanes before others. */
    due(now: number, limit: number, may: (row: Waiting) => boolean = () => true): readonly Waiting[] {
      const heads: Waiting[] = [];
      for (const [head] of queues.values()) if (head && head.lease === null && head.due <= now) heads.push(head);
      heads.sort((left, right) => ORDER[left.lane] - ORDER[right.lane] || left.id - right.id);
      const chosen: Waiting[] = [];
      for (const head of heads) {
        if (chosen.length >= limit) break;
        if (may(head)) chosen.push(head);
      }
      return chosen;
    },
    /** The rows whose sender has not said in time what became of them. */
    abandoned(now: number): readonly Waiting[] {
      const heads: Waiting[] = [];
      for (const [head] of queues.values()) if (head?.lease != null && head.lease < now) heads.push(head);
      return heads;
    },
    /** The ids that wait behind this one. */
    behind(id: number): readonly number[] {
      const queue = queues.get(queueOf.get(id) ?? '') ?? [];
      return queue.filter((row) => row.id > id).map((row) => row.id);
    },
  };
}

/** Where `id` stands or belongs; the newest row comes last, and the first one is asked for most. */
function placeOf(queue: readonly Waiting[], id: number): number {
  if (id > (queue.at(-1)?.id ?? 0)) return queue.length;
  let low = 0;
  let high = queue.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((queue[middle]?.id ?? 0) < id) low = middle + 1;
    else high = middle;
  }
  return low;
}
