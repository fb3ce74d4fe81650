import { type Logger, LogLevel, WebClient, type WebClientOptions } from '@slack/web-api';
import { boundedFetch } from '../../src/bounded-fetch.ts';
import type { AdapterLog } from '../../src/ports.ts';

const WAIT = 10_000;
const MOST_REMEMBERED = 100;

/**
 * Options of a client, a fresh object each time: the libraries write into the ones they are given. Nothing is tried twice
 * here, for a call whose answer got lost would post its message again; the outbox knows when to.
 */
export const clientOptions = (apiUrl: string | undefined, logger: Logger): WebClientOptions => ({
  ...(apiUrl === undefined ? {} : { slackApiUrl: apiUrl }),
  retryConfig: { retries: 0 },
  rejectRateLimitedCalls: true,
  timeout: WAIT,
  fetch: (url, init) => boundedFetch(String(url), init ?? {}),
  allowAbsoluteUrls: false,
  logger,
});

export const createClient = (token: string, apiUrl: string | undefined, logger: Logger): WebClient =>
  new WebClient(token, clientOptions(apiUrl, logger));

/**
 * The libraries' own warnings, one short line each, and each but once: in an outage of hours they would say the same every five
 * seconds. At debug level they would print payloads, so that goes nowhere.
 */
export function createLogger(log: AdapterLog): Logger {
  const told = new Set<string>();
  const warn = (...parts: readonly unknown[]) => {
    const said = parts
      .map((part) => (part instanceof Error ? part.message : typeof part === 'string' ? part : ''))
      .join(' ');
    const line = redact(said).slice(0, 200);
    if (told.has(line)) return;
    if (told.size >= MOST_REMEMBERED) told.clear();
    told.add(line);
    log.warn('Slack’s library warns.', { said: line });
  };
  return {
    debug: () => {},
    info: () => {},
    warn,
    error: warn,
    setLevel: () => {},
    getLevel: () => LogLevel.WARN,
    setName: () => {},
  };
}

/** Tokens, and whatever follows the path of an address: a socket's ticket stands there. */
const redact = (text: string): string =>
  text.replace(/x(?:ox[a-z]|app)-[\w-]+/gi, '…').replace(/((?:https?|wss?):\/\/[^\s?]+)\?\S*/gi, '$1?…');
