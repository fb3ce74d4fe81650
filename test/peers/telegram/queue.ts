import type { Update } from 'grammy/types';
import { type Params, readArray, readInteger } from './arguments.ts';
import { conflict, type Refusal } from './refusal.ts';
import { createWebhook, type Webhook } from './webhook.ts';

/** The queue of updates: the long poll with its offsets, and what is sent twice or out of order. */

export type Kind = Exclude<keyof Update, 'update_id'>;

/** How long an update waits to be fetched: a pressed button not even three minutes. */
const LIFE = 24 * 3_600_000;
const LIFE_PRESSED = 150_000;

/** What is left out unless it is asked for. */
const NOT_BY_DEFAULT: readonly string[] = ['chat_member', 'message_reaction', 'message_reaction_count'];

export interface Queue {
  readonly webhook: Webhook;
  /** Every update that was made, also those that are long confirmed. */
  readonly made: readonly Update[];
  /** Made and not yet confirmed. */
  pending(): readonly Update[];
  /** Makes an update; undefined where the bot does not want this kind. */
  push<K extends Kind>(kind: K, value: NonNullable<Update[K]>): Update | undefined;
  poll(params: Params, signal: AbortSignal): Promise<readonly Update[]>;
  allow(params: Params): void;
  allowed(): readonly string[] | undefined;
  redeliver(updateId: number): void;
  /** Keeps back what is made from now on; `release` lets it go, in the order of the function. */
  hold(): void;
  release(order?: (updates: readonly Update[]) => readonly Update[]): void;
  /** Sets the id of the next update: after a quiet week it may be anything. */
  jump(updateId: number): void;
  drop(): void;
  /** A webhook was set: a poll that waits is refused, and what is pending goes there. */
  toWebhook(): void;
  close(): void;
}

export interface QueueOptions {
  readonly now: () => number;
  readonly changed: () => void;
  readonly conflictPause: number;
  readonly webhookPause: number;
}

interface Waiting {
  readonly offset: number;
  readonly limit: number;
  answer(updates: readonly Update[]): void;
  refuse(refusal: Refusal): void;
}

export function createQueue(options: QueueOptions): Queue {
  const made: Update[] = [];
  let next = 700_000_001;
  let pending: Update[] = [];
  let again: Update[] = [];
  let held: Update[] | undefined;
  let kinds: readonly string[] | undefined;
  let waiting: Waiting | undefined;
  let waking = false;
  let calmAt = 0;
  const timers = new Set<NodeJS.Timeout>();
  const born = new WeakMap<Update, number>();

  const expire = () => {
    const now = options.now();
    const lives = (update: Update) =>
      now - (born.get(update) ?? now) < (update.callback_query === undefined ? LIFE : LIFE_PRESSED);
    pending = pending.filter(lives);
  };

  const take = (offset: number, limit: number): readonly Update[] => {
    expire();
    if (offset < 0) pending = pending.slice(offset);
    // An offset far in the future confirms nothing: the ids may begin anywhere after a quiet week.
    else if (offset <= next + 10) pending = pending.filter(({ update_id }) => update_id >= offset);
    const taken = [...again, ...pending].slice(0, limit);
    again = again.slice(limit);
    return taken;
  };
  const wake = () => {
    if (waking) return;
    waking = true;
    // Later, so that what happens at once comes in one answer.
    setImmediate(() => {
      waking = false;
      expire();
      if (webhook.info().url !== '') return webhook.offer(pending);
      if (waiting === undefined || again.length + pending.length === 0) return;
      const { offset, limit, answer } = waiting;
      const taken = take(offset, limit);
      if (taken.length > 0) answer(taken);
    });
  };
  const webhook = createWebhook({
    ...options,
    done: (update) => {
      pending = pending.filter((other) => other !== update);
      options.changed();
    },
  });
  const refuseWaiting = (why: string) => {
    const poll = waiting;
    if (poll === undefined) return;
    waiting = undefined;
    const now = options.now();
    if (now >= calmAt) {
      calmAt = now + options.conflictPause;
      return poll.refuse(conflict(why));
    }
    // Two pollers would else drive each other round as fast as the machine can.
    const timer = setTimeout(() => {
      timers.delete(timer);
      poll.refuse(conflict(why));
    }, options.conflictPause);
    timers.add(timer);
  };
  const allow = (params: Params) => {
    const list = readArray(params, 'allowed_updates');
    if (list !== undefined) kinds = list.length === 0 ? undefined : list.map(String);
  };
  const wants = (kind: string) => kinds?.includes(kind) ?? !NOT_BY_DEFAULT.includes(kind);

  return {
    webhook,
    made,
    pending: () => pending,
    push: (kind, value) => {
      if (!wants(kind)) return undefined;
      const update: Update = { update_id: next++, [kind]: value };
      born.set(update, options.now());
      made.push(update);
      (held ?? pending).push(update);
      options.changed();
      wake();
      return update;
    },
    poll: (params, signal) => {
      if (webhook.info().url !== '') {
        const why =
          "can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first";
        return Promise.reject(conflict(why));
      }
      const offset = readInteger(params, 'offset') ?? 0;
      const limit = Math.min(100, Math.max(1, readInteger(params, 'limit') ?? 100));
      const timeout = Math.min(50, Math.max(0, readInteger(params, 'timeout') ?? 0));
      allow(params);
      refuseWaiting('terminated by other getUpdates request; make sure that only one bot instance is running');
      const taken = take(offset, limit);
      options.changed();
      if (taken.length > 0 || timeout === 0 || signal.aborted) return Promise.resolve(taken);
      const { promise, resolve, reject } = Promise.withResolvers<readonly Update[]>();
      const poll: Waiting = { offset: Math.max(offset, 0), limit, answer: resolve, refuse: reject };
      waiting = poll;
      const timer = setTimeout(() => resolve([]), timeout * 1000);
      timers.add(timer);
      signal.addEventListener('abort', () => resolve([]), { once: true });
      const over = () => {
        clearTimeout(timer);
        timers.delete(timer);
        if (waiting === poll) waiting = undefined;
      };
      return promise.finally(over);
    },
    allow,
    allowed: () => kinds,
    redeliver: (updateId) => {
      const update = made.find(({ update_id }) => update_id === updateId);
      if (update === undefined) throw new Error(`there never was an update ${updateId}`);
      if (webhook.info().url === '') again.push(update);
      else webhook.repeat(update);
      wake();
    },
    hold: () => {
      held ??= [];
    },
    release: (order = (updates) => updates) => {
      pending.push(...order(held ?? []));
      held = undefined;
      wake();
    },
    jump: (updateId) => {
      next = updateId;
    },
    drop: () => {
      pending = [];
    },
    toWebhook: () => {
      refuseWaiting('terminated by setWebhook request');
      options.changed();
      wake();
    },
    close: () => {
      webhook.close();
      for (const timer of timers) clearTimeout(timer);
      waiting?.answer([]);
    },
  };
}
