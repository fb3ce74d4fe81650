import { once } from 'node:events';
import { connect } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { tally } from '../support/tally.ts';
import { ask, type Bot, createFolder, createVisitor, pageIdIn, startBot } from './demo.ts';
import { organisationOn } from './given-app.ts';

/** What the console lets in, and what it never lets out. */

const folder = createFolder();
let bot: Bot;
beforeAll(async () => {
  bot = await startBot(folder.path);
});
afterAll(async () => {
  await bot.stop();
  folder.remove();
});

const port = () => new URL(bot.origin).port;

test.each([
  ['127.0.0.1', 200],
  ['localhost', 200],
  ['[::1]', 200],
  ['evil.example', 421],
  ['127.0.0.1.evil.example', 421],
])('a request for the host %s is answered with %i', async (host, status) => {
  expect((await ask(bot.origin, '/board', { headers: { host: `${host}:${port()}` } })).status).toBe(status);
});

test('another port of the same name is not ours', async () => {
  expect((await ask(bot.origin, '/board', { headers: { host: '127.0.0.1:1' } })).status).toBe(421);
});

test.each([
  ['its own page', () => bot.origin, 303],
  ['its own page under another name', () => `http://localhost:${port()}`, 303],
  ['another site', () => 'https://evil.example', 403],
  ['a page without an origin', () => 'null', 403],
  ['nowhere', () => undefined, 403],
])('a form that is sent from %s', async (_from, origin, status) => {
  const page = pageIdIn((await ask(bot.origin, '/')).text);
  const from = origin();
  const headers = {
    'content-type': 'application/x-www-form-urlencoded',
    ...(from === undefined ? {} : { origin: from }),
  };
  const body = new URLSearchParams({ page, as: 'sam' }).toString();
  expect((await ask(bot.origin, '/as', { method: 'POST', headers, body })).status).toBe(status);
});

test('a page of another site may not even read', async () => {
  expect((await ask(bot.origin, '/board', { headers: { origin: 'https://evil.example' } })).status).toBe(403);
});

test('every answer says what may be loaded, framed and told', async () => {
  for (const path of ['/', '/board', '/assets/console.css', '/nowhere', '/words']) {
    const { headers } = await ask(bot.origin, path);
    expect(headers['content-security-policy'], path).toMatch(
      /^default-src 'none'; script-src 'self'; style-src 'self'/,
    );
    expect(headers['content-security-policy']).toContain("frame-ancestors 'none'");
    expect(headers['content-security-policy']).not.toContain('unsafe');
    expect(headers['x-content-type-options']).toBe('nosniff');
    expect(headers['referrer-policy']).toBe('same-origin');
  }
});

