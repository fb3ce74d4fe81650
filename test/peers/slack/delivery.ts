import { setTimeout as wait } from 'node:timers/promises';
import type { Json } from './json.ts';
import type { Attempt, Kind, Retry, Way } from './ways.ts';
import { APP, BOT_USER, TEAM, type World } from './world.ts';

/** Brings things to the bot: events again and again until it takes them, everything else once. */

export interface Delivery {
  readonly kind: Kind;
  /** An event's id; something else's trigger. */
  readonly id: string;
  readonly body: Json;
  readonly tries: {
    readonly at: number;
    readonly retry: Retry | undefined;
    outcome: 'waiting' | 'acked' | (string & {});
  }[];
  state: 'waiting' | 'acked' | 'lost';
}
export interface Courier {
  readonly deliveries: Delivery[];
  /** Tells of an event; the delivery goes on by itself. */
  event(event: Json): Delivery;
  /** Sends the same event once more. */
  again(delivery: Delivery): Promise<Attempt>;
  ask(kind: Kind, id: string, body: Json): Promise<Attempt>;
  stop(): void;
}

/** How long after a failed attempt the next one is made. */
const RETRIES: readonly number[] = [0, 60_000, 300_000];

export function createCourier(world: World, way: () => Way, retryScale: number): Courier {
  const deliveries: Delivery[] = [];
  const stopping = new AbortController();

  const attempt = async (delivery: Delivery, retry: Retry | undefined): Promise<Attempt> => {
    const trial: Delivery['tries'][number] = { at: world.now(), retry, outcome: 'waiting' };
    delivery.tries.push(trial);
    const outcome = await way().push(delivery.kind, delivery.body, retry);
    trial.outcome = outcome.acked ? 'acked' : outcome.reason;
    if (outcome.acked) delivery.state = 'acked';
    if (outcome.acked && delivery.kind === 'events_api' && outcome.payload !== undefined && 'blocks' in outcome.payload)
      world.oddities.push('an event was answered with a message');
    world.changed();
    return outcome;
  };

  const carry = async (delivery: Delivery): Promise<void> => {
    let outcome = await attempt(delivery, undefined);
    for (const [index, pause] of RETRIES.entries()) {
      if (outcome.acked || outcome.noRetry === true) break;
      if (pause > 0)
        await wait(pause * retryScale, undefined, { signal: stopping.signal, ref: false }).catch(() => undefined);
      if (stopping.signal.aborted) return;
      outcome = await attempt(delivery, { num: index + 1, reason: outcome.reason });
    }
    if (delivery.state === 'waiting') delivery.state = 'lost';
    world.changed();
  };

  const note = (kind: Kind, id: string, body: Json): Delivery => {
    const delivery: Delivery = { kind, id, body, tries: [], state: 'waiting' };
    deliveries.push(delivery);
    return delivery;
  };

  return {
    deliveries,
    event: (event) => {
      const id = world.id('Ev');
      const delivery = note('events_api', id, eventBody(world, id, event));
      void carry(delivery);
      return delivery;
    },
    again: (delivery) => attempt(delivery, { num: delivery.tries.length, reason: 'timeout' }),
    ask: async (kind, id, body) => {
      const delivery = note(kind, id, body);
      const outcome = await attempt(delivery, undefined);
      if (!outcome.acked) delivery.state = 'lost';
      return outcome;
    },
    stop: () => stopping.abort(),
  };
}

const eventBody = (world: World, id: string, event: Json): Json => ({
  token: 'verification',
  team_id: TEAM,
  context_team_id: TEAM,
  context_enterprise_id: null,
  api_app_id: APP,
  event,
  type: 'event_callback',
  event_id: id,
  event_time: Math.floor(world.now() / 1000),
  authorizations: [
    { enterprise_id: null, team_id: TEAM, user_id: BOT_USER, is_bot: true, is_enterprise_install: false },
  ],
  is_ext_shared_channel: false,
  event_context: `4-${id}`,
});
