import { expect, test } from 'vitest';
import { toPlain } from '../../src/core/text.ts';
import { MINUTE, organisationOn } from './given-app.ts';

/** Signing in to the pages of a real organisation: once, soon, and by nobody else. */

const PUBLIC = 'https://baton.example';
const HOUR = 60 * MINUTE;

test('a link signs a browser in, and works once', async () => {
  const { browser, linkOf } = await organisationOn();
  const [mine, other] = [browser(), browser()];
  const secret = await linkOf('sam');
  expect(secret).toMatch(/^[\w-]{32}$/);
  const { status, headers } = await mine.signIn(secret);
  expect({ status, to: headers.get('location') }).toEqual({ status: 303, to: '/waiting' });
  expect((await mine.get('/waiting')).text).toContain('You are signed in as Sam');
  const again = await other.signIn(secret);
  expect(again.status).toBe(403);
  expect(again.text).toContain('used already');
  expect(other.cookie).toBe('');
});

test('two browsers at once, one of them gets in', async () => {
  const { browser, linkOf } = await organisationOn();
  const secret = await linkOf('sam');
  const answers = await Promise.all(Array.from({ length: 5 }, () => browser().signIn(secret)));
  expect(answers.map(({ status }) => status).sort()).toEqual([303, 403, 403, 403, 403]);
});

test('a bot that looks at the link burns nothing', async () => {
  const { browser, linkOf, app, address, store } = await organisationOn(PUBLIC);
  const secret = await linkOf('sam');
  const before = store.figures().events;
  for (const method of ['GET', 'HEAD', 'GET']) {
    const answer = await app.request(`${address}/sign-in`, { method, headers: { host: 'baton.example' } });
    expect(answer.status).toBe(200);
    expect(answer.headers.get('set-cookie')).toBeNull();
  }
  expect(store.figures().events).toBe(before);
  expect((await browser().signIn(secret)).status).toBe(303);
});

test('the whole link may be pasted, where there are no scripts', async () => {
  const { browser, linkOf, address } = await organisationOn();
  const { text } = await browser().get('/sign-in');
  expect(text).toMatch(/<form id="sign-in"[^>]* method="post" action="\/sign-in"/);
  expect((await browser().signIn(` ${address}/sign-in#${await linkOf('sam')} `)).status).toBe(303);
});

test('after ten minutes a link is late', async () => {
  const { browser, linkOf, wait } = await organisationOn();
  const secret = await linkOf('sam');
  wait(10 * MINUTE);
  const { status, text } = await browser().signIn(secret);
  expect(status).toBe(403);
  expect(text).toContain('minutes of that link are over');
});

test('a link whose person has left opens nothing, and an open session of theirs is over at once', async () => {
  const { browser, linkOf, say } = await organisationOn(PUBLIC);
  const sam = browser();
  await sam.signIn(await linkOf('sam'));
  expect((await sam.get('/board')).status).toBe(200);
  const page = await sam.page();
  const second = await linkOf('sam');
  expect(await say('olga', '/person remove sam')).toMatchObject({ ok: true });
  expect((await sam.get('/board')).headers.get('location')).toBe('/sign-in');
  expect((await sam.post('/say', { page, place: '', text: '/story Not to be made' })).status).toBe(401);
  expect((await browser().signIn(second)).text).toContain('somebody who has left');
});

test('a stranger is given no link', async () => {
  const { say, store } = await organisationOn();
  const before = store.figures().events;
  expect(await say('telegram:77', '/web')).toMatchObject({ ok: false, code: 'forbidden' });
  expect(store.figures().events).toBe(before);
});

test('in a group nothing is given away', async () => {
  const { engine, store } = await organisationOn();
  const before = store.figures().events;
  const answer = await engine.handle(
    { as: 'sam', via: 'shell', place: 'general', text: '/web', pressed: false },
    'test:1',
  );
  expect(answer).toMatchObject({ ok: false, code: 'refused' });
  expect(answer.text).not.toContain('sign-in');
  expect(store.figures().events).toBe(before);
});

