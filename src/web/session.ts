import { createHash, createHmac, randomBytes, randomUUID, timingSafeEqual } from 'node:crypto';
import type { Context } from 'hono';
import { getCookie, setCookie } from 'hono/cookie';
import type { Store } from '../store/port.ts';

/** Who a visitor of the demonstration plays, and the ids that make a form count once. */

/** What the console signs with. It outlives a restart, so that a page that stays open goes on working. */
export async function consoleKey(store: Store): Promise<string> {
  const key = store.meta(KEY) ?? randomBytes(32).toString('hex');
  await store.setMeta(KEY, key);
  return key;
}

const COOKIE = 'baton_as';
const KEY = 'console.secret';

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

export function createPageIds(key: string): PageIds {
  const seal = (unique: string, person: string): string =>
    createHmac('sha256', key).update(`${unique}\n${person}`).digest('hex').slice(0, 32);
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
