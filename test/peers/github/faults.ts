import type { ServerResponse } from 'node:http';

/** What may go wrong between the bot and the service, asked for by a test. */

export type Fault =
  | { readonly status: number; readonly handled?: boolean }
  /** No answer at all, while the connection stays. */
  | { readonly hang: true }
  /** A page of a proxy, with status 200. */
  | { readonly html: true }
  /** This instead of what there is, with status 200. */
  | { readonly shows: unknown }
  | { readonly empty: true }
  /** The connection goes: before anything was done, or after it was and the answer never left. */
  | { readonly reset: 'before' | 'after' }
  /** The answer breaks off in the middle. */
  | { readonly cut: true }
  /** Spent for this hour: 403 with the time when it begins anew, in seconds from now. */
  | { readonly spent: number }
  /** Too much in too short a time: 403 or 429, with `Retry-After` or without. */
  | { readonly secondary: 403 | 429; readonly retryAfter?: string };

/** Is the call carried out although its answer is spoilt? */
export const isHandled = (fault: Fault): boolean =>
  ('status' in fault && fault.handled === true) ||
  ('reset' in fault && fault.reset === 'after') ||
  'html' in fault ||
  'shows' in fault ||
  'cut' in fault ||
  'empty' in fault;

/** Spoils the answer. */
export function spoil(fault: Fault, response: ServerResponse, now: number): void {
  const json = { 'content-type': 'application/json; charset=utf-8' };
  const html = { 'content-type': 'text/html; charset=utf-8' };
  const say = (message: string): string => JSON.stringify({ message, documentation_url: 'https://docs.github.com' });
  if ('hang' in fault) return;
  if ('reset' in fault) return void response.socket?.resetAndDestroy();
  if ('cut' in fault) {
    response.writeHead(200, { ...json, 'content-length': '1000' });
    response.write('{"number": 1, "title": "br', () => response.socket?.resetAndDestroy());
    return;
  }
  if ('status' in fault) response.writeHead(fault.status, html).end('<html><body>Unicorn!</body></html>');
  else if ('shows' in fault) response.writeHead(200, json).end(JSON.stringify(fault.shows));
  else if ('html' in fault) response.writeHead(200, html).end('<html><body>Sign in to the network</body></html>');
  else if ('empty' in fault) response.writeHead(200, json).end();
  else if ('spent' in fault) {
    const reset = String(Math.floor(now / 1000) + fault.spent);
    const headers = { 'x-ratelimit-limit': '5000', 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': reset };
    response.writeHead(403, { ...json, ...headers }).end(say('API rate limit exceeded for installation ID 1.'));
  } else {
    const headers: Record<string, string> = fault.retryAfter === undefined ? {} : { 'retry-after': fault.retryAfter };
    const words = 'You have exceeded a secondary rate limit. Please wait a few minutes before you try again.';
    response.writeHead(fault.secondary, { ...json, 'x-ratelimit-remaining': '4000', ...headers }).end(say(words));
  }
}
