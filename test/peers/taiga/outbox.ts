import type { Delivery } from './deliveries.ts';
import type { Row } from './json.ts';
import type { Hook, World } from './world.ts';

/** The way out of the hooks: each call once, in order, unless the test has it otherwise. */

export interface Outbox {
  /** Everything that was to be delivered, whatever became of it. */
  readonly deliveries: readonly Delivery[];
  push(delivery: Delivery): void;
  /** Sends at once, and tells what came of it as the log has it. */
  send(delivery: Delivery): Promise<Row>;
  /** Which of them never arrive. */
  drop(isLost: (delivery: Delivery, index: number) => boolean): void;
  /** Each arrives so many times. */
  repeat(times: number): void;
  hold(): void;
  /** What was held goes out, in the order that the test likes. */
  release(order?: (held: readonly Delivery[]) => readonly Delivery[]): void;
  /** Resolves when nothing is on its way. */
  settled(): Promise<void>;
}

export function createOutbox(world: World): Outbox {
  const deliveries: Delivery[] = [];
  let held: Delivery[] | undefined;
  let isLost: (delivery: Delivery, index: number) => boolean = () => false;
  let times = 1;
  let way: Promise<unknown> = Promise.resolve();

  const send = async (delivery: Delivery): Promise<Row> => {
    const { hook, payload, body, headers } = delivery;
    const log: Row = {
      id: world.nextId('log'),
      webhook: hook.id,
      url: hook.url,
      status: 0,
      request_data: payload,
      request_headers: {
        'X-TAIGA-WEBHOOK-SIGNATURE': headers['x-taiga-webhook-signature'],
        'X-Hub-Signature': headers['x-hub-signature'],
        'Content-Type': 'application/json',
        'Content-Length': headers['content-length'],
      },
      response_data: '',
      response_headers: {},
      duration: 0,
      created: world.stamp(),
    };
    try {
      const { 'content-length': _, ...sent } = headers;
      const response = await fetch(hook.url, { method: 'POST', headers: sent, body: new Uint8Array(body) });
      log.status = response.status;
      log.response_data = JSON.stringify({ content: await response.text() });
      log.response_headers = Object.fromEntries(response.headers);
    } catch {
      log.response_data = 'error-in-request';
    }
    keep(hook, log);
    return log;
  };
  const go = (delivery: Delivery): void => {
    for (let time = 0; time < times; time += 1) way = way.then(() => send(delivery));
  };
  return {
    deliveries,
    push: (delivery) => {
      deliveries.push(delivery);
      if (isLost(delivery, deliveries.length - 1)) return;
      if (held === undefined) go(delivery);
      else held.push(delivery);
    },
    send: async (delivery) => {
      deliveries.push(delivery);
      await way;
      return send(delivery);
    },
    drop: (which) => {
      isLost = which;
    },
    repeat: (given) => {
      times = given;
    },
    hold: () => {
      held ??= [];
    },
    release: (order = (all) => all) => {
      const all = held ?? [];
      held = undefined;
      for (const delivery of order(all)) go(delivery);
    },
    settled: async () => {
      let last: unknown;
      while (last !== way) {
        last = way;
        await way;
      }
    },
  };
}

/** The last ten of each hook. */
function keep(hook: Hook, log: Row): void {
  hook.logs.push(log);
  if (hook.logs.length > 10) hook.logs.shift();
}
