import { once } from 'node:events';
import { SocketModeClient } from '@slack/socket-mode';
import { WebClient } from '@slack/web-api';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { endAll, endings, open, quiet, refusal, tryOnce } from './given.ts';
import { object } from './json.ts';
import type { SlackPeer } from './peer.ts';

/** Envelopes and connections, through the real client. */

afterEach(endAll);

describe('Socket Mode', () => {
  async function connect(peer: SlackPeer) {
    const client = new SocketModeClient({
      appToken: peer.appToken,
      clientOptions: { slackApiUrl: peer.apiUrl, retryConfig: { retries: 1000, factor: 1, minTimeout: 20 } },
      clientPingTimeout: 100,
      logger: quiet,
    });
    const came: {
      type: string;
      body: unknown;
      retry: unknown;
      ack: (answer?: Record<string, unknown>) => Promise<void>;
    }[] = [];
    client.on('slack_event', ({ type, body, retry_num: retry, ack }) => void came.push({ type, body, retry, ack }));
    await client.start();
    endings.push(() => client.disconnect());
    return { client, came };
  }

  test('an event comes once and is acknowledged; unacknowledged it comes again under the same id', async () => {
    const { peer, olga } = await open({ patience: 50, retryScale: 0.0001 });
    const { came } = await connect(peer);
    olga.dm('/status');
    await vi.waitFor(() => expect(came).toHaveLength(2));
    expect(came.map(({ retry }) => retry)).toEqual([0, 1]);
    const ids = came.map(({ body }) => object(body).event_id);
    expect(ids[0]).toBe(ids[1]);
    await came[1]?.ack();
    await peer.waitFor(() => peer.deliveries[0]?.state === 'acked');
    expect(peer.deliveries[0]?.tries.map(({ outcome }) => outcome)).toEqual(['timeout', 'acked']);
    expect(came[0]?.body).toMatchObject({
      event: { type: 'message', channel_type: 'im', text: '/status', user: 'U0OLGA' },
    });
  });

  test('an event that nobody takes is lost after four tries', async () => {
    const { peer, olga } = await open({ patience: 50, retryScale: 0.0001 });
    olga.dm('hello');
    await peer.waitFor(() => peer.deliveries[0]?.state === 'lost');
    expect(peer.deliveries[0]?.tries).toHaveLength(4);
  });

  test('a command is answered in its acknowledgement, or the person sees a time-out', async () => {
    const { peer, olga, kim } = await open({ patience: 100 });
    const { client } = await connect(peer);
    client.on('slash_commands', async ({ ack, body }) => {
      if (object(body).text !== 'silence') await ack({ text: 'done', response_type: 'in_channel' });
    });
    const seen = await olga.command('C0WEB', '/baton', 'approve WEB-1 for @kim');
    expect(seen.message).toMatchObject({ text: 'done', only: undefined });
    expect(peer.deliveries[0]?.body).toMatchObject({ text: 'approve WEB-1 for <@U0KIM|kim>', channel_name: 'web' });
    expect(await kim.command('C0WEB', '/baton', 'silence')).toEqual({ error: 'operation_timeout' });
    expect(await kim.command('C0WEB', '/status', '')).toEqual({ error: 'unknown_command' });
  });

  test('each payload goes to one connection', async () => {
    const { peer, olga } = await open();
    const all = [await connect(peer), await connect(peer)];
    for (const { client } of all) client.on('slash_commands', ({ ack }) => ack({ text: 'ok' }));
    for (let at = 0; at < 4; at += 1) await olga.command('C0WEB', '/baton', 'status');
    expect(all.map(({ came }) => came.length)).toEqual([2, 2]);
    expect(peer.sockets.connections).toBe(2);
  });

  test('a refresh, a cut and an absence all end in a new connection', async () => {
    const { peer, olga } = await open();
    const { client } = await connect(peer);
    client.on('slash_commands', ({ ack }) => ack({ text: 'ok' }));
    const upsets = [
      () => peer.sockets.refresh(),
      () => peer.sockets.drop(),
      async () => {
        await peer.away(true);
        expect(await olga.command('C0WEB', '/baton', 'status')).toEqual({ error: 'dispatch_failed' });
        await peer.away(false);
      },
    ];
    for (const upset of upsets) {
      const { promise, resolve } = Promise.withResolvers<unknown>();
      client.once('connected', resolve);
      await upset();
      await promise;
      await peer.waitFor(() => peer.sockets.connections === 1);
      expect((await olga.command('C0WEB', '/baton', 'status')).message).toMatchObject({ text: 'ok', only: 'U0OLGA' });
    }
  });

  test('a ticket opens one connection, and a wrong app token none', async () => {
    const { peer } = await open();
    const wrong = new WebClient('xapp-wrong', { slackApiUrl: peer.apiUrl, ...tryOnce });
    expect(await refusal(wrong.apps.connections.open())).toBe('invalid_auth');
    const right = new WebClient(peer.appToken, { slackApiUrl: peer.apiUrl, ...tryOnce });
    const { url = '' } = await right.apps.connections.open();
    const first = new WebSocket(url);
    const [hello] = await once(first, 'message');
    expect(JSON.parse(hello.data)).toMatchObject({ type: 'hello', num_connections: 1 });
    const second = new WebSocket(url);
    await once(second, 'error');
    first.close();
    await once(first, 'close');
  });
});
