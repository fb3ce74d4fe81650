import { tooMany } from './refusal.ts';
import type { Breach, Rates } from './types.ts';
import type { Room } from './world.ts';

/** Counts messages and edits against what the service says it takes. */

export const USUAL: Rates = { perSecond: 30, perChatSecond: 1, burst: 3, perGroupMinute: 20 };

export interface Limiter {
  /** Whether what is too fast is refused, or only counted. */
  enforced: boolean;
  /** Counts one; throws 429 where it is enforced. */
  count(method: string, room: Room): void;
}

export function createLimiter(
  options: { readonly now: () => number; readonly rates: Rates; readonly breaches: Breach[] },
  enforced: boolean,
): Limiter {
  const { now, rates, breaches } = options;
  const everywhere: number[] = [];
  const groups = new Map<number, number[]>();
  const buckets = new Map<number, { left: number; at: number }>();

  /** How long until one more fits into a window, in milliseconds: 0 where it does now. */
  const windowWait = (times: number[], most: number, length: number) => {
    while (times.length > 0 && (times[0] ?? 0) <= now() - length) times.shift();
    return times.length < most ? 0 : (times[times.length - most] ?? 0) + length - now();
  };
  const bucketOf = (chat: number) => {
    const bucket = buckets.get(chat) ?? { left: rates.burst, at: now() };
    bucket.left = Math.min(rates.burst, bucket.left + ((now() - bucket.at) / 1000) * rates.perChatSecond);
    bucket.at = now();
    buckets.set(chat, bucket);
    return bucket;
  };
  const limiter: Limiter = {
    enforced,
    count: (method, room) => {
      const chat = room.chat.id;
      const group = room.chat.type === 'private' ? undefined : (groups.get(chat) ?? []);
      if (group !== undefined) groups.set(chat, group);
      const bucket = bucketOf(chat);
      const waits = {
        chat: bucket.left >= 1 ? 0 : ((1 - bucket.left) / rates.perChatSecond) * 1000,
        group: group === undefined ? 0 : windowWait(group, rates.perGroupMinute, 60_000),
        global: windowWait(everywhere, rates.perSecond, 1000),
      };
      for (const limit of ['chat', 'group', 'global'] as const)
        if (waits[limit] > 0) breaches.push({ limit, chat, method, at: now() });
      const wait = Math.max(...Object.values(waits));
      if (wait > 0 && limiter.enforced) throw tooMany(Math.ceil(wait / 1000));
      everywhere.push(now());
      group?.push(now());
      bucket.left = Math.max(0, bucket.left - 1);
    },
  };
  return limiter;
}
