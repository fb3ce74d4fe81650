import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createLinkCheck } from '../../src/shell/link-check.ts';

let server: Server;
let base = '';
let asked: string[] = [];

beforeAll(async () => {
  server = createServer((request, response) => {
    asked.push(request.url ?? '');
    if (request.url === '/gone') response.writeHead(404).end();
    else if (request.url === '/moved') response.writeHead(302, { location: '/page' }).end();
    else if (request.url === '/inside') response.writeHead(302, { location: 'http://10.0.0.1/secret' }).end();
    else if (request.url === '/loop') response.writeHead(302, { location: '/loop' }).end();
    else response.end('here');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => server.close());

test.each([
  ['/page', 200],
  ['/gone', 404],
  ['/moved', 200],
  ['/inside', 0],
  ['/loop', 0],
])('a listed host is asked: %s → %i', async (path, status) => {
  expect(await createLinkCheck({ hosts: ['127.0.0.1'] }).check(`${base}${path}`)).toBe(status);
});

test.each([
  'http://127.0.0.1/',
  'https://127.0.0.1/',
  'https://2130706433/',
  'https://0x7f.1/',
  'https://0177.0.0.1/',
  'https://[::1]/',
  'https://[::ffff:127.0.0.1]/',
  'https://[fd00::1]/',
  'https://10.1.2.3/',
  'https://172.16.0.1/',
  'https://192.168.1.1/',
  'https://169.254.169.254/latest/meta-data/',
  'https://100.64.0.1/',
  'https://0.0.0.0/',
  'https://github.com@169.254.169.254/',
  'https://①②⑦.0.0.1/',
  'http://public.example/',
  'https://inside.example/',
  'file:///etc/passwd',
  'ftp://public.example/',
  'not a url',
])('nothing inside is asked: %s', async (url) => {
  asked = [];
  const resolve = async (host: string) => (host === 'inside.example' ? ['192.168.7.7'] : ['127.0.0.1']);
  expect(await createLinkCheck({ hosts: [], resolve }).check(url)).toBe(0);
  expect(asked).toEqual([]);
});

test('a name with one address inside is not asked, even beside a public one', async () => {
  const resolve = async () => ['93.184.216.34', '10.0.0.8'];
  expect(await createLinkCheck({ hosts: [], resolve }).check('https://both.example/')).toBe(0);
});
