import { expect, test } from 'vitest';
import { MINUTE, organisationOn } from './given-app.ts';

/** What the signed-in people of a real organisation do in the pages, as themselves, and what stays closed to them. */

const PUBLIC = 'https://baton.example';

async function signedIn(person: string, at: Awaited<ReturnType<typeof organisationOn>>) {
  const browser = at.browser();
  await browser.signIn(await at.linkOf(person));
  return browser;
}

test('what somebody says and presses is said by them', async () => {
  const at = await organisationOn(PUBLIC);
  const [wim, sam] = [await signedIn('wim', at), await signedIn('sam', at)];
  const said = await wim.post('/say', { page: await wim.page(), place: '', text: '/propose web A page of ours' });
  expect({ status: said.status, to: said.headers.get('location') }).toEqual({ status: 303, to: '/console#latest' });
  expect((await wim.get('/console')).text).toContain('/propose web A page of ours');
  expect((await wim.get('/item/WEB-1')).text).toContain('<strong>Wim</strong> proposed');
  await at.say('wim', '/link WEB-1 https://cryptpad.example.org/pad/1');
  await at.say('sam', '/call open');
  const press = JSON.stringify({ place: null, command: 'approve', on: 'WEB-1', args: '' });
  expect((await sam.get('/waiting')).text).toContain('Approve');
  expect((await sam.post('/press', { page: await sam.page(), press })).status).toBe(303);
  const history = at.engine.world().history('item', 'WEB-1');
  expect(history[0]).toMatchObject({ actor: 'wim', via: 'web' });
  expect(history.filter(({ actor, via }) => actor === 'sam' && via === 'web')).not.toEqual([]);
});

test('a form that is sent twice counts once', async () => {
  const at = await organisationOn();
  const wim = await signedIn('wim', at);
  const page = await wim.page();
  const answers = await Promise.all(
    Array.from({ length: 10 }, () => wim.post('/say', { page, place: '', text: '/story Only one of me' })),
  );
  expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([303]));
  expect((await wim.get('/tracker')).text.split('Only one of me').length).toBe(2);
});

test('neither the cookie of the demonstration nor a form of somebody else makes anybody be someone', async () => {
  const at = await organisationOn();
  const wim = await signedIn('wim', at);
  const sam = await signedIn('sam', at);
  const stranger = at.browser();
  const page = await sam.page();
  for (const who of [wim, stranger])
    expect((await who.post('/say', { page, place: '', text: '/story As whom?' })).status).toBe(409);
  stranger.cookie = 'baton_as=sam';
  expect((await stranger.get('/console')).headers.get('location')).toBe('/sign-in');
  expect((await stranger.post('/say', { page, place: '', text: '/story As whom?' })).status).toBe(409);
  expect(at.engine.world().get('counter', 'baton/us:')).toBeUndefined();
});

test('nobody is anyone else, and nobody moves the clock', async () => {
  const at = await organisationOn();
  const sam = await signedIn('sam', at);
  const page = await sam.page();
  for (const path of ['/as', '/clock'])
    expect((await sam.post(path, { page, as: 'olga', move: 'hour', back: '/' })).status, path).toBe(404);
  expect((await sam.get('/clock')).status).toBe(404);
  const waiting = await sam.get('/waiting');
  expect(waiting.text).not.toMatch(/be them|Move the demonstration|name="move"/);
  expect((await sam.get('/')).headers.get('location')).toBe('/waiting');
});

test('chats to which somebody does not belong stay closed, and so do other people’s conversations', async () => {
  const at = await organisationOn();
  const [olga, sam] = [await signedIn('olga', at), await signedIn('sam', at)];
  await olga.post('/say', { page: await olga.page(), place: 'ops', text: 'among ourselves' });
  await olga.post('/say', { page: await olga.page(), place: '', text: '/story Between Olga and Baton' });
  expect((await olga.get('/chat/ops')).text).toContain('among ourselves');
  expect((await sam.get('/chat/ops')).headers.get('location')).toBe('/console');
  const press = JSON.stringify({ place: 'ops', command: 'story', on: '', args: 'From outside' });
  expect((await sam.post('/say', { page: await sam.page(), place: 'ops', text: 'hello' })).status).toBe(409);
  expect((await sam.post('/press', { page: await sam.page(), press })).status).toBe(409);
  for (const path of ['/console', '/chat/general', '/waiting'])
    expect((await sam.get(path)).text, path).not.toMatch(/among ourselves|Between Olga and Baton/);
});

test('on this machine the board is read without a sign-in, and nothing more', async () => {
  const at = await organisationOn();
  const reader = at.browser();
  for (const path of ['/board', '/tracker', '/mail', '/rules', '/commands', '/settings', '/outbox']) {
    const { status, text } = await reader.get(path);
    expect(status, path).toBe(200);
    expect(text, path).toContain('href="/sign-in"');
    expect(text, path).not.toMatch(/<form|href="\/console"|href="\/clock"/);
  }
  for (const path of ['/console', '/chat/general', '/waiting'])
    expect((await reader.get(path)).headers.get('location'), path).toBe('/sign-in');
  expect((await reader.get('/words')).status).toBe(401);
});

