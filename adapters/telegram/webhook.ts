import { createHash, timingSafeEqual } from 'node:crypto';
import type { Api } from 'grammy';
import type { AdapterLog, Intake, WebhookRequest, WebhookResponse } from '../../src/ports.ts';
import type { Connection } from './connection.ts';
import { failureOf } from './errors.ts';
import type { Identity } from './identity.ts';
import { needsName } from './inbound.ts';
import { ALLOWED_UPDATES, Numbered } from './schema.ts';

/** The other way in: Telegram calls us. A call is confirmed once what it brings is on disk. */

export const WEBHOOK_PATH = '/webhooks/telegram';
const HEADER = 'x-telegram-bot-api-secret-token';

export interface HookOptions {
  readonly secret: string;
  /** Accepted as well: what was on its way while Telegram was told the new one. */
  readonly old?: string | undefined;
  readonly identity: Identity;
  readonly log: AdapterLog;
  /** Undefined while nothing is taken in. */
  intake(): Intake | undefined;
}

/** Answers one call. */
export function createHook({ secret, old, identity, intake, log }: HookOptions) {
  const wanted = [secret, ...(old === undefined ? [] : [old])].map(digest);
  return async ({ headers, body }: WebhookRequest): Promise<WebhookResponse> => {
    const given = headers[HEADER];
    if (typeof given !== 'string' || !wanted.some((each) => timingSafeEqual(digest(given), each)))
      return answer(401, 'the secret is wrong');
    const update = Numbered.safeParse(parse(body));
    if (!update.success) return answer(400, 'this is no update');
    const to = intake();
    // Whether `/status@name` is meant for us shows only once our own name is known; Telegram comes again with it.
    if (to === undefined || (identity.username() === undefined && needsName(update.data)))
      return answer(503, 'not ready');
    const { update_id: id } = update.data;
    try {
      const stored = await to.receive([{ id: identity.inboxId(id), body: identity.stamp(update.data) }]);
      return stored === 'stored' ? { status: 200 } : answer(503, 'too much is waiting');
    } catch (error) {
      return answer(503, `not stored (${log.fault('what came from Telegram could not be stored', error)})`);
    }
  };
}

const answer = (status: number, body: string): WebhookResponse => ({ status, type: 'text/plain', body });

/** Of one length, whatever the length of the text is: the comparison tells nothing about it. */
const digest = (text: string): Buffer => createHash('sha256').update(text).digest();

function parse(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    return undefined;
  }
}

export interface RegistrationOptions {
  readonly api: Api;
  readonly identity: Identity;
  readonly connection: Connection;
  readonly secret: string;
  /** Where the internet finds us; undefined: Telegram has been told by somebody else, or not at all. */
  readonly publicUrl: string | undefined;
  readonly signal: AbortSignal;
  pause(milliseconds: number): Promise<void>;
}

const LOOK_AGAIN = 300_000;

/** Tells Telegram where to call, and looks now and then whether it still does. Never throws. */
export async function register(options: RegistrationOptions): Promise<void> {
  const { identity, connection, publicUrl, signal } = options;
  const url = publicUrl === undefined ? undefined : `${publicUrl.replace(/\/+$/, '')}${WEBHOOK_PATH}`;
  let isFirst = true;
  while (!signal.aborted) {
    try {
      const { username } = await identity.learn();
      const trouble = url === undefined ? MISSING : await ensure(options, url, isFirst);
      isFirst = false;
      connection.recovered();
      connection.tell({
        is: 'connected',
        line: `Telegram: @${username}, webhook${trouble === undefined ? '' : `; ${trouble}`}`,
      });
    } catch (error) {
      if (!signal.aborted) await connection.failed(failureOf(error));
      continue;
    }
    await options.pause(LOOK_AGAIN);
  }
}

const MISSING = `TELEGRAM_WEBHOOK_SECRET needs BATON_URL: set it to our public address, so that Telegram is told to call ${WEBHOOK_PATH}`;

/** Says what Telegram last had trouble with, while something waits there. */
async function ensure(
  { api, secret }: RegistrationOptions,
  url: string,
  isFirst: boolean,
): Promise<string | undefined> {
  const info = isFirst ? undefined : await api.getWebhookInfo();
  // At the start it is set in any case: nobody can ask which secret Telegram has.
  if (info?.url !== url) {
    await api.setWebhook(url, { secret_token: secret, allowed_updates: ALLOWED_UPDATES });
    return undefined;
  }
  const isStuck = info.pending_update_count > 0 && info.last_error_message !== undefined;
  return isStuck ? `Telegram does not reach us: ${info.last_error_message}` : undefined;
}