test('no page has a script or a style inside', async () => {
  const visitor = createVisitor(bot.origin);
  await visitor.be('olga');
  for (const path of [
    '/',
    '/console',
    '/chat/ops',
    '/board',
    '/item/WEB-1',
    '/tracker',
    '/mail',
    '/rules',
    '/commands',
    '/settings',
    '/clock',
    '/waiting',
  ]) {
    const { text, status } = await visitor.get(path);
    expect(status, path).toBe(200);
    expect(text, path).not.toMatch(/<style|\sstyle=|\son\w+=|<script(?! src="\/assets\/console\.js)|javascript:/i);
  }
});

test('the cookie holds who is played, and scripts do not see it', async () => {
  const page = pageIdIn((await ask(bot.origin, '/')).text);
  const headers = { origin: bot.origin, 'content-type': 'application/x-www-form-urlencoded' };
  const reply = await ask(bot.origin, '/as', {
    method: 'POST',
    headers,
    body: new URLSearchParams({ page, as: 'sam' }).toString(),
  });
  expect(reply.headers['set-cookie']).toEqual(['baton_as=sam; Path=/; HttpOnly; SameSite=Lax']);
});

const HOSTILE = `<script>alert(1)</script><img src=x onerror=alert(2)>"'&amp; javascript:alert(3) \u202Egnp.exe`;

test('what people write is never markup, wherever it is shown', async () => {
  const visitor = createVisitor(bot.origin);
  await visitor.be('petra');
  const said = await visitor.say(`/propose web ${HOSTILE}`);
  const key = [...said.matchAll(/\/item\/(WEB-\d+)/g)].at(-1)?.[1] ?? '';
  await visitor.say(`/link ${key} https://pad.example/"><script>alert(4)</script>`);
  await visitor.say(`/bug major ${HOSTILE}`);
  await visitor.say(HOSTILE, 'general');
  for (const path of [
    '/console',
    '/chat/general',
    '/board',
    `/item/${key}`,
    '/tracker',
    '/words',
    `/console?say=${encodeURIComponent(HOSTILE)}`,
  ]) {
    const { text, headers } = await visitor.get(path);
    if (headers['content-type']?.includes('json') === true) continue;
    expect(text, path).not.toMatch(/<script>|<img|onerror=alert\(2\)>|href="javascript:/);
    expect(text, path).toContain('&lt;script&gt;');
  }
});

test('a form that is sent twice counts once', async () => {
  const visitor = createVisitor(bot.origin);
  await visitor.be('petra');
  const page = await visitor.page();
  const before = (await visitor.get('/tracker')).text.split('Only one of me').length;
  for (let n = 0; n < 5; n += 1)
    expect((await visitor.post('/say', { place: 'general', text: '/bug minor Only one of me' }, page)).status).toBe(
      303,
    );
  await Promise.all(
    Array.from({ length: 20 }, () =>
      visitor.post('/say', { place: 'general', text: '/bug minor Only one of me' }, page),
    ),
  );
  expect((await visitor.get('/tracker')).text.split('Only one of me').length).toBe(before + 1);
  expect((await visitor.get('/chat/general')).text.split('>/bug minor Only one of me<').length).toBe(2);
});

test('two buttons of one page are two things, and one button twice is one', async () => {
  const visitor = createVisitor(bot.origin);
  await visitor.be('quinn');
  const page = await visitor.page();
  const press = (command: string) => JSON.stringify({ place: null, command, on: 'baton#4', args: '' });
  for (const command of ['close', 'close', 'reopen', 'reopen'])
    await visitor.post('/press', { press: press(command) }, page);
  const { text } = await visitor.get('/console');
  expect(text.split('<p class="words">/close baton#4</p>').length).toBe(2);
  expect(text.split('<p class="words">/reopen baton#4</p>').length).toBe(2);
});

test.each([
  ['no id at all', ''],
  ['one that was made up', '00000000-0000-4000-8000-000000000000.00000000000000000000000000000000'],
])('a form with %s does nothing', async (_what, page) => {
  const visitor = createVisitor(bot.origin);
  await visitor.be('petra');
  expect((await visitor.post('/say', { place: '', text: '/story Not to be made' }, page)).status).toBe(409);
  expect((await visitor.get('/tracker')).text).not.toContain('Not to be made');
});

test('a page that was made for somebody else does nothing', async () => {
  const visitor = createVisitor(bot.origin);
  await visitor.be('petra');
  const page = await visitor.page();
  await visitor.be('sam');
  const reply = await visitor.post('/say', { place: '', text: '/story As whom?' }, page);
  expect(reply.status).toBe(409);
  expect(reply.text).toContain('you are Sam Okafor now');
});

test('nobody speaks in a chat that they do not belong to', async () => {
  const visitor = createVisitor(bot.origin);
  await visitor.be('sam');
  expect((await visitor.post('/say', { place: 'ops', text: 'hello' })).status).toBe(409);
  expect((await visitor.post('/say', { place: 'announcements', text: 'hello' })).status).toBe(409);
  expect((await visitor.get('/chat/ops')).headers.location).toBe('/console');
});

test('a stranger sees nothing of the organisation', async () => {
  const visitor = createVisitor(bot.origin);
  await visitor.be('stranger');
  for (const path of ['/board', '/tracker', '/mail', '/settings', '/item/WEB-1']) {
    const { status, text } = await visitor.get(path);
    expect(status, path).toBe(403);
    expect(text).not.toContain('spring campaign');
  }
  expect(await visitor.say('/status WEB-1')).toContain('I do not know you here');
  await visitor.post('/press', {
    press: JSON.stringify({ place: 'testers', command: 'join', on: 'PROD-1', args: '' }),
  });
  expect((await visitor.get('/chat/testers')).text).toContain('Welcome: you test');
  const { status, text } = await visitor.get('/item/PROD-1');
  expect(status).toBe(200);
  expect(text).toContain('Meter app for tenants');
  expect(text).not.toContain('Leo Brandt');
});

test('a body of more than a megabyte is refused', async () => {
  const visitor = createVisitor(bot.origin);
  await visitor.be('petra');
  expect((await visitor.post('/say', { place: '', text: 'a'.repeat(1_000_001) })).status).toBe(413);
  expect((await visitor.post('/say', { place: '', text: 'a'.repeat(20_000) })).status).toBe(413);
});

test('eight kilobytes of headers are enough', async () => {
  expect((await ask(bot.origin, '/board', { headers: { 'x-long': 'a'.repeat(9_000) } })).status).toBe(431);
});

test('whoever is slow with their headers is cut off', async () => {
  const socket = connect(Number(port()), '127.0.0.1');
  socket.on('error', () => {});
  socket.write('GET /board HTTP/1.1\r\nHost: ');
  socket.resume();
  await once(socket, 'close');
  expect((await ask(bot.origin, '/health')).status).toBe(200);
});

test('a link back leads only to this address', async () => {
  const visitor = createVisitor(bot.origin);
  for (const back of ['//evil.example', '/\\evil.example', 'https://evil.example'])
    expect((await visitor.post('/clock', { move: 'none', back })).headers.location).toBe('/clock');
});

test('a body that is no form, or can not be taken apart, is nobody’s form, and no error of ours', async () => {
  const { app, address, lines } = await organisationOn('https://baton.example');
  const bodies: readonly (readonly [string, string])[] = [
    ['multipart/form-data; boundary=x', '--x\r\nContent-Disposition: form-data; name="secret"\r\n\r\nabc'],
    ['multipart/form-data; boundary=x', ''],
    ['multipart/form-data', 'secret=a'],
    ['application/x-www-form-urlencoded', 'secret=%&__proto__=1&secret[]=2'],
    ['application/json', '{"secret":"a"}'],
    ['text/plain', 'secret=a'],
  ];
  for (const [type, body] of bodies)
    for (const [path, status] of [['/sign-in', 403], ['/say', 401], ['/sign-out', 401]] as const) {
      const headers = { host: 'baton.example', origin: address, 'content-type': type };
      const answer = await app.request(`${address}${path}`, { method: 'POST', headers, body });
      expect([type, body, path, answer.status]).toEqual([type, body, path, answer.status === 429 ? 429 : status]);
    }
  for (const [type, body] of bodies) {
    const headers = { origin: bot.origin, 'content-type': type };
    expect((await ask(bot.origin, '/say', { method: 'POST', headers, body })).status).toBe(409);
  }
  expect(lines.filter((line) => line.includes('"error"'))).toEqual([]);
  tally('bad input', 'bodies that can not be taken apart', bodies.length * 4);
}); // biome-ignore format: long lines