test('what is written down holds no secret, and a link that lost its secret says so', async () => {
  const { linkOf, browser, store, lines, wayIn, wait, engine } = await organisationOn();
  const secret = await linkOf('sam');
  const sam = browser();
  await sam.signIn(secret);
  const token = sam.cookie.split(/[=.]/)[1] ?? '';
  expect(token).toHaveLength(43);
  const written = JSON.stringify([store.inbox(100), store.events(0, 1_000), lines]);
  expect(written).toContain('/sign-in#secret-');
  expect(written).not.toContain(secret);
  expect(written).not.toContain(token);
  const late = await engine.handle({ as: 'sam', via: 'shell', place: null, text: '/web', pressed: false }, 'test:late');
  wait(16 * MINUTE);
  await linkOf('wim');
  expect(toPlain(wayIn.reveal(late.nodes))).toContain('This has had its time');
});

test('a code that joins accounts is written down as its stand-in, and works as it was said', async () => {
  const { engine, store, lines, wayIn } = await organisationOn();
  const say = (as: string, text: string) =>
    engine.handle({ as, via: 'telegram', place: null, text, pressed: false }, `test:${text}`);
  const said = toPlain(wayIn.reveal((await say('sam', '/link-account')).nodes));
  const secret = /Your code is `?([A-Z2-9]{4}-[A-Z2-9]{4})/.exec(said)?.[1] ?? '';
  expect(secret).toHaveLength(9);
  expect(said).toContain(`/iam ${secret}`);
  expect(JSON.stringify([store.inbox(100), store.events(0, 1_000), lines])).not.toContain(secret);
  expect(await say('telegram:990', `/iam ${secret}`)).toMatchObject({ ok: true, code: 'linked' });
});

test('the cookie is a __Host- one behind https, and its pages want it', async () => {
  const { browser, linkOf } = await organisationOn(PUBLIC);
  const sam = browser();
  await sam.signIn(await linkOf('sam'));
  expect(sam.given()).toMatch(
    /^__Host-baton=[\w-]{43}\.\d+\.[\w-]{43}; Max-Age=43200; Path=\/; HttpOnly; Secure; SameSite=Lax$/,
  );
  const value = sam.cookie.split('=')[1] ?? '';
  sam.cookie = `baton=${value}`;
  expect((await sam.get('/board')).status).toBe(303);
});

test('on this machine it is a plain one', async () => {
  const { browser, linkOf } = await organisationOn();
  const sam = browser();
  await sam.signIn(await linkOf('sam'));
  expect(sam.given()).toMatch(/^baton=[\w-]{43}\.\d+\.[\w-]{43}; Max-Age=43200; Path=\/; HttpOnly; SameSite=Lax$/);
});

test('over an open network nobody signs in, and the link is not used up', async () => {
  const { browser, linkOf } = await organisationOn('http://localhost:8080', 8080, '192.168.1.5');
  const sam = browser();
  const secret = await linkOf('sam');
  const open = { host: '192.168.1.5:8080', origin: 'http://192.168.1.5:8080' };
  const { status, text } = await sam.post('/sign-in', { secret }, open);
  expect(status).toBe(403);
  expect(text).toContain('open network');
  expect(sam.cookie).toBe('');
  expect((await sam.signIn(secret)).status).toBe(303);
});

test('a cookie that was changed is none', async () => {
  const { browser, linkOf } = await organisationOn(PUBLIC);
  const sam = browser();
  await sam.signIn(await linkOf('sam'));
  const [name = '', token = '', used = '', seal = ''] = sam.cookie.split(/[=.]/);
  const flip = (text: string): string => `${text.startsWith('A') ? 'B' : 'A'}${text.slice(1)}`;
  for (const value of [
    `${flip(token)}.${used}.${seal}`,
    `${token}.${Number(used) + 1}.${seal}`,
    `${token}.${used}.${flip(seal)}`,
    `${token}.${used}.`,
    token,
    'sam',
    '',
  ]) {
    sam.cookie = `${name}=${value}`;
    expect((await sam.get('/board')).status, value).toBe(303);
  }
  sam.cookie = `${name}=${token}.${used}.${seal}`;
  expect((await sam.get('/board')).status).toBe(200);
});

test('a session that somebody else laid in the browser is not taken over', async () => {
  const { browser, linkOf } = await organisationOn();
  const [wim, sam] = [browser(), browser()];
  await wim.signIn(await linkOf('wim'));
  sam.cookie = wim.cookie;
  await sam.signIn(await linkOf('sam'));
  expect(sam.cookie).not.toBe(wim.cookie);
  expect((await sam.get('/waiting')).text).toContain('You are signed in as Sam');
  // The one that was there before is over, for whoever laid it there as well.
  expect((await wim.get('/waiting')).headers.get('location')).toBe('/sign-in');
});

test('whoever signs out is out, also with a copy of the cookie', async () => {
  const { browser, linkOf } = await organisationOn(PUBLIC);
  const sam = browser();
  await sam.signIn(await linkOf('sam'));
  const copy = browser();
  copy.cookie = sam.cookie;
  expect((await sam.post('/sign-out', { page: 'made-up' })).status).toBe(409);
  expect((await sam.get('/board')).status).toBe(200);
  expect((await sam.post('/sign-out', { page: await sam.page() })).headers.get('location')).toBe('/sign-in');
  expect(sam.cookie).toBe('');
  expect((await copy.get('/board')).status).toBe(303);
});

test('a session that nobody uses is over after twelve hours; in use it lasts a week', async () => {
  const { browser, linkOf, wait } = await organisationOn(PUBLIC);
  const [idle, busy] = [browser(), browser()];
  await idle.signIn(await linkOf('sam'));
  await busy.signIn(await linkOf('wim'));
  // A page that follows by itself is not somebody who is there.
  wait(11 * HOUR);
  expect((await idle.get('/board', { 'x-by-itself': '1' })).status).toBe(200);
  expect((await busy.get('/board')).status).toBe(200);
  wait(2 * HOUR);
  expect((await idle.get('/board')).status).toBe(303);
  for (let hours = 13; hours < 7 * 24 - 10; hours += 10) {
    expect((await busy.get('/board')).status, String(hours)).toBe(200);
    wait(10 * HOUR);
  }
  wait(10 * HOUR);
  expect((await busy.get('/board')).status).toBe(303);
});

test('ten wrong tries a minute are answered, and a right one always is', async () => {
  const { browser, linkOf, wait } = await organisationOn();
  const secret = await linkOf('sam');
  const tries = async (count: number) =>
    Promise.all(Array.from({ length: count }, async (_, at) => (await browser().signIn(`guess-${at}`)).status));
  expect(await tries(12)).toEqual([...Array.from({ length: 10 }, () => 403), 429, 429]);
  expect((await browser().signIn(secret)).status).toBe(303);
  wait(MINUTE);
  expect(await tries(1)).toEqual([403]);
});

test.each([
  ['another site', { origin: 'https://evil.example' }],
  ['a frame of another site', { 'sec-fetch-site': 'cross-site' }],
])('a sign-in that comes from %s is none', async (_from, headers) => {
  const { browser, linkOf } = await organisationOn();
  const secret = await linkOf('sam');
  const sam = browser();
  expect((await sam.post('/sign-in', { secret }, headers)).status).toBe(403);
  expect(sam.cookie).toBe('');
  expect((await sam.signIn(secret)).status).toBe(303);
});

test('where the address is public, everything but the way in wants a session', async () => {
  const { browser } = await organisationOn(PUBLIC);
  const stranger = browser();
  for (const path of [
    '/',
    '/board',
    '/tracker',
    '/mail',
    '/rules',
    '/commands',
    '/settings',
    '/outbox',
    '/console',
    '/chat/general',
    '/waiting',
    '/item/WEB-1',
    '/handbook/monitoring',
    '/nowhere',
  ]) {
    const { status, headers, text } = await stranger.get(path);
    expect({ status, to: headers.get('location') }, path).toEqual({ status: 303, to: '/sign-in' });
    expect(text).toBe('');
  }
  for (const path of ['/events', '/words']) expect((await stranger.get(path)).status, path).toBe(401);
  for (const path of ['/say', '/press', '/outbox', '/sign-out', '/as', '/clock'])
    expect((await stranger.post(path, { page: '' })).status, path).toBe(401);
  for (const path of ['/health', '/assets/console.css']) expect((await stranger.get(path)).status, path).toBe(200);
  const { status, text } = await stranger.get('/sign-in');
  expect(status).toBe(200);
  expect(text).not.toMatch(/Example Grid|<nav|Releases open|Freeze/);
});
