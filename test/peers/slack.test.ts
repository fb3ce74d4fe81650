import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { App, HTTPReceiver, SocketModeReceiver } from '@slack/bolt';
import { WebAPIPlatformError, WebClient } from '@slack/web-api';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { button, endAll, endings, open, quiet, reasonForm, section } from './slack/given.ts';
import { object } from './slack/json.ts';
import type { SlackPeer } from './slack/peer.ts';
import type { Person } from './slack/person.ts';

/** The workspace on loopback as Bolt sees it, over a socket and over signed HTTP. */

afterEach(endAll);

/** A bot of Bolt's own, as anybody would write it. */
function furnish(app: App): void {
  app.command('/baton', async ({ ack, body, client }) => {
    if (body.text !== 'form')
      return ack({ text: 'Choose', blocks: [{ type: 'actions', elements: [button('Reject', 'reject')] }] });
    await client.views.open({ trigger_id: body.trigger_id, view: reasonForm });
    await ack();
  });
  app.action('reject', async ({ ack, body, client }) => {
    await ack();
    await client.views.open({ trigger_id: 'trigger_id' in body ? body.trigger_id : '', view: reasonForm });
  });
  app.action('press', async ({ ack, respond, body }) => {
    await ack();
    await respond({ replace_original: true, text: `pressed by ${body.user.id}` });
  });
  app.view('reason', async ({ ack, view, client, body }) => {
    const why = view.state.values.why?.words?.value ?? '';
    if (why.length < 3) return ack({ response_action: 'errors', errors: { why: 'Say more.' } });
    await ack();
    await client.chat.postMessage({ channel: body.user.id, text: `Rejected: ${why}`, parse: 'none' });
  });
  app.shortcut('new', async ({ ack, shortcut, client }) => {
    await ack();
    await client.views.open({ trigger_id: shortcut.trigger_id, view: reasonForm });
  });
  app.shortcut('propose', async ({ ack, shortcut, respond }) => {
    await ack();
    await respond(`of ${'message' in shortcut ? shortcut.message.text : ''}`);
  });
  app.event('app_home_opened', async ({ event, client }) => {
    await client.views.publish({
      user_id: event.user,
      view: { type: 'home', blocks: [section('Welcome'), { type: 'actions', elements: [button('Go', 'press')] }] },
    });
  });
  app.event('app_mention', async ({ event, say }) => {
    await say({ text: `mentioned: ${event.text}`, thread_ts: event.thread_ts ?? event.ts });
  });
  app.message('ping', async ({ say }) => void (await say('pong')));
}

async function socketBot(peer: SlackPeer): Promise<void> {
  const clientOptions = { slackApiUrl: peer.apiUrl };
  const receiver = new SocketModeReceiver({
    appToken: peer.appToken,
    installerOptions: { clientOptions: { ...clientOptions } },
    logger: quiet,
  });
  const app = new App({ token: peer.botToken, receiver, clientOptions, logger: quiet, deferInitialization: true });
  await app.init();
  furnish(app);
  await app.start();
  endings.push(() => app.stop());
}

async function httpBot(peer: SlackPeer): Promise<void> {
  const receiver = new HTTPReceiver({ signingSecret: peer.signingSecret, logger: quiet, processBeforeResponse: true });
  const app = new App({
    token: peer.botToken,
    receiver,
    clientOptions: { slackApiUrl: peer.apiUrl },
    logger: quiet,
    deferInitialization: true,
  });
  await app.init();
  furnish(app);
  const server: Server = createServer(receiver.requestListener);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  endings.push(() => {
    server.closeAllConnections();
    server.close();
  });
  await peer.deliverTo(`http://127.0.0.1:${(server.address() as AddressInfo).port}/slack/events`);
}

