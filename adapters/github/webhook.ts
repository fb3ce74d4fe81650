import { Webhooks } from '@octokit/webhooks';
import type { AdapterLog, ForgeIntake, WebhookRequest, WebhookResponse } from '../../src/forge-ports.ts';

/** GitHub calls us. A call is confirmed once what it brings is on disk; it is read later. */

export interface HookParts {
  readonly secret: string | undefined;
  /** Accepted as well, until nothing that is signed with it is on its way any more. */
  readonly old?: string | undefined;
  readonly log: AdapterLog;
  /** Undefined while nothing is taken in. */
  intake(): ForgeIntake | undefined;
  /** Hears of what was stored. */
  stored(name: string, payload: unknown): void;
}

/** GitHub's name of a delivery is the same however often it comes, and by whichever way. */
export const inboxId = (delivery: string): string => `github:${delivery}`;

const MOST_NAMES = 10_000;

export function createHook({ secret, old, log, intake, stored }: HookParts) {
  const secrets = [secret, old].filter((each) => each !== undefined);
  if (secrets.includes('')) throw new Error('The secret of GitHub’s webhook is not empty.');
  const webhooks = secrets.map((each) => new Webhooks({ secret: each }));
  async function isSigned(body: string, signature: string): Promise<boolean> {
    for (const each of webhooks) if (await each.verify(body, signature)) return true;
    return false;
  }
  /** By signature: under which name a body came. */
  const names = new Map<string, string>();
  return async ({ headers, body }: WebhookRequest): Promise<WebhookResponse> => {
    const signature = headers['x-hub-signature-256'];
    if (typeof signature !== 'string' || !/^sha256=[0-9a-f]{64}$/.test(signature) || body.length === 0)
      return answer(401, 'the signature is missing');
    // In one piece or not at all: bytes that are no UTF-8 give another text, and with it another signature.
    if (!(await isSigned(body.toString('utf8'), signature))) return answer(401, 'the signature is wrong');
    if (!/^application\/json\b/i.test(String(headers['content-type'])))
      return answer(415, 'set the webhook’s content type to application/json');
    const delivery = headers['x-github-delivery'];
    const name = headers['x-github-event'];
    const payload = parse(body);
    if (typeof delivery !== 'string' || !/^[\w-]{1,100}$/.test(delivery)) return answer(400, 'no delivery is named');
    if (typeof name !== 'string' || !/^[a-z_]{1,60}$/.test(name)) return answer(400, 'no event is named');
    if (typeof payload !== 'object' || payload === null) return answer(400, 'this is no event');
    // A greeting: it says that we can be reached, and nothing else.
    if (name === 'ping') return { status: 200 };
    // The name of a delivery is not signed: the same bytes under another one are somebody's replay.
    if ((names.get(signature) ?? delivery) !== delivery) return { status: 202 };
    const to = intake();
    if (to === undefined) return answer(503, 'not ready');
    try {
      if ((await to.receive(inboxId(delivery), { name, payload })) === 'full')
        return answer(503, 'too much is waiting');
      names.set(signature, delivery);
      const [oldest] = names.keys();
      if (oldest !== undefined && names.size > MOST_NAMES) names.delete(oldest);
      stored(name, payload);
      return { status: 202 };
    } catch (error) {
      return answer(503, `not stored (${log.fault('what came from GitHub could not be stored', error)})`);
    }
  };
}

const answer = (status: number, body: string): WebhookResponse => ({ status, type: 'text/plain; charset=utf-8', body });

function parse(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    return undefined;
  }
}
