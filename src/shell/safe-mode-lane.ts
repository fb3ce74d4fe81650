import { randomUUID } from 'node:crypto';
import type { Text } from '../core/text.ts';
import type { ChatAdapter, Clock, Platform } from '../ports.ts';
import { readAddress, showAddress } from './address.ts';
import { waitOf } from './carrier.ts';
import type { Log } from './log.ts';

/** Messages past the tables, in memory alone: for the hours in which nothing can be written down. */
export interface SafeLane {
  /** Begins to send it to each of these addresses; what does not get through is tried again. */
  send(addresses: readonly string[], nodes: Text, loud: boolean): void;
  /** Tries what waits and is due. */
  pump(): void;
  /** Resolves when nothing is under way. */
  settled(): Promise<void>;
}

interface Unsent {
  readonly id: string;
  readonly nodes: Text;
  readonly loud: boolean;
  readonly since: number;
  address: string;
  attempts: number;
  due: number;
}

/** What nobody could be told for so long is of no use any more. */
const USE_BY = 24 * 3_600_000;
const MOST_WAITING = 1_000;

export function createSafeLane(parts: {
  readonly adapters: readonly ChatAdapter[];
  readonly clock: Clock;
  readonly log: Log;
}): SafeLane {
  const { clock, log } = parts;
  const adapters = new Map<Platform, ChatAdapter>(parts.adapters.map((adapter) => [adapter.platform, adapter]));
  const underWay = new Set<Promise<void>>();
  let waiting: Unsent[] = [];

  /** True: nothing more is to be done about it. */
  async function attempt(unsent: Unsent): Promise<boolean> {
    const address = readAddress(unsent.address);
    const adapter = address === undefined ? undefined : adapters.get(address.platform);
    if (address === undefined || adapter === undefined) return true;
    // The buttons' commands wait until it is over.
    const nodes = unsent.nodes.filter((node) => typeof node === 'string' || node.node !== 'buttons');
    const result = await adapter.send({ id: unsent.id, address, nodes, token: () => '', loud: unsent.loud });
    switch (result.is) {
      case 'sent':
        return true;
      case 'refused':
        log.warn('a message of safe mode was refused', { to: unsent.address, why: result.why });
        return true;
      case 'moved':
        unsent.address = showAddress(result.to);
        return false;
      default:
        return false;
    }
  }

  function begin(unsent: Unsent): void {
    unsent.attempts += 1;
    unsent.due = clock.now() + waitOf({ attempts: unsent.attempts });
    const run = attempt(unsent)
      .catch((error: unknown) => {
        log.fault('a message of safe mode could not be sent', error);
        return false;
      })
      .then((isDone) => {
        if (isDone) waiting = waiting.filter((each) => each !== unsent);
      })
      .finally(() => underWay.delete(run));
    underWay.add(run);
  }

  return {
    send(addresses, nodes, loud) {
      for (const address of new Set(addresses)) {
        if (waiting.length >= MOST_WAITING) return;
        const since = clock.now();
        const unsent = { id: `safe-mode:${randomUUID()}`, nodes, loud, since, address, attempts: 0, due: since };
        waiting.push(unsent);
        begin(unsent);
      }
    },
    pump() {
      const now = clock.now();
      waiting = waiting.filter(({ since }) => now - since < USE_BY);
      for (const unsent of waiting) if (unsent.due <= now) begin(unsent);
    },
    settled: async () => {
      while (underWay.size > 0) await Promise.all(underWay);
    },
  };
}
