import { createHmac, createSecretKey, type KeyObject, timingSafeEqual } from 'node:crypto';
import type { AdapterLog, ForgeIntake, ForgeNews, WebhookRequest, WebhookResponse } from '../../src/forge-ports.ts';
import { readCircles } from './inbound.ts';
import { Delivery, Stored, TaigaPayload } from './schema.ts';

/** Taiga calls us, once: what is not on disk by then is found again only by asking. */

export const WEBHOOK_PATH = '/webhooks/circles';
const HEADER = 'x-taiga-webhook-signature';
/** All that stories and issues are told by. The rest is taken and forgotten. */
const OURS = new Set(['userstory', 'issue', 'task']);

export interface WebhookParts {
  readonly secret: string | undefined;
  /** Accepted as well: each project of Taiga has its hook, and they are changed one after the other. */
  readonly old?: string | undefined;
  readonly log: AdapterLog;
  intake(): ForgeIntake | undefined;
  /** The name of our own user there; asked for where it is not known yet. */
  own(): Promise<string | undefined>;
}

export function createWebhook({ secret, old, log, intake, own }: WebhookParts) {
  const keys = [secret, old].flatMap((each) =>
    each === undefined || each === '' ? [] : [createSecretKey(each, 'utf8')],
  );
  return async (request: WebhookRequest): Promise<WebhookResponse> => {
    if (keys.length === 0) return answer(404, 'no webhook is set up: set CIRCLES_WEBHOOK_SECRET');
    if (!keys.some((key) => isSigned(key, request))) return answer(401, 'the signature is missing or wrong');
    const payload = parse(request.body);
    const delivery = Delivery.safeParse(payload);
    if (!delivery.success) return answer(400, 'this is no delivery of Taiga');
    const { type, action, date, data } = delivery.data;
    if (!OURS.has(type)) return { status: 200 };
    if (date === undefined || data.id === undefined) return answer(400, 'this is no delivery of Taiga');
    const to = intake();
    if (to === undefined) return answer(503, 'not ready');
    try {
      const body = { own: (await own()) ?? null, payload };
      const stored = await to.receive(`circles:${type}:${action}:${data.id}:${date}`, body);
      if (stored === 'stored' && !TaigaPayload.safeParse(payload).success)
        log.warn('a webhook of Circles can not be read; it is passed over', {
          event: `${type} ${action}`,
          id: data.id,
        });
      return stored === 'stored' ? { status: 200 } : answer(503, 'too much is waiting');
    } catch (error) {
      return answer(503, `not stored (${log.fault('what came from Circles could not be stored', error)})`);
    }
  };
}

/** What we did ourselves comes back as news of others would: it is none. */
export function readStored(body: unknown, own: string | undefined, closed: readonly string[]): ForgeNews[] {
  const stored = Stored.safeParse(body);
  if (!stored.success) return [];
  const by = stored.data.payload.by?.username;
  if (by !== undefined && by === (stored.data.own ?? own)) return [];
  return readCircles(stored.data.payload, closed).map((of) => ({ news: 'tracker', of }));
}

/** Did this come from somebody who knows the secret, byte for byte? */
function isSigned(key: KeyObject, { headers, body }: WebhookRequest): boolean {
  const given = headers[HEADER];
  if (typeof given !== 'string' || !/^[0-9a-f]{40}$/i.test(given)) return false;
  return timingSafeEqual(Buffer.from(given, 'hex'), createHmac('sha1', key).update(body).digest());
}

const answer = (status: number, body: string): WebhookResponse => ({ status, type: 'text/plain; charset=utf-8', body });

function parse(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    return undefined;
  }
}
