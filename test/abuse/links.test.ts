import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { askAt, createLinkCheck } from '../../src/shell/link-check.ts';
import { tally } from '../support/tally.ts';

/** A page that somebody names is asked for only where anybody could ask: every spelling of “inside” is refused. */

let server: Server;
let port = 0;
const asked: string[] = [];
beforeAll(async () => {
  server = createServer((request, response) => {
    asked.push(`${request.headers.host} ${request.url}`);
    const to = /^\/to\?(.*)$/.exec(request.url ?? '')?.[1];
    if (to === undefined) response.end('inside');
    else response.writeHead(302, { location: decodeURIComponent(to) }).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  ({ port } = server.address() as AddressInfo);
});
afterAll(() => server.close());

const INSIDE = [
  '127.0.0.1', '127.1', '127.0.1', '2130706433', '0x7f000001', '0x7f.0.0.1', '0177.0.0.1', '017700000001', '0', '0.0.0.0',
  '①②⑦.⓪.⓪.①', '127。0。0。1', '[::]', '[::1]', '[0:0:0:0:0:0:0:1]', '[::ffff:127.0.0.1]', '[::ffff:7f00:1]', '[0:0:0:0:0:ffff:7f00:1]',
  '[::127.0.0.1]', '[64:ff9b::7f00:1]', '[2002:7f00:1::]', '[fe80::1]', '[fd12::1]', '[ff02::1]', '[fec0::1]', '10.0.0.1', '172.16.5.4', '172.31.255.255',
  '192.168.0.1', '169.254.169.254', '[::ffff:169.254.169.254]', '0xa9fea9fe', '100.64.0.1', '192.0.0.192', '198.18.0.1', '224.0.0.1', '255.255.255.255',
]; // biome-ignore format: a list

test.each(INSIDE)('%s', async (host) => {
  const before = asked.length;
  const resolve = async (): Promise<readonly string[]> => ['127.0.0.1'];
  for (const url of [`https://${host}/`, `https://${host}:${port}/`, `http://${host}:${port}/`, `https://github.com@${host}/`, `https://github.com:x@${host}/`])
    expect([url, await createLinkCheck({ hosts: [], resolve }).check(url)]).toEqual([url, 0]);
  expect(asked).toHaveLength(before);
  tally('bad input', 'links to the inside', 5);
}); // biome-ignore format: a long line

test.each([
  'localhost',
  'LOCALHOST',
  'localhost.',
  'inside.example.org',
  'both.example.org',
  'mapped.example.org',
  'nothing.example.org',
])('a name that leads inside: %s', async (host) => {
  const before = asked.length;
  const found: Readonly<Record<string, readonly string[]>> = {
    'inside.example.org': ['10.0.0.7'],
    'both.example.org': ['93.184.216.34', '192.168.1.1'],
    'mapped.example.org': ['::ffff:10.0.0.7'],
    'nothing.example.org': [],
  };
  const resolve = async (name: string): Promise<readonly string[]> => found[name] ?? ['127.0.0.1'];
  expect(await createLinkCheck({ hosts: [], resolve }).check(`https://${host}:${port}/`)).toBe(0);
  expect(asked).toHaveLength(before);
  tally('bad input', 'names that lead inside', 1);
});

test('of IPv6 only what was given out is outside: site-local, NAT64’s own and translated addresses are not asked', async () => {
  const asked: string[] = [];
  const ask = async (url: URL) => {
    asked.push(url.hostname);
    return { status: 200, location: null };
  };
  const inside = ['fec0::1', 'feff::1', '64:ff9b:1::a00:1', '::ffff:0:127.0.0.1', '5f00::1', '3fff::1', '4000::1', '1fff::1', '0:0:0:1::1', 'f000::1'];
  for (const address of inside) {
    const links = createLinkCheck({ hosts: [], resolve: async () => [address], ask });
    expect([address, await links.check('https://page.example.org/'), await links.check(`https://[${address}]/`)]).toEqual([address, 0, 0]);
  }
  expect(asked).toEqual([]);
  const outside = [['2606:2800:220:1::1'], ['93.184.216.34'], ['1.1.1.1', '2a00:1450::1'], ['8.8.8.8'], ['223.255.255.254']];
  for (const addresses of outside)
    expect([addresses, await createLinkCheck({ hosts: [], resolve: async () => addresses, ask }).check('https://page.example.org/')]).toEqual([addresses, 200]);
  expect(asked).toHaveLength(outside.length);
  tally('bad input', 'links to the inside', inside.length * 2);
}); // biome-ignore format: long lines

test('a page that may be asked sends on to one that may not: no further', async () => {
  const links = createLinkCheck({ hosts: [`127.0.0.1:${port}`], resolve: async () => ['10.0.0.1'] });
  expect(await links.check(`http://127.0.0.1:${port}/page`)).toBe(200);
  for (const to of ['http://169.254.169.254/latest', 'https://10.0.0.1/', '//[::1]/', 'https://inside.example.org/', `http://localhost:${port}/page`, 'file:///etc/passwd', 'gopher://127.0.0.1/', 'javascript:1']) {
    const before = asked.length;
    expect([to, await links.check(`http://127.0.0.1:${port}/to?${encodeURIComponent(to)}`)]).toEqual([to, 0]);
    expect(asked).toHaveLength(before + 1);
    tally('bad input', 'redirects to the inside', 1);
  }
}); // biome-ignore format: a long line

test('the address that was looked at is the one that is asked: a name that means another one a moment later is not followed there', async () => {
  const before = asked.length;
  let looked = 0;
  // A name server of the attacker's: outside when it is looked at, inside for whoever asks again.
  const resolve = async (): Promise<readonly string[]> => {
    looked += 1;
    return looked === 1 ? ['93.184.216.34'] : ['127.0.0.1'];
  };
  const connected: unknown[] = [];
  const ask = async (_url: URL, addresses: unknown) => {
    connected.push(addresses);
    return { status: 200, location: null };
  };
  expect(await createLinkCheck({ hosts: [], resolve, ask }).check(`https://rebind.example.org:${port}/`)).toBe(200);
  expect([looked, connected, asked.length]).toEqual([1, [['93.184.216.34']], before]);
  // What is looked up is what is connected to, whatever the machine's own name server says of the name.
  const url = new URL(`http://rebind.example.org:${port}/page`);
  expect(await askAt(url, ['127.0.0.1'], AbortSignal.timeout(5_000))).toEqual({ status: 200, location: null });
  expect(asked.at(-1)).toBe(`rebind.example.org:${port} /page`);
});
