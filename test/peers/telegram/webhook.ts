import { request } from 'node:http';
import type { Update } from 'grammy/types';

/** Posts updates to the bot's webhook: a chat's messages one after the other, and each again until a 2xx comes. */

interface WebhookState {
  readonly url: string;
  readonly secret: string | undefined;
  readonly connections: number;
}
interface Delivery {
  readonly updateId: number;
  readonly at: number;
  /** 0: nobody answered. */
  readonly status: number;
}
export interface Webhook {
  info(): WebhookState & { readonly lastError: { readonly at: number; readonly message: string } | undefined };
  set(state: WebhookState): void;
  /** Sends what is pending and not yet under way. */
  offer(pending: readonly Update[]): void;
  /** Sends one once more, whatever became of it. */
  repeat(update: Update): void;
  readonly deliveries: readonly Delivery[];
  close(): void;
}

export interface WebhookOptions {
  readonly now: () => number;
  readonly changed: () => void;
  readonly webhookPause: number;
  readonly done: (update: Update) => void;
}

export function createWebhook(options: WebhookOptions): Webhook {
  const deliveries: Delivery[] = [];
  const underWay = new Map<Update, string>();
  const timers = new Set<NodeJS.Timeout>();
  let pending: readonly Update[] = [];
  let repeats: readonly Update[] = [];
  let state: WebhookState = { url: '', secret: undefined, connections: 40 };
  let lastError: { at: number; message: string } | undefined;
  let closed = false;

  const next = () => {
    for (const update of [...repeats, ...pending]) {
      if (closed || state.url === '' || underWay.size >= state.connections) return;
      const line = lineOf(update);
      if (underWay.has(update) || [...underWay.values()].includes(line)) continue;
      underWay.set(update, line);
      void deliver(update);
    }
  };
  const deliver = async (update: Update) => {
    const { status, why } = await post(state, update);
    deliveries.push({ updateId: update.update_id, at: options.now(), status });
    if (status >= 200 && status < 300) {
      underWay.delete(update);
      pending = pending.filter((other) => other !== update);
      repeats = repeats.filter((other) => other !== update);
      options.done(update);
      return next();
    }
    lastError = { at: options.now(), message: why };
    options.changed();
    if (closed) return;
    const timer = setTimeout(() => {
      timers.delete(timer);
      underWay.delete(update);
      next();
    }, options.webhookPause);
    timers.add(timer);
  };
  return {
    info: () => ({ ...state, lastError }),
    set: (to) => {
      state = to;
      lastError = undefined;
      if (to.url === '') pending = [];
    },
    offer: (updates) => {
      pending = updates;
      next();
    },
    repeat: (update) => {
      repeats = [...repeats, { ...update }];
      next();
    },
    deliveries,
    close: () => {
      closed = true;
      for (const timer of timers) clearTimeout(timer);
    },
  };
}

/** What must stay in order among itself: a chat's messages, a person's presses. Between these there is none. */
function lineOf(update: Update): string {
  const about = update.message ?? update.edited_message ?? update.channel_post ?? update.edited_channel_post;
  if (about !== undefined) return `messages of ${about.chat.id}`;
  if (update.callback_query !== undefined) return `presses of ${update.callback_query.from.id}`;
  if (update.my_chat_member !== undefined) return `the bot in ${update.my_chat_member.chat.id}`;
  const member = update.chat_member?.new_chat_member.user ?? update.chat_join_request?.from;
  return member === undefined ? `update ${update.update_id}` : `membership of ${member.id}`;
}

function post(state: WebhookState, update: Update): Promise<{ readonly status: number; readonly why: string }> {
  const { promise, resolve } = Promise.withResolvers<{ status: number; why: string }>();
  const sent = request(state.url, {
    method: 'POST',
    agent: false,
    headers: {
      'content-type': 'application/json',
      ...(state.secret === undefined ? {} : { 'x-telegram-bot-api-secret-token': state.secret }),
    },
  });
  sent.on('response', (response) => {
    const status = response.statusCode ?? 0;
    response.resume();
    response.on('end', () =>
      resolve({ status, why: `Wrong response from the webhook: ${status} ${response.statusMessage}` }),
    );
    response.on('error', () => resolve({ status: 0, why: 'Connection closed' }));
  });
  sent.on('error', (error) => resolve({ status: 0, why: error.message }));
  sent.end(JSON.stringify(update));
  return promise;
}
