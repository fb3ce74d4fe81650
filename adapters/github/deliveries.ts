import { z } from 'zod';
import type { AdapterLog, Clock, ForgeIntake } from '../../src/forge-ports.ts';
import type { Clients } from './clients.ts';
import { isAnswered, Trouble } from './failure.ts';
import { Delivery, DeliveryContent } from './schema.ts';
import { inboxId } from './webhook.ts';

/** GitHub never comes again with what we did not take, but an App may ask what that was. */

export interface SweepParts {
  readonly clients: Clients;
  readonly clock: Clock;
  readonly log: AdapterLog;
  stored(name: string, payload: unknown): void;
}

/** GitHub keeps deliveries for three days. */
const KEPT = 3 * 24 * 3_600_000;
const MOST_PAGES = 20;
const MOST_REMEMBERED = 5_000;

/** Fetches the deliveries that failed and takes them in; throws Trouble. `full`: the rest is for the next time. */
export function createSweep({ clients, clock, log, stored }: SweepParts) {
  const done = new Set<number>();
  const { rest } = clients.root;

  /** One delivery: false where there is no room for it. */
  const take = async ({ id, guid, event }: z.infer<typeof Delivery>, intake: ForgeIntake): Promise<boolean> => {
    try {
      const { data } = await clients.read(DeliveryContent, () => rest.apps.getWebhookDelivery({ delivery_id: id }));
      const { payload } = data.request;
      if ((await intake.receive(inboxId(guid), { name: event, payload })) === 'full') return false;
      stored(event, payload);
    } catch (error) {
      if (!(error instanceof Trouble) || !isAnswered(error.failure, 404, 410)) throw error;
      log.warn('a webhook that failed is not kept by GitHub any more', { event });
    }
    done.add(id);
    return true;
  };

  return async (intake: ForgeIntake): Promise<'done' | 'full'> => {
    let cursor: string | undefined;
    for (let page = 0; page < MOST_PAGES; page += 1) {
      const { data, headers } = await clients.read(z.array(Delivery), () =>
        rest.apps.listWebhookDeliveries({
          status: 'failure',
          per_page: 100,
          ...(cursor === undefined ? {} : { cursor }),
        }),
      );
      for (const delivery of data) {
        const isOld = Date.parse(delivery.delivered_at) < clock.now() - KEPT;
        if (isOld || done.has(delivery.id) || delivery.event === 'ping') continue;
        if (!(await take(delivery, intake))) return 'full';
      }
      cursor = /[?&]cursor=([^&>]+)[^>]*>;\s*rel="next"/.exec(String(headers.link ?? ''))?.[1];
      if (cursor === undefined) break;
      cursor = decodeURIComponent(cursor);
    }
    for (const oldest of done) {
      if (done.size <= MOST_REMEMBERED) break;
      done.delete(oldest);
    }
    return 'done';
  };
}