describe.each([
  ['a socket', socketBot],
  ['signed HTTP', httpBot],
])('Bolt over %s', (_, start) => {
  let peer: SlackPeer;
  let olga: Person;
  beforeEach(async () => {
    ({ peer, olga } = await open());
    await start(peer);
  });
  const last = (channel: string) => peer.messages(channel).at(-1);

  test('a command, its button, the form behind it, and what was typed', async () => {
    const { message } = await olga.command('C0WEB', '/baton', 'reject');
    if (message === undefined) throw new Error('no answer');
    expect(message.only).toBe('U0OLGA');
    await olga.press(message, 'Reject');
    const view = await peer.waitFor(() => peer.view('U0OLGA'));
    expect(await olga.submit(view, {})).toEqual({ errors: { why: 'required' } });
    expect(await olga.submit(view, { why: 'no' })).toEqual({ errors: { why: 'Say more.' } });
    expect(await olga.submit(view, { words: 'too late' })).toEqual({ closed: true });
    await peer.waitFor(() => last('D0OLGA')?.text === 'Rejected: too late');
    await olga.command('C0WEB', '/baton', 'form');
    expect(peer.view('U0OLGA')?.content.callback_id).toBe('reason');
  });

  test('words in a channel, in private and to the bot', async () => {
    const said = olga.say('C0WEB', '@baton status <b>');
    const answer = await peer.waitFor(() => peer.messages('C0WEB').find(({ thread }) => thread === said.ts));
    expect(answer.text).toBe('mentioned: <@U0BATON> status &lt;b&gt;');
    const kinds = peer.deliveries.map(({ body }) => object(body.event).type);
    expect(kinds.slice(0, 2)).toEqual(['message', 'app_mention']);
    olga.dm('ping');
    await peer.waitFor(() => last('D0OLGA')?.text === 'pong');
    expect(olga.sees('D0OLGA').map(({ text }) => text)).toEqual(['ping', 'pong']);
  });

  test('shortcuts, the home page, an answer in place of a message', async () => {
    await olga.shortcut('new');
    await peer.waitFor(() => peer.view('U0OLGA'));
    await olga.messageShortcut(olga.say('C0WEB', 'an idea'), 'propose');
    await peer.waitFor(() => last('C0WEB')?.text === 'of an idea');
    olga.openHome();
    const home = await peer.waitFor(() => peer.home('U0OLGA'));
    expect(home.content.blocks).toMatchObject([section('Welcome'), {}]);
    const client = new WebClient(peer.botToken, { slackApiUrl: peer.apiUrl });
    const blocks = [{ type: 'actions' as const, elements: [button('Yes', 'press')] }];
    await client.chat.postMessage({ channel: 'C0WEB', text: 'card', blocks });
    const card = last('C0WEB');
    if (card === undefined) throw new Error('no card');
    await olga.press(card, 'press');
    await peer.waitFor(() => card.text === 'pressed by U0OLGA');
    expect(peer.edits(card)).toBe(1);
  });

  test('a delivery that comes again carries the same id', async () => {
    olga.dm('ping');
    await peer.waitFor(() => last('D0OLGA')?.text === 'pong');
    const [first] = peer.deliveries;
    if (first === undefined) throw new Error('nothing was delivered');
    await peer.redeliver(first);
    await peer.waitFor(() => peer.messages('D0OLGA').length === 3);
    expect(first.tries.map(({ retry }) => retry?.num)).toEqual([undefined, 1]);
  });
});

