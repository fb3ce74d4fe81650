import { afterEach, expect, test, vi } from 'vitest';
import { openStage, reply, type Stage, type StageOptions } from './slack-stage.ts';

const SOON = 20_000;
const unhandled: unknown[] = [];
process.on('unhandledRejection', (reason) => unhandled.push(reason));

let stage: Stage;
const open = async (options: StageOptions = {}) => {
  stage = await openStage('socket', options);
};
const connected = () => vi.waitFor(() => expect(stage.slack.state()).toMatchObject({ is: 'connected' }), SOON);
const answers = async () => (await stage.olga.command('C0TEAM', '/baton', 'status')).message?.text;
afterEach(async () => {
  await stage.stop();
  expect(unhandled).toEqual([]);
});

test('a bot token that is not taken is told in one line with the remedy, and nothing ends', async () => {
  await open({ with: { botToken: 'xoxb-wrong' } });
  await vi.waitFor(() => expect(stage.slack.state().is).toBe('refused'), SOON);
  expect(stage.slack.state().line).toMatch(/SLACK_BOT_TOKEN is not taken \(invalid_auth\).*OAuth/);
  expect(stage.slack.state().line).not.toContain('xoxb-wrong');
  // Who somebody is can not be told then, so nothing is decided.
  const outcome = await vi.waitFor(async () => {
    const { message } = await stage.olga.command('C0TEAM', '/baton', 'release WEB-1');
    expect(message).toBeDefined();
    return message;
  }, SOON);
  expect(outcome?.text).toContain('I did nothing');
  expect(stage.decided).toEqual([]);
});

test('an app token that is not taken is told as well', async () => {
  await open({ with: { appToken: 'xapp-wrong' } });
  await vi.waitFor(() => expect(stage.slack.state().is).toBe('refused'), SOON);
  expect(stage.slack.state().line).toContain('SLACK_APP_TOKEN');
});

test('Slack away at the start, or for a while: it is connected once Slack is there', async () => {
  await open();
  await connected();
  await stage.peer.away(true);
  await vi.waitFor(() => expect(stage.slack.state().is).toBe('away'), SOON);
  await stage.peer.away(false);
  await connected();
  await vi.waitFor(async () => expect(await answers()).toBe('Done.'), SOON);
});

test('errors while a connection is asked for do not end the process', async () => {
  await open();
  await connected();
  stage.peer.fault('apps.connections.open', { status: 500 });
  stage.peer.fault('apps.connections.open', { html: true });
  stage.peer.fault('apps.connections.open', { retryAfter: undefined });
  stage.peer.fault('apps.connections.open', { reset: 'before' });
  stage.peer.sockets.drop();
  await vi.waitFor(
    () => expect(stage.peer.calls.filter(({ method }) => method === 'apps.connections.open').length).toBe(6),
    SOON,
  );
  await connected();
  expect(await answers()).toBe('Done.');
});

test('a refreshed socket is opened again at once', async () => {
  await open();
  await connected();
  stage.peer.sockets.refresh();
  await vi.waitFor(
    () => expect(stage.peer.calls.filter(({ method }) => method === 'apps.connections.open').length).toBe(2),
    SOON,
  );
  await connected();
  expect(await answers()).toBe('Done.');
});

test('what is no envelope is passed over', async () => {
  await open();
  await connected();
  for (const raw of [
    'null',
    '[]',
    '{"type":"events_api"}',
    '{"type":"events_api","payload":{"event":null}}',
    '<html>',
    '{"type":7}',
  ])
    stage.peer.sockets.raw(raw);
  expect(await answers()).toBe('Done.');
});

test('stopping lets what is under way be answered', async () => {
  await open();
  await connected();
  const slow = Promise.withResolvers<ReturnType<typeof reply>>();
  stage.script.answer = () => slow.promise;
  const answer = answers();
  await vi.waitFor(() => expect(stage.decided).toHaveLength(1), SOON);
  const stopped = stage.slack.stop();
  slow.resolve(reply(['Just in time.']));
  expect(await answer).toBe('Just in time.');
  await stopped;
});
