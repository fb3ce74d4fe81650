import type { Settings } from '../settings.ts';
import { isLoopback } from './guard.ts';

/** Who must sign in, and where sign-in can be had at all. */

export interface Access {
  /** Where people open the pages: what a sign-in link begins with. */
  readonly address: string;
  /** Every page wants somebody who is signed in. */
  readonly isClosed: boolean;
  /** Pages come over TLS: the session's cookie goes nowhere else. */
  readonly isSecure: boolean;
}

/** `origin` is where the process listens; the public address goes first. */
export function accessOf(host: string, origin: string, publicUrl: string | undefined): Access {
  const url = new URL(publicUrl ?? origin);
  return {
    address: url.origin,
    isClosed: publicUrl !== undefined || !isLoopback(host),
    isSecure: url.protocol === 'https:',
  };
}

/** Why nobody could sign in safely with these settings; undefined where all is well. */
export function accessProblem({ HOST, BATON_URL }: Settings): string | undefined {
  const host = HOST ?? '127.0.0.1';
  if (BATON_URL === undefined)
    return isLoopback(host)
      ? undefined
      : `HOST is ${host}, and BATON_URL is not set: sign-in links need the public address; set BATON_URL to it (https://…), or take HOST out`;
  const { protocol, hostname } = new URL(BATON_URL);
  return protocol === 'https:' || isLoopback(hostname)
    ? undefined
    : `BATON_URL is ${BATON_URL}, and without https anybody on the way can read the cookie of a session; put TLS in front of it and write https://, or use an address of this machine`;
}