describe('forms in all their sorts', () => {
  const text = (words: string) => ({ type: 'plain_text' as const, text: words });
  const choose = {
    type: 'modal' as const,
    title: text('Choose'),
    submit: text('Send'),
    blocks: [
      {
        type: 'input' as const,
        block_id: 'who',
        label: text('Who'),
        element: { type: 'users_select' as const, action_id: 'person' },
      },
      {
        type: 'input' as const,
        block_id: 'which',
        label: text('Which'),
        optional: true,
        element: {
          type: 'static_select' as const,
          action_id: 'level',
          options: ['critical', 'minor'].map((level) => ({ text: text(level), value: level })),
        },
      },
      { type: 'actions' as const, elements: [button('More', 'more')] },
    ],
  };

  test('choices, a form over a form, and the way back', async () => {
    const { peer, olga, client } = await open();
    const receiver = new SocketModeReceiver({
      appToken: peer.appToken,
      installerOptions: { clientOptions: { slackApiUrl: peer.apiUrl } },
      logger: quiet,
    });
    const clientOptions = { slackApiUrl: peer.apiUrl };
    const app = new App({ token: peer.botToken, receiver, clientOptions, logger: quiet, deferInitialization: true });
    await app.init();
    const states: unknown[] = [];
    app.shortcut('choose', async ({ ack, shortcut }) => {
      await client.views.open({ trigger_id: shortcut.trigger_id, view: { ...choose, callback_id: 'first' } });
      await ack();
    });
    app.action('more', async ({ ack, body }) => {
      await client.views.push({ trigger_id: 'trigger_id' in body ? body.trigger_id : '', view: reasonForm });
      await ack();
    });
    app.view('reason', ({ ack }) => ack());
    app.view('first', async ({ ack, view }) => {
      states.push(view.state.values);
      await ack({ response_action: 'update', view: { ...reasonForm, callback_id: 'second' } });
    });
    app.view('second', ({ ack }) => ack({ response_action: 'clear' }));
    await app.start();
    endings.push(() => app.stop());

    await olga.shortcut('choose');
    const first = await peer.waitFor(() => peer.view('U0OLGA'));
    expect(await olga.submit(first, { which: 'minor' })).toEqual({ errors: { who: 'required' } });
    await expect(olga.submit(first, { who: 'U0KIM', which: 'huge' })).rejects.toThrow('not among the choices');
    expect(await olga.press(first, 'More')).toEqual({});
    const second = peer.view('U0OLGA');
    expect(second).toMatchObject({ previous: first.id, root: first.id });
    if (second === undefined) throw new Error('no second form');
    await expect(olga.submit(first, { who: 'U0KIM' })).rejects.toThrow('not in front');
    expect(await olga.submit(second, { why: 'because' })).toEqual({ closed: true, view: first });
    expect(await olga.submit(first, { who: 'U0KIM', which: 'minor' })).toEqual({ view: first });
    expect(states).toMatchObject([
      { who: { person: { selected_user: 'U0KIM' } }, which: { level: { selected_option: { value: 'minor' } } } },
    ]);
    expect(first.content.callback_id).toBe('second');
    expect(await olga.submit(first, { why: 'at last' })).toEqual({ closed: true });
    expect(peer.view('U0OLGA')).toBeUndefined();
  });

  test('what a strict reader refuses in a view', async () => {
    const { client } = await open();
    const problems = async (view: object) => {
      const error = await client
        .apiCall('views.publish', { user_id: 'U0OLGA', view })
        .catch((caught: unknown) => (caught instanceof WebAPIPlatformError ? caught.data : caught));
      return object(object(error).response_metadata).messages;
    };
    expect(await problems({ type: 'modal', blocks: [] })).toEqual([expect.stringContaining('unsupported type')]);
    const many = Array.from({ length: 101 }, () => ({ type: 'divider' }));
    expect(await problems({ type: 'home', blocks: many })).toEqual([expect.stringContaining('no more than 100')]);
    const long = { type: 'home', blocks: [], private_metadata: 'x'.repeat(3001) };
    expect(await problems(long)).toEqual([expect.stringContaining('less than 3001')]);
    expect(await problems({ type: 'home', blocks: [{ type: 'markdown', text: 'a' }] })).toHaveLength(1);
  });
});

describe('signed HTTP', () => {
  test('forged requests are refused', async () => {
    const { peer } = await open();
    await httpBot(peer);
    for (const signature of ['none', 'wrong', 'empty', 'old'] as const)
      expect(await peer.forge({ signature })).toBe(401);
    expect(await peer.forge({ signature: 'valid', body: { type: 'url_verification', challenge: 'x' } })).toBe(200);
  });

  test('an address that does not repeat the challenge is not taken', async () => {
    const { peer } = await open();
    await expect(peer.deliverTo(peer.apiUrl)).rejects.toThrow('did not repeat the challenge');
  });

  test('an event is tried again with its number and reason, a command is not', async () => {
    const { peer, olga } = await open({ retryScale: 0.0001 });
    const heads: unknown[] = [];
    const server = createServer((request, response) => {
      request.resume();
      heads.push([request.headers['x-slack-retry-num'], request.headers['x-slack-retry-reason']]);
      response.writeHead(heads.length === 3 ? 200 : 500).end();
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    endings.push(() => server.close());
    await peer.deliverTo(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`, { verify: false });
    olga.dm('hello');
    await peer.waitFor(() => peer.deliveries[0]?.state === 'acked');
    expect(heads).toEqual([
      [undefined, undefined],
      ['1', 'http_error'],
      ['2', 'http_error'],
    ]);
    expect(await olga.command('C0WEB', '/baton', 'x')).toEqual({ error: 'dispatch_failed' });
    expect(heads).toHaveLength(4);
  });
});
