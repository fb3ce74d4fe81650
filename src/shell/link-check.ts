import { lookup } from 'node:dns/promises';
import { BlockList, isIP, type LookupFunction } from 'node:net';
import type { LinkCheck } from '../ports.ts';

/**
 * Looks whether a page answers. What a person wrote may point anywhere, so only public addresses are asked, and the hosts
 * that the organisation listed; every hop of a redirect is looked at again.
 */

const WAIT = 10_000;
const MOST_HOPS = 4;

/** One of each family: in a list of both, what is IPv4 within IPv6 would stand for all of IPv4. */
const inside = { ipv4: new BlockList(), ipv6: new BlockList() };
for (const [net, bits] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 3],
] as const)
  inside.ipv4.addSubnet(net, bits, 'ipv4');
for (const [net, bits] of [
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['3fff::', 20],
] as const)
  inside.ipv6.addSubnet(net, bits, 'ipv6');

/** Of IPv6 nothing else was ever given out: whatever lies beside it leads inside, or is made to (IPv4 in it, NAT64's own). */
const given = new BlockList();
given.addSubnet('2000::', 3, 'ipv6');

/** Is this address one that anybody on the internet could ask as well? */
function isPublicAddress(address: string): boolean {
  const family = isIP(address);
  if (family === 4) return !inside.ipv4.check(address, 'ipv4');
  return family === 6 && given.check(address, 'ipv6') && !inside.ipv6.check(address, 'ipv6');
}

export interface LinkCheckOptions {
  /** Hosts that may be asked although they are inside; plain http is taken from these alone. */
  readonly hosts: readonly string[];
  /** What is never to be asked from here, also where a redirect leads to it. */
  isClosed?(url: string): boolean;
  resolve?(host: string): Promise<readonly string[]>;
  ask?: typeof askAt;
}

const resolveHost = async (host: string): Promise<readonly string[]> =>
  (await lookup(host, { all: true })).map(({ address }) => address);

/**
 * Asks one page, at the very addresses that were looked at: a name that is resolved once more for the connection may be
 * another address by then, and one inside.
 */
export async function askAt(
  url: URL,
  addresses: readonly string[] | 'listed',
  signal: AbortSignal,
): Promise<{ readonly status: number; readonly location: string | null }> {
  const { Agent, fetch } = await import('undici');
  const found = addresses === 'listed' ? [] : addresses.map((address) => ({ address, family: isIP(address) }));
  const [first] = found;
  const lookup: LookupFunction = (_host, { all }, done) =>
    all === true ? done(null, found) : done(null, first?.address ?? '', first?.family);
  const agent = new Agent({ connect: addresses === 'listed' ? {} : { lookup } });
  try {
    const headers = { 'user-agent': 'Baton link check' };
    const response = await fetch(url, { redirect: 'manual', signal, headers, dispatcher: agent });
    await response.body?.cancel();
    return { status: response.status, location: response.headers.get('location') };
  } finally {
    await agent.destroy();
  }
}

/** A status of 0 means: not reached, or not to be asked. */
export function createLinkCheck({
  hosts,
  isClosed,
  resolve = resolveHost,
  ask: askOne = askAt,
}: LinkCheckOptions): LinkCheck {
  const listed = new Set(hosts.map((host) => host.toLowerCase()));

  /** The addresses at which it may be asked; `listed`: wherever it is; undefined: it may not be. */
  async function whereOf(url: URL): Promise<readonly string[] | 'listed' | undefined> {
    if (isClosed?.(url.href) === true) return undefined;
    if (url.username !== '' || url.password !== '') return undefined;
    const host = url.hostname.replace(/^\[|\]$/g, '').toLowerCase();
    if (listed.has(host) || listed.has(url.host.toLowerCase()))
      return url.protocol === 'https:' || url.protocol === 'http:' ? 'listed' : undefined;
    if (url.protocol !== 'https:') return undefined;
    const addresses = isIP(host) === 0 ? await resolve(host) : [host];
    return addresses.length > 0 && addresses.every(isPublicAddress) ? addresses : undefined;
  }

  async function ask(url: URL, hops: number, signal: AbortSignal): Promise<number> {
    const where = await whereOf(url);
    if (where === undefined) return 0;
    const { status, location } = await askOne(url, where, signal);
    if (status < 300 || status >= 400 || location === null) return status;
    return hops === 0 || !URL.canParse(location, url.href) ? 0 : ask(new URL(location, url), hops - 1, signal);
  }

  return {
    check: async (url) => {
      try {
        return URL.canParse(url) ? await ask(new URL(url), MOST_HOPS, AbortSignal.timeout(WAIT)) : 0;
      } catch {
        // Not found, refused, too slow: for the one who asks they are one thing, a page that does not answer.
        return 0;
      }
    },
  };
}
