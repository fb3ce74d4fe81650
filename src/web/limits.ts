import type { IncomingHttpHeaders } from 'node:http';
import { isIP } from 'node:net';
import { isLoopback } from './guard.ts';

/**
 * How much one address may ask of the public ways in. Each has a bucket of tokens that fills again by itself: an answer
 * costs one, a refusal many. So whoever guesses secrets, ids or paths is soon not even listened to, and people who read
 * pages notice nothing. An address from which something rightly signed came is a platform's, and is always listened to:
 * also what strangers make that platform send to us must not shut it out.
 */

export interface Limits {
  /** Somebody asks. Undefined: too often; it is refused unread. */
  admit(from: Asking, isWebhook: boolean): Admitted | undefined;
  /** Who opened a connection. Undefined: somebody on this machine, or the proxy before us. */
  addressOf(peer: Asking['socket']): string | undefined;
  /** How many addresses are remembered. */
  size(): number;
}

/** What became of what somebody asked. */
export interface Admitted {
  /** They were refused: not signed, not there, not theirs. */
  refused(): void;
  /** It was rightly signed. */
  verified(): void;
}

export interface Asking {
  readonly socket: { readonly remoteAddress?: string | undefined };
  readonly headers: IncomingHttpHeaders;
}

interface Bucket {
  tokens: number;
  at: number;
  /** Until when the address is a platform's. */
  knownUntil: number;
}

const FULL = 1_500;
const A_SECOND = 50;
const REFUSAL = 25;
const KNOWN_FOR = 3_600_000;
/** The one that was heard of longest ago is forgotten beyond these: it starts with a full bucket again. */
const MOST_ADDRESSES = 10_000;

const UNLIMITED: Admitted = { refused: () => undefined, verified: () => undefined };

/** `proxies`: whose word for the address behind them is believed. `steady`: a clock that never jumps. */
export function createLimits(proxies: (address: string) => boolean, steady: () => number): Limits {
  const buckets = new Map<string, Bucket>();

  function bucketOf(address: string): Bucket {
    const now = steady();
    const found = buckets.get(address);
    buckets.delete(address);
    const bucket = found ?? { tokens: FULL, at: now, knownUntil: 0 };
    bucket.tokens = Math.min(FULL, bucket.tokens + ((now - bucket.at) / 1_000) * A_SECOND);
    bucket.at = now;
    buckets.set(address, bucket);
    const [oldest] = buckets.keys();
    if (oldest !== undefined && buckets.size > MOST_ADDRESSES) buckets.delete(oldest);
    return bucket;
  }
  const take = (bucket: Bucket, tokens: number): void => {
    bucket.tokens = Math.max(0, bucket.tokens - tokens);
  };

  return {
    admit(from, isWebhook) {
      const address = addressOf(from, proxies);
      if (address === undefined) return UNLIMITED;
      const bucket = bucketOf(address);
      const isKnown = isWebhook && steady() < bucket.knownUntil;
      if (!isKnown && bucket.tokens < 1) return undefined;
      if (!isKnown) take(bucket, 1);
      return {
        refused: () => take(bucket, REFUSAL - 1),
        verified() {
          bucket.knownUntil = steady() + KNOWN_FOR;
          bucket.tokens = Math.min(FULL, bucket.tokens + 1);
        },
      };
    },
    addressOf: (socket) => addressOf({ socket, headers: {} }, proxies),
    size: () => buckets.size,
  };
}

/**
 * Who asks: the peer, or whom the one proxy before us names last. Undefined: somebody on this machine, or whom the proxy
 * does not name; those are not counted, for it would be everybody together.
 */
export function addressOf({ socket, headers }: Asking, proxies: (address: string) => boolean): string | undefined {
  const peer = (socket.remoteAddress ?? '').replace(/^::ffff:/, '');
  const said = headers['x-forwarded-for'];
  if (proxies(peer)) {
    const last = withoutPort((typeof said === 'string' ? said : '').split(',').at(-1)?.trim() ?? '');
    return isIP(last) === 0 || isLoopback(last) ? undefined : networkOf(last);
  }
  return peer === '' || isLoopback(peer) ? undefined : networkOf(peer);
}

/** Some proxies name the port as well, and put an IPv6 address in brackets; an IPv4 one may stand in IPv6. */
function withoutPort(said: string): string {
  const bare = /^\[([^\]]*)\](?::\d{1,5})?$/.exec(said)?.[1] ?? /^([\d.]+):\d{1,5}$/.exec(said)?.[1] ?? said;
  return bare.replace(/^::ffff:(?=[\d.]+$)/i, '');
}

/** Of IPv6 everybody has a network of their own, with more addresses than could be remembered. */
function networkOf(address: string): string {
  if (isIP(address) !== 6) return address;
  const [head = '', tail] = (address.split('%')[0] ?? '').toLowerCase().split('::');
  const left = head === '' ? [] : head.split(':');
  const right = tail === undefined || tail === '' ? [] : tail.split(':');
  const zeros = Array.from({ length: tail === undefined ? 0 : Math.max(0, 8 - left.length - right.length) }, () => '0');
  const groups = [...left, ...zeros, ...right].slice(0, 4);
  return `${groups.map((group) => Number.parseInt(group, 16).toString(16)).join(':')}::/64`;
}

/**
 * Whose `X-Forwarded-For` is believed: of the proxies that are named, and, where the public address is https, which we do
 * not speak ourselves, of what stands on this machine.
 */
export function proxiesOf(publicUrl: string | undefined, named: string | undefined): (address: string) => boolean {
  const names = new Set((named ?? '').split(',').map((name) => name.trim()));
  const isBehind = publicUrl !== undefined && new URL(publicUrl).protocol === 'https:';
  return (address) => (isBehind && isLoopback(address)) || (address !== '' && names.has(address));
}
