import type { AdapterLog, ChatAdapter, Clock, Pace } from '../../src/ports.ts';
import { checkSlack } from './check.ts';
import { createClient, createLogger } from './clients.ts';
import { readEvent } from './inbound.ts';
import { createOutbound } from './outbound.ts';
import { createSelf, type Status } from './self.ts';
import type { Socket } from './socket.ts';
import { createSpelling } from './spelling.ts';
import { createWayIn, type WayIn } from './way-in.ts';
import { createWebhook } from './webhook.ts';

export interface SlackOptions {
  readonly botToken: string;
  /** Means Socket Mode. */
  readonly appToken?: string | undefined;
  /** Means signed HTTP, where there is no app token. */
  readonly signingSecret?: string | undefined;
  /** Accepted beside it, while it is replaced. */
  readonly oldSigningSecret?: string | undefined;
  readonly apiUrl?: string | undefined;
  /** The names of all commands, with their aliases: as texts name them, so they can not be typed here. */
  readonly commands?: readonly string[] | undefined;
  readonly clock: Clock;
  readonly log: AdapterLog;
}

/** One message a second in a channel, and edits of one message no faster; calls overall by the tiers of Slack's methods. */
const PACE: Pace = { perChat: 1_000, perMessage: 1_000, perSecond: 20 };

export function createSlack(options: SlackOptions): ChatAdapter {
  const { botToken, appToken, signingSecret, apiUrl, clock, log } = options;
  const logger = createLogger(log);
  const client = createClient(botToken, apiUrl, logger);
  const self = createSelf(client, log);
  const spelling = createSpelling(options.commands);
  const outbound = createOutbound({ client, own: self.known, log, spelling });
  let way: WayIn | undefined;
  let opening: Promise<Socket> | undefined;
  let socket: Socket | undefined;
  let isStopped = false;

  async function openSocket(token: string): Promise<Socket> {
    // Bolt is loaded by those who use it: over signed HTTP it would only cost memory and time.
    const { createSocket } = await import('./socket.ts');
    socket = createSocket({ appToken: token, botToken, apiUrl, logger, log, way: () => way });
    if (!isStopped) socket.start();
    return socket;
  }

  return {
    platform: 'slack',
    pace: PACE,
    start: (intake) => {
      way = createWayIn({ intake, outbound, log, apiUrl, spelling, known: self.known, own: self.ready });
      self.start();
      if (appToken !== undefined) opening = openSocket(appToken);
    },
    stop: async () => {
      isStopped = true;
      const last = way;
      way = undefined;
      // What is under way still gets its acknowledgement, so the socket closes after it.
      await last?.settle();
      await (await opening)?.stop();
      await self.stop();
    },
    state: () => worse(self.status(), appToken === undefined ? self.status() : (socket?.status() ?? STARTING)),
    read: (body) => readEvent(body, self.known()),
    send: outbound.send,
    edit: outbound.edit,
    find: outbound.find,
    pin: outbound.pin,
    check: () =>
      checkSlack({
        bot: client,
        app: appToken === undefined ? undefined : createClient(appToken, apiUrl, logger),
        hasSigningSecret: signingSecret !== undefined,
      }),
    ...(appToken === undefined && signingSecret !== undefined
      ? {
          webhook: {
            path: '/slack/events',
            handle: createWebhook({ signingSecret, old: options.oldSigningSecret, clock, way: () => way }),
          },
        }
      : {}),
  };
}

const STARTING: Status = { is: 'starting', line: 'Slack: opening the socket.' };
const GRAVITY = { refused: 3, away: 2, starting: 1, connected: 0 };

/** The line that tells of the trouble; where there is none, the one that tells how we are connected. */
const worse = (self: Status, way: Status): Status => (GRAVITY[self.is] > GRAVITY[way.is] ? self : way);
