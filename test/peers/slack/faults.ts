import type { ServerResponse } from 'node:http';

/** What may go wrong between the bot and the service, asked for by a test. */

export type Fault =
  | { readonly status: number; readonly handled?: boolean }
  /** A page of a proxy, with status 200. */
  | { readonly html: true }
  | { readonly empty: true }
  /** An answer of many megabytes. */
  | { readonly huge: true }
  /** The connection goes: before anything was done, or after it was and the answer never left. */
  | { readonly reset: 'before' | 'after' }
  /** No answer at all while the connection stays. */
  | { readonly hang: 'before' | 'after' }
  /** 429 with this `Retry-After`, or without one. */
  | { readonly retryAfter: string | undefined }
  | { readonly error: string };

export interface Faults {
  add(method: string, fault: Fault, times: number): void;
  /** The fault of this call, which is used up by it. */
  take(method: string): Fault | undefined;
  clear(): void;
}

export function createFaults(): Faults {
  let planned: { readonly method: string; readonly fault: Fault; left: number }[] = [];
  return {
    add: (method, fault, times) => void planned.push({ method, fault, left: times }),
    take: (method) => {
      const found = planned.find((each) => each.method === method || each.method === '*');
      if (found === undefined) return undefined;
      found.left -= 1;
      if (found.left <= 0) planned = planned.filter((each) => each !== found);
      return found.fault;
    },
    clear: () => {
      planned = [];
    },
  };
}

/** Whether the call is carried out although its answer is spoilt. */
export const isHandled = (fault: Fault): boolean =>
  ('status' in fault && fault.handled === true) ||
  ('reset' in fault && fault.reset === 'after') ||
  ('hang' in fault && fault.hang === 'after') ||
  'html' in fault ||
  'empty' in fault ||
  'huge' in fault;

const MANY = 20 * 1024 * 1024;

/** Spoils the answer. */
export function spoil(fault: Fault, response: ServerResponse): void {
  if ('hang' in fault) return;
  if ('reset' in fault) return void response.socket?.resetAndDestroy();
  const html = { 'content-type': 'text/html; charset=utf-8' };
  const json = { 'content-type': 'application/json; charset=utf-8' };
  if ('status' in fault) response.writeHead(fault.status, html).end('<html><body>upstream error</body></html>');
  else if ('html' in fault) response.writeHead(200, html).end('<html><body>Sign in to the network</body></html>');
  else if ('empty' in fault) response.writeHead(200, json).end();
  else if ('huge' in fault) response.writeHead(200, json).end(`{"ok":true,"filler":"${'x'.repeat(MANY)}"}`);
  else if ('retryAfter' in fault) {
    const after: Record<string, string> = fault.retryAfter === undefined ? {} : { 'retry-after': fault.retryAfter };
    response.writeHead(429, { ...json, ...after }).end('{"ok":false,"error":"ratelimited"}');
  } else response.writeHead(200, json).end(JSON.stringify({ ok: false, error: fault.error }));
}
