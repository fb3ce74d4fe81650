import { MINUTE } from './calendar.ts';
import type { Draft, StandIn, World } from './draft.ts';
import { isStillHere, stayOf } from './people.ts';

/** Signing in to the pages: a link that works once and soon, and the session that it begins. */

export const LINK_LIVES_MINUTES = 10;
const SESSION_LIVES = 7 * 24 * 60 * MINUTE;

export type SignIn =
  | { readonly is: 'open'; readonly person: string }
  /** Nobody was given it, it was used, its minutes are over, or its person has left. */
  | { readonly is: 'unknown' | 'used' | 'late' | 'left' };

/** Records that somebody was given a way in, by the digest of its secret. Says until when it is good. */
export function issueSignIn(draft: Draft, person: string, { digest }: StandIn): number {
  const until = draft.now + LINK_LIVES_MINUTES * MINUTE;
  draft.emit('code', digest, { type: 'code-issued', person, until, opens: 'web', ...stayOf(draft, person) });
  return until;
}

/** Whom a secret would sign in. */
export function checkSignIn(world: World, secret: string): SignIn {
  const issued = world.get('code', world.digest(secret));
  if (issued?.opens !== 'web') return { is: 'unknown' };
  if (issued.used) return { is: 'used' };
  if (issued.until <= world.now) return { is: 'late' };
  return isStillHere(world, issued) ? { is: 'open', person: issued.person } : { is: 'left' };
}

/** Uses a secret up and begins a session under `token`, which was made for it this instant and is kept by its digest. */
export function consumeSignIn(draft: Draft, secret: string, token: string): SignIn {
  const found = checkSignIn(draft, secret);
  if (found.is !== 'open') return found;
  const { person } = found;
  draft.emit('code', draft.digest(secret), { type: 'code-used', account: `web:${person}` });
  const until = draft.now + SESSION_LIVES;
  draft.emit('session', draft.digest(token), { type: 'signed-in', person, until, ...stayOf(draft, person) });
  return found;
}

/** Who is signed in under this token; undefined: nobody, or nobody any more. */
export function sessionOf(world: World, token: string): string | undefined {
  const session = world.get('session', world.digest(token));
  const isOver = session === undefined || session.ended || session.until <= world.now;
  return isOver || !isStillHere(world, session) ? undefined : session.person;
}

/** Ends a session for good, also for whoever has a copy of its cookie. */
export function endSession(draft: Draft, token: string): void {
  const digest = draft.digest(token);
  if (draft.get('session', digest)?.ended === false) draft.emit('session', digest, { type: 'signed-out' });
}
