import { createHmac, randomUUID } from 'node:crypto';
import type { Json } from './show.ts';
import { iso, type World } from './world.ts';

/** Webhooks: signed, sent once, and never again by themselves. */

export interface Delivery {
  readonly id: number;
  readonly guid: string;
  readonly event: string;
  readonly action: string | undefined;
  readonly payload: Json;
  readonly body: string;
  readonly at: number;
  /** What the bot answered; 0: it was not reached. Null: it waits to be sent. */
  status: number | null;
}
/** What becomes of a delivery: sent, lost on its way, or kept back until `release`. */
type Fate = 'send' | 'drop' | 'hold' | 'double';

export interface Hooks {
  readonly deliveries: readonly Delivery[];
  url: string | undefined;
  plan: (delivery: Delivery) => Fate;
  send(event: string, payload: Json): Delivery;
  redeliver(delivery: Delivery): Promise<number>;
  /** Sends what was kept back, in this order. */
  release(order?: (held: readonly Delivery[]) => readonly Delivery[]): Promise<void>;
  /** Resolves once nothing is on its way. */
  settled(): Promise<void>;
  signed(body: string, headers?: Readonly<Record<string, string>>): Promise<number>;
  sign(body: string): string;
}

export function createHooks(world: World, secret: string): Hooks {
  const deliveries: Delivery[] = [];
  const held: Delivery[] = [];
  const underWay = new Set<Promise<unknown>>();
  const sign = (body: string): string => `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`;

  const post = async (body: string, headers: Readonly<Record<string, string>>): Promise<number> => {
    if (hooks.url === undefined) return 0;
    try {
      const answer = await fetch(hooks.url, { method: 'POST', body, headers });
      await answer.text();
      return answer.status;
    } catch {
      return 0;
    }
  };
  const headersOf = (delivery: Pick<Delivery, 'guid' | 'event' | 'body'>) => ({
    'content-type': 'application/json',
    'user-agent': 'GitHub-Hookshot/peer',
    'x-github-event': delivery.event,
    'x-github-delivery': delivery.guid,
    'x-hub-signature-256': sign(delivery.body),
  });
  const bring = async (delivery: Delivery): Promise<number> => {
    const work = post(delivery.body, headersOf(delivery)).then((status) => {
      delivery.status = status;
      world.changes.emit('change');
      return status;
    });
    underWay.add(work);
    work.finally(() => underWay.delete(work));
    return work;
  };

  const hooks: Hooks = {
    deliveries,
    url: undefined,
    plan: () => 'send',
    sign,
    send: (event, payload) => {
      const action = typeof payload.action === 'string' ? payload.action : undefined;
      const delivery: Delivery = {
        id: world.id(),
        guid: randomUUID(),
        event,
        action,
        payload,
        body: JSON.stringify(payload),
        at: world.now(),
        status: null,
      };
      deliveries.push(delivery);
      const fate = hooks.plan(delivery);
      if (fate === 'hold') held.push(delivery);
      else if (fate === 'drop') delivery.status = 502;
      else void bring(delivery).then(() => (fate === 'double' ? bring(delivery) : undefined));
      return delivery;
    },
    redeliver: bring,
    release: async (order = (all) => all) => {
      for (const delivery of order(held.splice(0))) await bring(delivery);
    },
    settled: async () => {
      while (underWay.size > 0) await Promise.all(underWay);
    },
    signed: (body, headers = {}) =>
      post(body, { ...headersOf({ guid: randomUUID(), event: 'issues', body }), ...headers }),
  };
  return hooks;
}

export const showDelivery = (delivery: Delivery): Json => ({
  id: delivery.id,
  guid: delivery.guid,
  delivered_at: iso(delivery.at),
  redelivery: false,
  duration: 0.1,
  status: delivery.status !== null && delivery.status >= 200 && delivery.status < 300 ? 'OK' : 'failed',
  status_code: delivery.status ?? 0,
  event: delivery.event,
  action: delivery.action ?? null,
  installation_id: null,
  repository_id: null,
});

export const isFailed = ({ status }: Delivery): boolean => status !== null && (status < 200 || status >= 400);
