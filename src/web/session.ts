import { createHash, createHmac, randomUUID, timingSafeEqual } from 'node:crypto';
import type { Context } from 'hono';
import { getCookie, setCookie } from 'hono/cookie';
import type { Store } from '../store/port.ts';

/** Who a visitor of the demonstration plays, and the ids that make a form count once. */

const COOKIE = 'baton_as';
const SECRET = 'console.secret';

/** The person whom this browser plays; undefined before one was chosen. */
export function personOf(context: Context): string | undefined {
  const value = getCookie(context, COOKIE);
  return value === undefined || value === '' || value.length > 64 ? undefined : value;
}

export function play(context: Context, person: string): void {
  setCookie(context, COOKIE, person, { httpOnly: true, sameSite: 'Lax', path: '/' });
}

/** A page's id: made new with each page, bound to the person it was made for, and not to be made by anyone else. */
export interface PageIds {
  issue(person: string): string;
  /** The unique part of a page id; undefined when it is not one of ours, or was made for somebody else. */
  check(id: string, person: string): string | undefined;
}

/** The key outlives a restart, so that a page that stays open goes on working. */
export async function createPageIds(store: Store, newSecret: () => string): Promise<PageIds> {
  const secret = store.meta(SECRET) ?? newSecret();
  await store.setMeta(SECRET, secret);
  const seal = (unique: string, person: string): string =>
    createHmac('sha256', secret).update(`${unique}\n${person}`).digest('hex').slice(0, 32);
  return {
    issue: (person) => {
      const unique = randomUUID();
      return `${unique}.${seal(unique, person)}`;
    },
    check: (id, person) => {
      const [unique = '', given = ''] = id.split('.');
      const wanted = Buffer.from(seal(unique, person));
      const got = Buffer.from(given);
      return /^[0-9a-f-]{36}$/.test(unique) && wanted.length === got.length && timingSafeEqual(wanted, got)
        ? unique
        : undefined;
    },
  };
}

/** The inbox id of a form: the page it stood on and what it says, so that a double click is one and two buttons are two. */
export function inboxId(unique: string, what: string): string {
  return `web:${unique}:${createHash('sha256').update(what).digest('hex').slice(0, 12)}`;
}
