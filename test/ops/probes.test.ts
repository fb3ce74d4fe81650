import { expect, onTestFinished, test } from 'vitest';
import type { ConnectionState } from '../../src/shell/connections.ts';
import { createHealth } from '../../src/web/health.ts';
import { createMetrics } from '../../src/web/metrics.ts';
import { listen } from '../../src/web/server.ts';
import { ask } from '../web/demo.ts';
import { type House, house, MINUTE } from './rig.ts';

/** What machines ask of the process: /healthz, /readyz, /metrics, over a real socket. */

const TOKEN = 'a-token-for-figures-0123456789';

async function serving(bot: House) {
  const state = { is: 'connected' as ConnectionState['is'], lag: 0, steady: 0 };
  const connections = {
    states: () => [{ platform: 'telegram', is: state.is, line: 'bot token 123', ok: true }],
    breakers: () => [{ platform: 'telegram', isOpen: state.is === 'away' }],
    heard: () => [{ platform: 'telegram', at: bot.clock.now() - MINUTE }],
    verified: () => [{ platform: 'github', at: bot.clock.now() - 2 * MINUTE }],
  };
  const { engine, safe, clock } = bot;
  const metrics = createMetrics({ engine, safe, connections, clock, token: TOKEN, database: bot.db.name });
  const health = createHealth({ engine, safe, connections, lag: () => state.lag, steady: () => state.steady });
  const server = await listen({
    host: '127.0.0.1',
    port: 0,
    fetch: () => () => new Response('the pages\n'),
    probes: new Map([...health, ['/metrics', metrics.probe]]),
  });
  onTestFinished(async () => {
    metrics.stop();
    await server.close();
  });
  return { origin: `http://127.0.0.1:${server.port}`, state };
}

const FROM_A_PROXY = { host: 'baton.example.org', 'x-forwarded-for': '203.0.113.7' };

test('all is well, and a stranger hears no more than that', async () => {
  const { origin } = await serving(await house());
  expect(await ask(origin, '/healthz')).toMatchObject({ status: 200, text: '{"ok":true}\n' });
  expect(await ask(origin, '/readyz')).toMatchObject({
    status: 200,
    text: '{"ok":true,"platforms":{"telegram":"connected"}}\n',
  });
  expect(await ask(origin, '/readyz', { headers: FROM_A_PROXY })).toMatchObject({ status: 200, text: '{"ok":true}\n' });
  expect(await ask(origin, '/healthz?x=1', { method: 'HEAD' })).toMatchObject({ status: 200, text: '' });
  expect((await ask(origin, '/healthz', { method: 'POST' })).status).toBe(405);
  expect((await ask(origin, '/elsewhere')).text).toBe('the pages\n');
});

test('safe mode is 503 on both; why is told on this machine alone', async () => {
  const bot = await house();
  const { origin } = await serving(bot);
  bot.safe.enter('chain', 'event 2 is not whole');
  for (const path of ['/healthz', '/readyz']) {
    const here = await ask(origin, path);
    expect(here.status, path).toBe(503);
    expect(here.text).toContain('I am in safe mode (event 2 is not whole)');
    const there = await ask(origin, path, { headers: FROM_A_PROXY });
    expect(there, path).toMatchObject({ status: 503, text: '{"ok":false}\n' });
  }
  await bot.safe.leave('shell');
  expect((await ask(origin, '/readyz')).status).toBe(200);
});

test('a loop that hung, a chat that is away and a disk that takes nothing', async () => {
  const bot = await house();
  const { origin, state } = await serving(bot);
  state.lag = 11_000;
  expect(await ask(origin, '/healthz')).toMatchObject({ status: 503, text: expect.stringContaining('11 seconds') });
  state.lag = 0;
  state.is = 'away';
  expect((await ask(origin, '/healthz')).status).toBe(200);
  expect(await ask(origin, '/readyz')).toMatchObject({
    status: 503,
    text: expect.stringContaining('no chat is connected'),
  });
  state.is = 'connected';
  bot.db.pragma('query_only = on');
  // What was tried a moment ago is not tried again: a stranger can not wear the disk out.
  expect((await ask(origin, '/readyz')).status).toBe(200);
  state.steady += 11_000;
  expect(await ask(origin, '/readyz')).toMatchObject({
    status: 503,
    text: expect.stringContaining('nothing can be written'),
  });
});

