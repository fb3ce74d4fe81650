import type { MiddlewareHandler } from 'hono';
import { bodyLimit } from 'hono/body-limit';

/** What every request must be, and what every answer says of itself. */

const MOST_BODY = 1_000_000;

const CSP = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self'",
  "connect-src 'self'",
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join('; ');

const plain = (text: string, status: 403 | 413 | 421): Response =>
  new Response(`${text}\n`, { status, headers: { 'content-type': 'text/plain; charset=utf-8' } });

/**
 * A page of another site that has our address under its own name (DNS rebinding) names that site as the host, and its
 * scripts name it as the origin: neither is ours. A change also needs an origin to be named at all.
 */
export function ours(isOurs: (host: string) => boolean): MiddlewareHandler {
  return async (context, next) => {
    const host = context.req.header('host') ?? '';
    if (!isOurs(host)) return plain('This address is not served here.', 421);
    const origin = context.req.header('origin');
    const changes = context.req.method !== 'GET' && context.req.method !== 'HEAD';
    if (changes && origin === undefined) return plain('A form is sent from a page of this address.', 403);
    if (origin !== undefined && !isOurOrigin(origin, isOurs)) return plain('That page is not ours.', 403);
    if (context.req.header('sec-fetch-site') === 'cross-site' && changes) return plain('That page is not ours.', 403);
    return next();
  };
}

function isOurOrigin(origin: string, isOurs: (host: string) => boolean): boolean {
  return URL.canParse(origin) && /^https?:$/.test(new URL(origin).protocol) && isOurs(new URL(origin).host);
}

/** Nothing is loaded from elsewhere, nothing is framed, nothing is guessed, nothing is kept by the way. */
export const headers: MiddlewareHandler = async (context, next) => {
  await next();
  context.header('content-security-policy', CSP);
  context.header('x-content-type-options', 'nosniff');
  // The origin of a form must be told, so “no-referrer” will not do: browsers then say “null”.
  context.header('referrer-policy', 'same-origin');
  context.header('x-frame-options', 'DENY');
  context.header('cross-origin-opener-policy', 'same-origin');
  context.header('cross-origin-resource-policy', 'same-origin');
  context.header('permissions-policy', 'camera=(), geolocation=(), microphone=()');
  if (context.res.headers.get('cache-control') === null) context.header('cache-control', 'no-store');
};

export const smallBodies: MiddlewareHandler = bodyLimit({
  maxSize: MOST_BODY,
  onError: () => plain('That is more than a form holds.', 413),
});

/** The names under which a server on this port is ours. */
export function hostsOf(host: string, port: number, publicUrl: string | undefined): (name: string) => boolean {
  const bare = host.includes(':') ? `[${host}]` : host;
  const names = new Set(
    ['127.0.0.1', 'localhost', '[::1]', bare].flatMap((name) => [`${name}:${port}`, ...(port === 80 ? [name] : [])]),
  );
  if (publicUrl !== undefined) names.add(new URL(publicUrl).host);
  return (name) => names.has(name.toLowerCase());
}

/** Does this address never leave the machine? */
export const isLoopback = (host: string): boolean =>
  host === 'localhost' || host === '::1' || host === '[::1]' || /^127(\.\d{1,3}){3}$/.test(host);
