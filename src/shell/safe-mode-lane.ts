import { randomUUID } from 'node:crypto';
import type { Text } from '../core/text.ts';
import type { ChatAdapter, Clock, Platform } from '../ports.ts';
import { readAddress, showAddress } from './address.ts';
import { waitOf } from './carrier.ts';
import type { Log } from './log.ts';

/** Messages past the tables, in memory alone: for the hours in which nothing can be written down. */
export interface SafeLane {
  /**
   * Begins to send it to each address of the first of these rungs. Where none of them takes it, or not in time, it goes to
   * the next, and to no address twice.
   */
  send(rungs: readonly (readonly string[])[], nodes: Text, loud: boolean): void;
  /** Tries what waits and is due. */
  pump(): void;
  /** Resolves when nothing is under way. */
  settled(): Promise<void>;
}

/** What is to be said, and who else may hear of it. */
interface Words {
  readonly nodes: Text;
  readonly loud: boolean;
  readonly rungs: readonly (readonly string[])[];
  readonly told: Set<string>;
  isHeard: boolean;
}

interface Unsent {
  readonly id: string;
  readonly of: Words;
  readonly since: number;
  address: string;
  attempts: number;
  due: number;
  isUnderWay: boolean;
  /** It is tried on, and others hear of it meanwhile. */
  isStuck: boolean;
}

/** What nobody could be told for so long is of no use any more. */
const USE_BY = 24 * 3_600_000;
const MOST_WAITING = 1_000;
/** What a platform has not taken for so long, or so often was away for, goes over another one as well. */
const STUCK_AFTER = 60_000;
const STUCK_WHERE_AWAY = 3;

const platformOf = (address: string): Platform | undefined => readAddress(address)?.platform;

export function createSafeLane(parts: {
  readonly adapters: readonly ChatAdapter[];
  readonly clock: Clock;
  readonly log: Log;
}): SafeLane {
  const { clock, log } = parts;
  const adapters = new Map<Platform, ChatAdapter>(parts.adapters.map((adapter) => [adapter.platform, adapter]));
  const underWay = new Set<Promise<void>>();
  let waiting: Unsent[] = [];

  async function attempt(unsent: Unsent): Promise<'heard' | 'lost' | 'away' | 'again'> {
    const address = readAddress(unsent.address);
    const adapter = address === undefined ? undefined : adapters.get(address.platform);
    if (address === undefined || adapter === undefined) return 'lost';
    // The buttons' commands wait until it is over.
    const nodes = unsent.of.nodes.filter((node) => typeof node === 'string' || node.node !== 'buttons');
    const result = await adapter.send({ id: unsent.id, address, nodes, token: () => '', loud: unsent.of.loud });
    switch (result.is) {
      case 'sent':
        return 'heard';
      case 'refused':
        log.warn('a message of safe mode was refused', { to: unsent.address, why: result.why });
        return 'lost';
      case 'moved':
        unsent.address = showAddress(result.to);
        return 'again';
      default:
        return result.is === 'away' ? 'away' : 'again';
    }
  }

  function follow(unsent: Unsent, came: Awaited<ReturnType<typeof attempt>>): void {
    if (came === 'heard') unsent.of.isHeard = true;
    if (came === 'heard' || came === 'lost') waiting = waiting.filter((each) => each !== unsent);
    else if (came === 'away' && unsent.attempts >= STUCK_WHERE_AWAY) unsent.isStuck = true;
    else if (clock.now() - unsent.since >= STUCK_AFTER) unsent.isStuck = true;
    climb(unsent.of);
  }

  function begin(unsent: Unsent): void {
    unsent.attempts += 1;
    unsent.due = clock.now() + waitOf({ attempts: unsent.attempts });
    unsent.isUnderWay = true;
    const run = attempt(unsent)
      .catch((error: unknown) => {
        log.fault('a message of safe mode could not be sent', error);
        return 'again' as const;
      })
      .then((came) => {
        unsent.isUnderWay = false;
        follow(unsent, came);
      })
      .finally(() => underWay.delete(run));
    underWay.add(run);
  }

  /** Where nobody got it and nobody may get it soon, the next rung hears it, past the platforms that do not take it. */
  function climb(words: Words): void {
    const left = waiting.filter(({ of }) => of === words);
    if (words.isHeard || left.some(({ isStuck }) => !isStuck)) return;
    const away = new Set(left.map(({ address }) => platformOf(address)));
    const isFresh = (address: string): boolean => !words.told.has(address) && !away.has(platformOf(address));
    const next = words.rungs.map((rung) => rung.filter(isFresh)).find((rung) => rung.length > 0) ?? [];
    for (const address of new Set(next)) say(words, address);
    if (next.length === 0 && left.length === 0) log.warn('a message of safe mode reaches nobody');
  }

  function say(words: Words, address: string): void {
    words.told.add(address);
    // The oldest is of least use.
    if (waiting.length >= MOST_WAITING) waiting.shift();
    const since = clock.now();
    const id = `safe-mode:${randomUUID()}`;
    const unsent = { id, of: words, since, address, attempts: 0, due: since, isUnderWay: false, isStuck: false };
    waiting.push(unsent);
    begin(unsent);
  }

  return {
    send: (rungs, nodes, loud) => climb({ nodes, loud, rungs, told: new Set(), isHeard: false }),
    pump() {
      const now = clock.now();
      waiting = waiting.filter(({ since }) => now - since < USE_BY);
      for (const unsent of waiting) if (unsent.due <= now && !unsent.isUnderWay) begin(unsent);
    },
    settled: async () => {
      while (underWay.size > 0) await Promise.all(underWay);
    },
  };
}
