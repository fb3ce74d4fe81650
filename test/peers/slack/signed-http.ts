import { createHmac, randomBytes } from 'node:crypto';
import { isJson, type Json, parse, string } from './json.ts';
import type { Attempt, Kind, Retry, Way } from './ways.ts';
import type { World } from './world.ts';

/** Signed requests to the bot's public address. */

export interface SignedHttp extends Way {
  /** The address: `http://127.0.0.1:8080/slack/events`; undefined where the bot listens on a socket. */
  url: string | undefined;
  /** Proves that the address is the bot's: it repeats the challenge. */
  verify(): Promise<boolean>;
  /** Sends something that the bot must not take; resolves to the status. */
  forge(forgery: Forgery): Promise<number>;
}
export interface Forgery {
  readonly signature: 'none' | 'wrong' | 'old' | 'future' | 'empty' | 'valid';
  /** An event with this body, or this text as it is. */
  readonly body?: Json | string;
  readonly type?: string;
  /** Seconds that an old or a future one is off. */
  readonly by?: number;
}

const JSON_TYPE = 'application/json';
const FORM_TYPE = 'application/x-www-form-urlencoded';

const sign = (secret: string, at: string, body: string): string =>
  `v0=${createHmac('sha256', secret).update(`v0:${at}:${body}`).digest('hex')}`;

/** Commands are a form, interactions a form with one field of JSON, events JSON. */
function wrap(kind: Kind, body: Json): { readonly text: string; readonly type: string } {
  if (kind === 'events_api') return { text: JSON.stringify(body), type: JSON_TYPE };
  if (kind === 'interactive')
    return { text: new URLSearchParams({ payload: JSON.stringify(body) }).toString(), type: FORM_TYPE };
  const fields = Object.entries(body).map(([name, value]): [string, string] => [name, String(value)]);
  return { text: new URLSearchParams(fields).toString(), type: FORM_TYPE };
}

export function createSignedHttp(world: World, secret: string, patience: number): SignedHttp {
  const seconds = () => String(Math.floor(world.now() / 1000));

  const post = (text: string, type: string, headers: Readonly<Record<string, string>>): Promise<Response> =>
    fetch(http.url ?? '', {
      method: 'POST',
      body: text,
      redirect: 'manual',
      headers: { 'content-type': type, 'user-agent': 'Slackbot 1.0 (+https://api.slack.com/robots)', ...headers },
      signal: AbortSignal.timeout(patience),
    });

  const signed = (text: string, type: string, more: Readonly<Record<string, string>> = {}): Promise<Response> => {
    const at = seconds();
    return post(text, type, { 'x-slack-request-timestamp': at, 'x-slack-signature': sign(secret, at, text), ...more });
  };

  const http: SignedHttp = {
    url: undefined,
    push: async (kind, body, retry) => {
      const { text, type } = wrap(kind, body);
      try {
        const response = await signed(text, type, kind === 'events_api' ? retryHeaders(retry) : {});
        const answer = await response.text();
        return attemptOf(response, answer);
      } catch (error) {
        const timedOut = error instanceof Error && error.name === 'TimeoutError';
        return { acked: false, reason: timedOut ? 'http_timeout' : 'connection_failed' };
      }
    },
    verify: async () => {
      const challenge = randomBytes(20).toString('hex');
      const body = { token: 'verification', challenge, type: 'url_verification' };
      const response = await signed(JSON.stringify(body), JSON_TYPE);
      const answer = await response.text();
      const read = parse(answer);
      return response.ok && (answer === challenge || (isJson(read) && string(read.challenge) === challenge));
    },
    forge: async ({ signature, body = { type: 'event_callback' }, type = JSON_TYPE, by = 3600 }) => {
      const text = typeof body === 'string' ? body : JSON.stringify(body);
      const off = signature === 'old' ? -by : signature === 'future' ? by : 0;
      const at = String(Number(seconds()) + off);
      const right = sign(secret, at, text);
      const given = {
        wrong: sign('another secret', at, text),
        empty: '',
        none: '',
        old: right,
        future: right,
        valid: right,
      }[signature];
      const headers: Record<string, string> = { 'x-slack-request-timestamp': at };
      const response = await post(
        text,
        type,
        signature === 'none' ? headers : { ...headers, 'x-slack-signature': given },
      );
      await response.arrayBuffer();
      return response.status;
    },
  };
  return http;
}

const retryHeaders = (retry: Retry | undefined): Readonly<Record<string, string>> =>
  retry === undefined ? {} : { 'x-slack-retry-num': String(retry.num), 'x-slack-retry-reason': retry.reason };

function attemptOf(response: Response, answer: string): Attempt {
  if (!response.ok) {
    const noRetry = response.headers.get('x-slack-no-retry') === '1';
    return {
      acked: false,
      reason: response.status >= 300 && response.status < 400 ? 'too_many_redirects' : 'http_error',
      noRetry,
    };
  }
  if (answer === '') return { acked: true, payload: undefined };
  const read = parse(answer);
  return { acked: true, payload: isJson(read) ? read : { text: answer } };
}
