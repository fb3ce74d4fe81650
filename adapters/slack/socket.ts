import { App, SocketModeReceiver } from '@slack/bolt';
import type { SocketModeClient } from '@slack/socket-mode';
import type { Logger } from '@slack/web-api';
import type { AdapterLog } from '../../src/ports.ts';
import { clientOptions } from './clients.ts';
import { nameOf, refusesToken } from './errors.ts';
import { backOff, createTeller, type Status, waitFor } from './self.ts';
import type { WayIn } from './way-in.ts';

/**
 * Socket Mode through Bolt's receiver, one for each connection, with the library's own reconnecting switched off: it waits five
 * seconds after every refresh, and where `apps.connections.open` fails meanwhile it leaves a rejection that nobody catches, which
 * ends the process. Bolt's pipeline acknowledges events before anything of ours has run, so `processEvent` is our way in.
 */
export interface Socket {
  status(): Status;
  start(): void;
  stop(): Promise<void>;
}

export interface SocketParts {
  readonly appToken: string;
  readonly botToken: string;
  readonly apiUrl: string | undefined;
  readonly logger: Logger;
  readonly log: AdapterLog;
  /** Undefined when nothing more is taken in: what is not acknowledged comes again. */
  readonly way: () => WayIn | undefined;
}

/** A connection that has not said hello by then is none. */
const HELLO = 15_000;
const CLOSING = 1_000;
const REFUSED_AGAIN = 60_000;

export function createSocket(parts: SocketParts): Socket {
  const { status, tell } = createTeller(parts.log, 'Slack: opening the socket.');
  let running: Promise<void> = Promise.resolve();
  const over = new AbortController();

  async function supervise(): Promise<void> {
    let failures = 0;
    while (!over.signal.aborted) {
      try {
        await connectOnce(parts, over.signal, () => {
          failures = 0;
          tell({ is: 'connected', line: 'Slack: connected by Socket Mode.' });
        });
        failures += 1;
        // Closing by ourselves is no trouble to tell of.
        if (!over.signal.aborted) tell({ is: 'away', line: 'Slack: the socket was closed; I open it again.' });
      } catch (error) {
        failures += 1;
        if (!over.signal.aborted) tell(statusOf(error));
      }
      // The first time it is opened again at once: Slack closes each socket every few hours.
      const wait = status().is === 'refused' ? REFUSED_AGAIN : failures === 1 ? 0 : backOff(failures);
      await waitFor(wait, over.signal);
    }
  }

  return {
    status,
    start: () => {
      running = supervise();
    },
    stop: () => {
      over.abort();
      return running;
    },
  };
}

function statusOf(error: unknown): Status {
  const why = nameOf(error);
  if (!refusesToken(error)) return { is: 'away', line: `Slack: the socket does not open (${why}); I keep trying.` };
  return {
    is: 'refused',
    line: `Slack: SLACK_APP_TOKEN is not taken (${why}). Make one (xapp-…) with connections:write under “Basic Information” of the app.`,
  };
}

/** One connection, from its opening to its end. Rejects where it does not come about. */
async function connectOnce(parts: SocketParts, signal: AbortSignal, onConnected: () => void): Promise<void> {
  const client = createReceiver(parts);
  const gone = Promise.withResolvers<void>();
  client.on('disconnected', () => gone.resolve());
  const late = new AbortController();
  const close = () => void closeDown(client, gone.promise);
  signal.addEventListener('abort', close);
  try {
    const started = client.start().then(() => true);
    const isOpen = await Promise.race([started, waitFor(HELLO, late.signal).then(() => false), gone.promise]);
    if (isOpen !== true) {
      // One that opens only now would stay open, and keep a process that is ending alive.
      started.then(close, () => {});
      close();
      throw new Error('it was opened and said nothing');
    }
    if (signal.aborted) close();
    else onConnected();
    await gone.promise;
  } finally {
    late.abort();
    signal.removeEventListener('abort', close);
  }
}

/** Asks the socket to close, and drops it where the other side does not answer that. */
async function closeDown(client: SocketModeClient, gone: Promise<void>): Promise<void> {
  const enough = new AbortController();
  void client.disconnect();
  await Promise.race([gone, waitFor(CLOSING, enough.signal).then(() => void client.disconnect())]);
  enough.abort();
}

function createReceiver({ appToken, botToken, apiUrl, logger, log, way }: SocketParts): SocketModeClient {
  const receiver = new SocketModeReceiver({
    appToken,
    logger,
    autoReconnectEnabled: false,
    installerOptions: { clientOptions: clientOptions(apiUrl, logger) },
  });
  const app = new App({
    receiver,
    token: botToken,
    // Asking who we are is supervised elsewhere: done here, a token that is not taken would end the process.
    deferInitialization: true,
    convoStore: false,
    logger,
    clientOptions: clientOptions(apiUrl, logger),
  });
  app.processEvent = async ({ body, ack }) => {
    const taken = await way()?.take(body);
    if (taken === undefined || taken.is === 'full') return;
    try {
      await ack(taken.payload);
    } catch (error) {
      // The socket went meanwhile. What was taken in is on disk; the same comes again and finds its answer.
      log.info('Slack’s socket closed before an acknowledgement.', { why: nameOf(error) });
    }
  };
  guard(receiver.client);
  return receiver.client;
}

/** A message that is no envelope would be a rejection within the library that nobody catches. */
function guard(client: SocketModeClient): void {
  const listeners = client.listeners('ws_message');
  client.removeAllListeners('ws_message');
  client.on('ws_message', (data: unknown, isBinary: boolean) => {
    if (typeof data !== 'string' || isBinary || !isEnvelope(data)) return;
    for (const listener of listeners) listener(data, isBinary);
  });
}

function isEnvelope(data: string): boolean {
  try {
    const message: unknown = JSON.parse(data);
    if (typeof message !== 'object' || message === null || !('type' in message) || typeof message.type !== 'string')
      return false;
    if (message.type !== 'events_api') return true;
    const payload: unknown = 'payload' in message ? message.payload : undefined;
    const event: unknown =
      typeof payload === 'object' && payload !== null && 'event' in payload ? payload.event : undefined;
    return typeof event === 'object' && event !== null && 'type' in event && typeof event.type === 'string';
  } catch {
    return false;
  }
}