test('figures: on this machine and for the token, with nothing of people in them', async () => {
  const bot = await house();
  const { origin } = await serving(bot);
  await bot.say('pam', '/propose web The secret plan', 'a');
  await bot.say('olga', '/alert critical The node of Pam is down', 'b');
  bot.wait(3 * MINUTE);
  const { status, text, headers } = await ask(origin, '/metrics');
  expect(status).toBe(200);
  expect(headers['content-type']).toContain('text/plain; version=0.0.4');
  const value = (name: string): number =>
    Number(new RegExp(`^${name.replace(/[{}"]/g, '\\$&')} (\\S+)$`, 'm').exec(text)?.[1]);
  expect(value('baton_safe_mode')).toBe(0);
  expect(value('baton_events')).toBe(bot.raw.head().seq);
  expect(value('baton_turns_total')).toBeGreaterThanOrEqual(2);
  expect(value('baton_outbox_waiting{lane="answer"}')).toBe(1);
  expect(value('baton_outbox_oldest_seconds{lane="answer"}')).toBe(180);
  expect(value('baton_outbox_waiting{lane="page"}')).toBe(0);
  expect(value('baton_outbox_parked')).toBe(0);
  expect(value('baton_outbox_late')).toBe(0);
  expect(value('baton_timer_lag_seconds')).toBe(0);
  expect(value('baton_heard_age_seconds{platform="telegram"}')).toBe(60);
  expect(value('baton_disk_free_ratio')).toBeGreaterThan(0);
  expect(value('baton_disk_free_ratio')).toBeLessThanOrEqual(1);
  expect(value('baton_journal_bytes')).toBeGreaterThan(0);
  expect(value('baton_platform_connected{platform="telegram"}')).toBe(1);
  expect(value('baton_breaker_open{platform="telegram"}')).toBe(0);
  expect(value('baton_verified_age_seconds{platform="github"}')).toBe(120);
  expect(value('nodejs_eventloop_lag_seconds')).toBeGreaterThanOrEqual(0);
  expect(value('process_resident_memory_bytes')).toBeGreaterThan(1e6);
  expect(text).not.toMatch(/olga|pam|secret|plan|1001|2001|token|The node/i);
  bot.wait((bot.engine.nextDue() ?? 0) - bot.clock.now() + 5 * MINUTE);
  const later = (await ask(origin, '/metrics')).text;
  expect(later).toMatch(/^baton_timer_lag_seconds 300$/m);
  expect(later).toMatch(/^baton_outbox_late [1-9]/m);
  expect(later).toMatch(/^baton_backup_age_seconds nan$/im);
  await bot.engine.store.setMeta('backup.since', String(bot.clock.now() - 5 * MINUTE));
  expect((await ask(origin, '/metrics')).text).toMatch(/^baton_backup_age_seconds 300$/m);
  const statuses = async (...all: readonly Record<string, string>[]) =>
    Promise.all(all.map(async (each) => (await ask(origin, '/metrics', { headers: each })).status));
  expect(
    await statuses(
      FROM_A_PROXY,
      { host: 'evil.example.org' },
      { 'x-forwarded-for': '127.0.0.1' },
      { ...FROM_A_PROXY, authorization: 'Bearer wrong' },
      { ...FROM_A_PROXY, authorization: `Basic ${TOKEN}` },
      { ...FROM_A_PROXY, authorization: `Bearer ${TOKEN}x` },
    ),
  ).toEqual([404, 404, 404, 404, 404, 404]);
  expect(await statuses({ ...FROM_A_PROXY, authorization: `Bearer ${TOKEN}` })).toEqual([200]);
});

test('figures are given in safe mode too, also when nothing can be read', async () => {
  const bot = await house();
  const { origin } = await serving(bot);
  bot.safe.enter('io', 'a test');
  bot.db.close();
  const { status, text } = await ask(origin, '/metrics');
  expect(status).toBe(200);
  expect(text).toMatch(/^baton_safe_mode 1$/m);
});
