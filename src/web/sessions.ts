import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import type { Context } from 'hono';
import { deleteCookie, getCookie, setCookie } from 'hono/cookie';
import { sessionOf } from '../core/sign-in.ts';
import type { Access } from './access.ts';
import { isLoopback } from './guard.ts';
import type { Hub } from './hub.ts';

/**
 * Who is signed in. The cookie holds a token that was drawn at the sign-in (never one that the browser brought along) and
 * when it was last used, sealed with the console's key. The store knows the token by its digest alone, and says at every
 * request whose it is: a session that was ended, or whose person has left, is over at once.
 */
export interface Sessions {
  /** Must a plain cookie not be set here? It goes over no network: only a request to a loopback name may have one. */
  isUnsafe(context: Context): boolean;
  newToken(): string;
  /** The token that this browser holds, whether or not it still opens anything. */
  token(context: Context): string | undefined;
  /** The person who is signed in. */
  person(context: Context): string | undefined;
  /** Using a session keeps it from running out. */
  renew(context: Context): void;
  begin(context: Context, token: string): void;
  forget(context: Context): void;
}

const NAME = 'baton';
const IDLE = 12 * 3_600_000;
/** How often the cookie of a session in use is written anew. */
const RENEW = 5 * 60_000;
/** A page that asks for itself again says so: that is no sign of anybody being there. */
const BY_ITSELF = 'x-by-itself';

export function createSessions(hub: Hub, access: Access, key: string): Sessions {
  const { clock, sight } = hub;
  const prefix = access.isSecure ? 'host' : undefined;

  const seal = (token: string, used: string): string =>
    createHmac('sha256', key).update(`session\n${token}\n${used}`).digest('base64url');

  function read(context: Context): { readonly token: string; readonly used: number } | undefined {
    const cookie = prefix === undefined ? getCookie(context, NAME) : getCookie(context, NAME, prefix);
    const [, token, used, given] = /^([\w-]{43})\.(\d{1,15})\.([\w-]{43})$/.exec(cookie ?? '') ?? [];
    if (token === undefined || used === undefined || given === undefined) return undefined;
    return timingSafeEqual(Buffer.from(seal(token, used)), Buffer.from(given))
      ? { token, used: Number(used) }
      : undefined;
  }

  function write(context: Context, token: string): void {
    const used = String(clock.now());
    const options = { path: '/', httpOnly: true, sameSite: 'Lax', maxAge: IDLE / 1_000 } as const;
    const value = `${token}.${used}.${seal(token, used)}`;
    if (prefix === undefined) setCookie(context, NAME, value, options);
    else setCookie(context, NAME, value, { ...options, secure: true, prefix });
  }

  function person(context: Context): string | undefined {
    const cookie = read(context);
    if (cookie === undefined || clock.now() - cookie.used > IDLE) return undefined;
    return sessionOf(sight.world(), cookie.token);
  }

  function renew(context: Context): void {
    const cookie = read(context);
    if (context.req.method !== 'GET' || context.req.header(BY_ITSELF) !== undefined) return;
    if (cookie === undefined || clock.now() - cookie.used < RENEW || person(context) === undefined) return;
    write(context, cookie.token);
  }

  return {
    isUnsafe: (context) =>
      !access.isSecure && !isLoopback(new URL(`http://${context.req.header('host') ?? ''}`).hostname),
    newToken: () => randomBytes(32).toString('base64url'),
    token: (context) => read(context)?.token,
    person,
    renew,
    begin: write,
    forget: (context) =>
      void (prefix === undefined
        ? deleteCookie(context, NAME, { path: '/' })
        : deleteCookie(context, NAME, { path: '/', secure: true, prefix })),
  };
}
