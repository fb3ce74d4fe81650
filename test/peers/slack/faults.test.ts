import { WebAPIHTTPError, WebAPIRateLimitedError, WebAPIRequestError, WebClient } from '@slack/web-api';
import { afterEach, describe, expect, test } from 'vitest';
import { assumptions } from './assumptions.ts';
import { endAll, open, quiet, reasonForm, refusal, tryOnce } from './given.ts';
import { object, string } from './json.ts';

/** What goes wrong, is too fast, or runs out. */

afterEach(endAll);

describe('faults', () => {
  test('every one is what the client makes of it', async () => {
    const { peer, client } = await open();
    const post = () => client.chat.postMessage({ channel: 'C0WEB', text: 'a' }).catch((error: unknown) => error);
    const count = () => peer.messages('C0WEB').length;
    peer.fault('chat.postMessage', { status: 503 });
    expect(await post()).toBeInstanceOf(WebAPIHTTPError);
    peer.fault('*', { error: 'channel_not_found' });
    expect(await post()).toMatchObject({ data: { error: 'channel_not_found' } });
    peer.fault('chat.postMessage', { reset: 'before' });
    expect(await post()).toBeInstanceOf(WebAPIRequestError);
    peer.fault('chat.postMessage', { retryAfter: '7' });
    const limited = await post();
    expect(limited).toBeInstanceOf(WebAPIRateLimitedError);
    expect(limited).toMatchObject({ retryAfter: 7 });
    peer.fault('chat.postMessage', { retryAfter: undefined });
    expect(await post()).toBeInstanceOf(Error);
    expect(count()).toBe(0);
    peer.fault('chat.postMessage', { reset: 'after' });
    expect(await post()).toBeInstanceOf(WebAPIRequestError);
    expect(count()).toBe(1);
    peer.fault('chat.postMessage', { html: true });
    expect(await post()).toMatchObject({ data: { ok: false } });
    peer.fault('chat.postMessage', { empty: true });
    expect(await post()).toMatchObject({ data: { ok: false } });
    peer.fault('chat.postMessage', { huge: true });
    expect(await post()).toMatchObject({ ok: true });
    peer.fault('chat.postMessage', { status: 500, handled: true });
    expect(await post()).toBeInstanceOf(WebAPIHTTPError);
    expect(count()).toBe(5);
    const hasty = new WebClient(peer.botToken, { slackApiUrl: peer.apiUrl, ...tryOnce, timeout: 50, logger: quiet });
    peer.fault('auth.test', { hang: 'before' });
    expect(await hasty.auth.test().catch((error: unknown) => error)).toBeInstanceOf(WebAPIRequestError);
    expect(await refusal(client.auth.test())).toBe('ok');
  });

  test('away and back at the same address', async () => {
    const { peer, client } = await open();
    await peer.away(true);
    expect(await client.auth.test().catch((error: unknown) => error)).toBeInstanceOf(WebAPIRequestError);
    await peer.away(false);
    expect(await refusal(client.auth.test())).toBe('ok');
  });

  test('rates are counted, and kept where they are enforced', async () => {
    let now = 1_800_000_000_000;
    const { peer, client } = await open({ now: () => now, limits: { enforce: true, burst: 2 } });
    const post = () => client.chat.postMessage({ channel: 'C0WEB', text: 'a' });
    await post();
    await post();
    await expect(post()).rejects.toMatchObject({ retryAfter: 1 });
    expect(peer.breaches).toMatchObject([{ method: 'chat.postMessage', channel: 'C0WEB' }]);
    await client.chat.postMessage({ channel: 'U0OLGA', text: 'elsewhere' });
    now += 1000;
    await post();
    const { ts = '' } = await client.chat.postMessage({ channel: 'U0KIM', text: 'a' });
    for (let at = 0; at < 50; at += 1) await client.chat.update({ channel: 'D0KIM', ts, text: String(at) });
    await expect(client.chat.update({ channel: 'D0KIM', ts, text: 'x' })).rejects.toMatchObject({ retryAfter: 60 });
    const counting = await open({ now: () => now });
    for (let at = 0; at < 6; at += 1) await counting.client.chat.postMessage({ channel: 'C0WEB', text: 'a' });
    expect(counting.peer.breaches).toHaveLength(2);
  });
});

describe('what runs out', () => {
  test('triggers and the addresses of answers', async () => {
    let now = 1_800_000_000_000;
    const { peer, olga, client } = await open({ now: () => now, patience: 100 });
    const trigger = async () => {
      await olga.command('C0WEB', '/baton', 'x');
      return object(peer.deliveries.at(-1)?.body);
    };
    const show = (id: unknown, view: object = reasonForm) =>
      refusal(client.apiCall('views.open', { trigger_id: id, view }));
    const first = await trigger();
    expect(await show(first.trigger_id, { ...reasonForm, title: { type: 'plain_text', text: 'x'.repeat(25) } })).toBe(
      'invalid_arguments',
    );
    expect(await show(first.trigger_id)).toBe('ok');
    expect(await show(first.trigger_id)).toBe('exchanged_trigger_id');
    const second = await trigger();
    now += 3001;
    expect(await show(second.trigger_id)).toBe('expired_trigger_id');
    expect(await show('nonsense')).toBe('invalid_trigger_id');
    const id = peer.view('U0OLGA')?.id ?? '';
    expect(await refusal(client.views.update({ view_id: id, hash: 'old', view: reasonForm }))).toBe('hash_conflict');
    expect(await refusal(client.views.update({ view_id: id, view: reasonForm }))).toBe('ok');

    const answer = async (url: unknown) => {
      const response = await fetch(string(url), { method: 'POST', body: JSON.stringify({ text: 'a' }) });
      await response.arrayBuffer();
      return response.status;
    };
    const statuses: number[] = [];
    for (let at = 0; at < 6; at += 1) statuses.push(await answer(first.response_url));
    expect(statuses).toEqual([200, 200, 200, 200, 200, 404]);
    now += 30 * 60_000 + 1;
    expect(await answer(second.response_url)).toBe(404);
  });

  test('what it takes for granted is written down', () => {
    expect(new Set(assumptions.map(({ what }) => what)).size).toBe(assumptions.length);
    expect(assumptions.filter(({ source }) => source === 'guess').length).toBeGreaterThan(0);
  });
});
