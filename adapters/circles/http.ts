import type { z } from 'zod';
import { type Answer, type Failure, failureOf, refusalOf } from './failure.ts';

/** Plain HTTP to one Taiga: no retries, an end to waiting, and an end to what is read. */

export interface Request {
  readonly method: 'GET' | 'POST' | 'PATCH';
  /** Below `/api/v1`, with its query. */
  readonly path: string;
  readonly body?: Readonly<Record<string, unknown>>;
  readonly authorization?: string;
  /** All rows in one answer; for lists that stay short. */
  readonly unpaged?: boolean;
}

export type Send = <T>(request: Request, schema: z.ZodType<T>) => Promise<Answer<T>>;

export const TIMEOUT = 10_000;
/** Far more than a page of a hundred stories takes. */
const MOST_BYTES = 16_000_000;

/** Calls `url`, whichever of its usual forms it is given in. Every call ends when `signal` comes. */
export function createSend(url: string, signal: AbortSignal, timeout: number): Send {
  const base = `${url.replace(/\/+$/, '').replace(/\/api\/v1$/, '')}/api/v1`;
  return async ({ method, path, body, authorization, unpaged }, schema) => {
    try {
      const response = await fetch(`${base}${path}`, {
        method,
        // The token goes to the address that was set and to no other, whatever answers there.
        redirect: 'manual',
        signal: AbortSignal.any([signal, AbortSignal.timeout(timeout)]),
        headers: {
          accept: 'application/json',
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
          ...(authorization === undefined ? {} : { authorization }),
          ...(unpaged === true ? { 'x-disable-pagination': '1' } : {}),
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      const text = await readText(response);
      const parsed = text === undefined ? undefined : parse(text);
      if (!response.ok) return failed(refusalOf(response.status, parsed, waitOf(response)));
      const read = schema.safeParse(parsed);
      if (!read.success) return failed({ is: 'unknown', why: 'Circles gave an answer that is not understood' });
      const date = Date.parse(response.headers.get('date') ?? '');
      return {
        ok: true,
        body: read.data,
        hasNext: response.headers.has('x-pagination-next'),
        date: Number.isNaN(date) ? undefined : date,
      };
    } catch (error) {
      return failed(failureOf(error));
    }
  };
}

const failed = (failure: Failure) => ({ ok: false, failure }) as const;

const waitOf = ({ headers }: Response): string | null =>
  headers.get('x-throttle-wait-seconds') ?? headers.get('retry-after');

/** Undefined: there is no end to it. */
async function readText(response: Response): Promise<string | undefined> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body ?? []) {
    size += chunk.byteLength;
    if (size > MOST_BYTES) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
