import { Api } from 'grammy';
import type { AdapterLog, ChatAdapter, Clock, Intake, Sent } from '../../src/ports.ts';
import { createConnection } from './connection.ts';
import { createEphemeral, type Memory } from './ephemeral.ts';
import { createIdentity } from './identity.ts';
import { readUpdate } from './inbound.ts';
import { createSender } from './outbound.ts';
import { poll } from './polling.ts';
import { checkToken, letIn, makeLink, pinMessage, removeMessage, setMenu } from './setup.ts';
import { createHook, register, WEBHOOK_PATH } from './webhook.ts';

/** Telegram, behind the port that the shell knows. */

export interface TelegramOptions {
  readonly token: string;
  /** Another Bot API server than Telegram's own. */
  readonly apiRoot?: string | undefined;
  /** Telegram calls us, instead of our asking. */
  readonly webhookSecret?: string | undefined;
  /** Accepted beside it, while it is replaced. */
  readonly oldWebhookSecret?: string | undefined;
  readonly publicUrl?: string | undefined;
  readonly clock: Clock;
  readonly log: AdapterLog;
  /** Keeps over a restart what was found out about the platform. */
  readonly memory?: Memory | undefined;
  /** How waiting is done; simulations have a time of their own. Resolves early when the signal comes. */
  readonly pause?: (milliseconds: number, signal: AbortSignal) => Promise<void>;
}

/** Longer than a long poll takes; shorter than half-open connections live. */
const POLL_TIMEOUT = 45;
const CALL_TIMEOUT = 15;
/** Far more than a hundred updates take; an answer without an end is cut off here. */
const MOST_BYTES = 16_000_000;

const PACE = { perChat: 1_000, perMessage: 1_000, perGroupMinute: 20, perSecond: 30 } as const;

/** Makes the adapter; nothing is called before `start`, `check` or the first message. */
export function createTelegram(options: TelegramOptions): ChatAdapter {
  const { token, webhookSecret: secret, publicUrl } = options;
  const log = withoutToken(options.log, token);
  const apiRoot = options.apiRoot?.replace(/\/+$/, '');
  const client = (timeoutSeconds: number): Api =>
    new Api(token, {
      timeoutSeconds,
      baseFetchConfig: { size: MOST_BYTES },
      ...(apiRoot === undefined ? {} : { apiRoot }),
    });
  const api = client(CALL_TIMEOUT);
  const ending = new AbortController();
  const { signal } = ending;
  const pause = (milliseconds: number): Promise<void> => (options.pause ?? rest)(milliseconds, signal);
  const identity = createIdentity(token, api, signal);
  const connection = createConnection(log, pause);
  const underWay = new Set<Promise<unknown>>();
  let intake: Intake | undefined;

  const track = <T>(work: Promise<T>): Promise<T> => {
    underWay.add(work);
    const done = (): void => void underWay.delete(work);
    work.then(done, done);
    return work;
  };
  const go = (work: Promise<unknown>): void => void track(work);
  const later = (milliseconds: number, work: () => Promise<void>): void => {
    void pause(milliseconds).then(() => (signal.aborted ? undefined : track(work())));
  };
  const name = `ephemeral.${identity.id}${apiRoot === undefined ? '' : ` ${apiRoot}`}`;
  const ephemeral = createEphemeral({ api, log, clock: options.clock, memory: options.memory, name });
  const sender = createSender({ api, ephemeral, username: identity.username, pause, later, go });
  const hook =
    secret === undefined
      ? undefined
      : createHook({ secret, old: options.oldWebhookSecret, identity, log, intake: () => intake });

  return {
    platform: 'telegram',
    pace: PACE,
    start: (given) => {
      intake = given;
      const shared = { identity, connection, clock: options.clock, log, signal };
      const loop =
        secret === undefined
          ? poll(given, { ...shared, pause, api: client(POLL_TIMEOUT) })
          : register({ ...shared, api, secret, publicUrl, pause });
      void track(loop);
    },
    stop: async () => {
      intake = undefined;
      ending.abort();
      await Promise.allSettled(underWay);
    },
    state: connection.state,
    read: (body) => readUpdate(body, identity.reader()),
    send: (message): Promise<Sent> => track(sender.send(message)),
    edit: (id, message): Promise<Sent> => track(sender.edit(id, message)),
    // Bots can't look into a chat's past.
    find: async () => undefined,
    ...(hook === undefined ? {} : { webhook: { path: WEBHOOK_PATH, handle: (request) => track(hook(request)) } }),
    check: () => checkToken(api),
    menu: (entries, address) => setMenu(api, entries, address),
    inviteLink: (address, until, name) => makeLink(api, log, address, until, name),
    remove: (message) => track(removeMessage(api, message)),
    pin: (id, yes) => track(pinMessage(api, id, yes)),
    admit: (address, account, yes) => letIn(api, address, account, yes),
  };
}

/** Waits, keeps nothing alive meanwhile, and is over at once when the signal comes. */
function rest(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, milliseconds).unref();
    if (signal.aborted) done();
    else signal.addEventListener('abort', done);
  });
}

/** The token is in the address of every call, so whatever is logged goes through here. */
function withoutToken(log: AdapterLog, token: string): AdapterLog {
  const hidden = (text: string): string => (token === '' ? text : text.replaceAll(token, '[token]'));
  const details = (given?: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> | undefined =>
    given === undefined
      ? undefined
      : Object.fromEntries(
          Object.entries(given).map(([name, value]) => [name, typeof value === 'string' ? hidden(value) : value]),
        );
  return {
    info: (message, given) => log.info(hidden(message), details(given)),
    warn: (message, given) => log.warn(hidden(message), details(given)),
    fault: (message, error) => log.fault(hidden(message), error),
  };
}