/** A message to Sam that could not be delivered. */
async function parked(at: Awaited<ReturnType<typeof organisationOn>>): Promise<number> {
  await at.say('wim', '/propose web A page of ours');
  await at.say('sam', '/call open');
  const [row] = await at.store.claim(at.hub.clock.now(), 100);
  if (row === undefined) throw new Error('the test has no message');
  await at.store.mark(row.id, 'failed', { reason: 'the bot was blocked <b>' });
  return row.id;
}

test('OPS and admins see what is parked, send it again, or give it up', async () => {
  const at = await organisationOn(PUBLIC);
  const id = await parked(at);
  const olga = await signedIn('olga', at);
  expect((await olga.get('/settings')).text).toContain('href="/outbox"');
  const { text } = await olga.get('/outbox');
  expect(text).toContain('the bot was blocked &lt;b&gt;');
  expect(text).toContain('Send again');
  const row = String(id);
  const again = await olga.post('/outbox', { page: await olga.page(), row, do: 'retry' });
  expect(again.headers.get('location')).toBe('/outbox?done=retry');
  expect(at.store.parked(10)).toEqual([]);
  expect((await at.store.claim(at.hub.clock.now(), 100)).map((each) => each.id)).toContain(id);
  await at.store.mark(id, 'failed', { reason: 'the bot was blocked' });
  const gone = await olga.post('/outbox', { page: await olga.page(), row, do: 'discard' });
  expect(gone.headers.get('location')).toBe('/outbox?done=discard');
  expect(at.store.parked(10)).toEqual([]);
  const twice = await olga.post('/outbox', { page: await olga.page(), row, do: 'discard' });
  expect(twice.headers.get('location')).toBe('/outbox?done=gone');
  const logged = at.lines.filter((line) => line.includes('parked message'));
  expect(logged).toHaveLength(2);
  expect(logged.every((line) => line.includes('"who":"olga"'))).toBe(true);
});

test('nobody else sees what was said to others, or sends it again', async () => {
  const at = await organisationOn(PUBLIC);
  const row = String(await parked(at));
  const wim = await signedIn('wim', at);
  const { status, text } = await wim.get('/outbox');
  expect(status).toBe(403);
  expect(text).not.toContain('blocked');
  const settings = (await wim.get('/settings')).text;
  expect(settings).toContain('could not be delivered');
  expect(settings).not.toContain('blocked');
  expect((await wim.post('/outbox', { page: await wim.page(), row, do: 'discard' })).status).toBe(403);
  const olga = await signedIn('olga', at);
  expect((await olga.post('/outbox', { page: await wim.page(), row, do: 'discard' })).status).toBe(409);
  expect((await olga.post('/outbox', { page: await olga.page(), row: '1; DROP', do: 'discard' })).status).toBe(409);
  expect(at.store.parked(10)).toHaveLength(1);
});

test('what waits for four minutes is shown as late, so that nothing is for five without it', async () => {
  const at = await organisationOn();
  await at.say('wim', '/propose web A page of ours');
  await at.say('sam', '/call open');
  expect((await at.browser().get('/outbox')).text).toContain('Nothing waits for long.');
  expect((await at.browser().get('/settings')).text).not.toContain(' late. ');
  at.wait(4 * MINUTE + 1);
  expect((await at.browser().get('/outbox')).text).toContain('not tried yet');
  expect((await at.browser().get('/settings')).text).toContain('>1</span> late. What is late');
});

test('an open page of somebody who signs out hears of nothing more', async () => {
  const at = await organisationOn(PUBLIC);
  const sam = await signedIn('sam', at);
  const stream = await at.app.request(`${PUBLIC}/events`, { headers: { host: 'baton.example', cookie: sam.cookie } });
  const reader = stream.body?.getReader();
  expect(new TextDecoder().decode((await reader?.read())?.value)).toContain('hello');
  await sam.post('/sign-out', { page: await sam.page() });
  at.hub.changes.tell();
  expect((await reader?.read())?.done).toBe(true);
});

test('a link of /web that is said in the pages themselves is whole there', async () => {
  const at = await organisationOn();
  const sam = await signedIn('sam', at);
  await sam.post('/say', { page: await sam.page(), place: '', text: '/web' });
  const secret = /\/sign-in#([\w-]+)/.exec((await sam.get('/console')).text)?.[1] ?? '';
  expect((await at.browser().signIn(secret)).status).toBe(303);
});

test('the settings say how each chat is', async () => {
  const at = await organisationOn();
  expect((await at.browser().get('/settings')).text).not.toContain('Chats</h2>');
  at.connect([
    { platform: 'telegram', line: 'Telegram: connected as @grid_bot.', ok: true },
    { platform: 'slack', line: 'Slack does not take the token <b>.', ok: false },
  ]);
  const { text } = await at.browser().get('/settings');
  expect(text).toContain('<span class="chip done">well</span> Telegram: connected as @grid_bot.');
  expect(text).toContain('<span class="chip wait">look here</span> Slack does not take the token &lt;b&gt;.');
});
