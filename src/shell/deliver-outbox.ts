import type { Platform } from '../ports.ts';
import type { OutboxRow } from '../store/port.ts';
import { readAddress } from './address.ts';
import { addressOf, type Carrier, STILL_ON_ITS_WAY } from './carrier.ts';
import { type DeliveryParts, deliverRow } from './send-message.ts';

/**
 * The outbox speaks: in order at each address and lane, several at once, within each platform's limits, at least once. An
 * outage costs no message its tries; only an answer about this very message does.
 */

const AT_ONCE = 64;

export interface Delivery {
  /** Sends what is due and may go; called whenever something may have changed. */
  pump(): void;
  /** Claims nothing more; resolves when nothing is under way. */
  stop(): Promise<void>;
  /** How often a message was sent once more because nobody knew whether it had arrived. */
  repeated(): number;
}

export function createDelivery(
  given: Omit<DeliveryParts, 'onRepeated' | 'allArrivedAt'> & { readonly carriers?: readonly Carrier[] | undefined },
): Delivery {
  const { engine, adapters, pacer, clock } = given;
  const { store } = engine;
  const underWay = new Map<number, Promise<void>>();
  let claiming: Promise<void> | undefined;
  let again = false;
  let stopped = false;
  let repeated = 0;
  const parts: DeliveryParts = {
    ...given,
    allArrivedAt: clock.now() + STILL_ON_ITS_WAY,
    onRepeated: () => {
      repeated += 1;
    },
  };

  const platformOf = (address: string): Platform | undefined => {
    const platform = readAddress(address)?.platform;
    return platform !== undefined && adapters.has(platform) ? platform : undefined;
  };

  const carrierOf = (address: string) => given.carriers?.find((carrier) => carrier.owns(address));

  /** Asked of each row in the order of its urgency: yes takes room of the platform's pace. */
  function may({ id, address }: { readonly id: number; readonly address: string }, now: number): boolean {
    // Its lease ran out and it is still ours: the clock was set, or the process stood still. It is under way all the same.
    if (underWay.has(id)) return false;
    const carrier = carrierOf(address);
    if (carrier !== undefined) return carrier.may(address, now);
    const platform = platformOf(address);
    if (platform === undefined) return true;
    const breaker = parts.breakerOf(platform);
    if (!breaker.may(now) || !pacer.may(address, now)) return false;
    breaker.begin();
    return true;
  }

  async function claim(): Promise<void> {
    do {
      again = false;
      const now = clock.now();
      const rows = await store.claim(now, AT_ONCE - underWay.size, (row) => may(row, now));
      for (const row of rows) begin(row);
      // A row that is done lets the one behind it go.
      if (rows.length > 0) again = true;
    } while (again && !stopped && underWay.size < AT_ONCE);
  }

  function begin(row: OutboxRow): void {
    const run = (carrierOf(addressOf(row))?.deliver(row) ?? deliverRow(parts, row))
      .catch((error: unknown) => {
        // A full disk, say: the lease runs out, and the row is looked for then.
        const platform = platformOf(row.address ?? '');
        if (platform !== undefined) parts.breakerOf(platform).cancelled();
        parts.log.fault('a message could not be delivered', error);
      })
      .finally(() => {
        underWay.delete(row.id);
        pump();
      });
    underWay.set(row.id, run);
  }

  function pump(): void {
    if (stopped) return;
    again = true;
    claiming ??= claim()
      .catch((error: unknown) => {
        // It is tried again at the next occasion, not at once.
        again = false;
        // Rows that were let through were not claimed: no probe is under way that could end.
        for (const platform of adapters.keys()) parts.breakerOf(platform).cancelled();
        parts.log.warn('the outbox could not be read', { why: String(error) });
      })
      .finally(() => {
        claiming = undefined;
        if (again && !stopped && underWay.size < AT_ONCE) setImmediate(pump);
      });
  }

  return {
    pump,
    stop: async () => {
      stopped = true;
      await claiming;
      while (underWay.size > 0) await Promise.all(underWay.values());
    },
    repeated: () => repeated,
  };
}
