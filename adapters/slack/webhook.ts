import { createHmac, createSecretKey, type KeyObject, timingSafeEqual } from 'node:crypto';
import { parse } from 'node:querystring';
import type { Clock, WebhookRequest, WebhookResponse } from '../../src/ports.ts';
import type { WayIn } from './way-in.ts';

/** Five minutes, to both sides: a signature from the future could be kept for later. */
const MOST_SKEW = 300;
const MOST_FIELDS = 100;

const OK: WebhookResponse = { status: 200 };
const answer = (status: number, body: string): WebhookResponse => ({ status, type: 'text/plain; charset=utf-8', body });

export interface WebhookParts {
  readonly signingSecret: string;
  /** Accepted as well, until Slack has none of it on its way any more. */
  readonly old?: string | undefined;
  readonly clock: Clock;
  /** Undefined before the start and after the stop: Slack brings its events again. */
  readonly way: () => WayIn | undefined;
}

/**
 * Signed HTTP without Bolt's request pipeline, which costs four times what is done here: verify over the raw bytes, parse once,
 * take in, answer.
 */
export function createWebhook({ signingSecret, old, clock, way }: WebhookParts) {
  const secrets = [signingSecret, ...(old === undefined ? [] : [old])];
  if (secrets.includes('')) throw new Error('A signing secret is not empty.');
  const keys = secrets.map((secret) => createSecretKey(secret, 'utf8'));
  return async (request: WebhookRequest): Promise<WebhookResponse> => {
    const now = Math.floor(clock.now() / 1_000);
    if (!keys.some((key) => isSigned(key, request, now)))
      return isProbe(request)
        ? { ...OK, isUnsigned: true }
        : answer(401, 'The signature is missing, wrong or not of this moment.');
    const body = bodyOf(request);
    if (body === undefined) return answer(400, 'That is no payload of Slack.');
    if (isRecord(body) && body.type === 'url_verification')
      return answer(200, typeof body.challenge === 'string' ? body.challenge : '');
    if (isRecord(body) && body.ssl_check === '1') return OK;
    const taken = await way()?.take(body);
    if (taken === undefined || taken.is === 'full') return answer(503, 'Busy; bring it again.');
    return taken.payload === undefined
      ? OK
      : { status: 200, type: 'application/json; charset=utf-8', body: JSON.stringify(taken.payload) };
  };
}

/** Is this from Slack, whole, and of this moment? */
function isSigned(key: KeyObject, { headers, body }: WebhookRequest, now: number): boolean {
  const stamp = headers['x-slack-request-timestamp'];
  const signature = headers['x-slack-signature'];
  // A header that came twice is a list: which of the two was meant is nobody's to guess.
  if (typeof stamp !== 'string' || typeof signature !== 'string' || !/^\d{1,12}$/.test(stamp)) return false;
  if (Math.abs(now - Number(stamp)) > MOST_SKEW) return false;
  const expected = Buffer.from(`v0=${createHmac('sha256', key).update(`v0:${stamp}:`).update(body).digest('hex')}`);
  const given = Buffer.from(signature);
  return given.length === expected.length && timingSafeEqual(given, expected);
}

/** Slack's look at our certificate comes unsigned; nothing but exactly that is answered so, and nothing is done for it. */
function isProbe({ headers, body }: WebhookRequest): boolean {
  return headers['x-slack-signature'] === undefined && body.length < 1_000 && formOf(body).ssl_check === '1';
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const formOf = (body: Buffer) => parse(body.toString('utf8'), '&', '=', { maxKeys: MOST_FIELDS });

/**
 * Events are JSON, commands a form, interactions JSON within a form. The type is told by a header, and no header is signed:
 * an event read as a form would be a command that its words make up. So what begins as JSON does is nothing else.
 */
function bodyOf({ headers, body }: WebhookRequest): unknown {
  try {
    const type = headers['content-type'];
    const text = body.toString('utf8');
    if ((typeof type === 'string' && type.includes('json')) || /^\s*[{[]/.test(text)) return JSON.parse(text);
    const form = formOf(body);
    return typeof form.payload === 'string' ? JSON.parse(form.payload) : form;
  } catch {
    return undefined;
  }
}
