import { expect, test } from 'vitest';
import { createSlack } from '../../adapters/slack/index.ts';
import { creationLink, lint, slackManifest } from '../../adapters/slack/manifest.ts';
import { EVENTS, SCOPES } from '../../adapters/slack/scopes.ts';
import { loadCommands } from '../../src/catalogue.ts';
import { createSlackPeer } from '../peers/slack/peer.ts';
import { log } from './slack-stage.ts';

const catalogue = [...new Set((await loadCommands()).commands.values())];

test('over the socket it names no address, and nothing in it would be refused', () => {
  const { manifest, problems } = slackManifest({ commands: catalogue, mode: 'socket' });
  expect(problems).toEqual([]);
  expect(JSON.stringify(manifest)).not.toContain('http');
  expect(manifest.settings.socket_mode_enabled).toBe(true);
  expect(manifest.features.slash_commands).toMatchObject([{ command: '/baton', should_escape: true }]);
  expect(manifest.oauth_config.scopes.bot).toEqual(SCOPES.map(({ scope }) => scope));
  expect(manifest.settings.event_subscriptions.bot_events).toEqual(EVENTS);
});

test('over HTTP every way in has the address', () => {
  const { manifest, problems } = slackManifest({ commands: catalogue, mode: 'http', url: 'https://baton.example/' });
  expect(problems).toEqual([]);
  const address = 'https://baton.example/slack/events';
  expect(manifest.features.slash_commands).toMatchObject([{ url: address }]);
  expect(manifest.settings).toMatchObject({
    event_subscriptions: { request_url: address },
    interactivity: { request_url: address },
    socket_mode_enabled: false,
  });
  for (const url of [undefined, 'http://baton.example', 'baton.example'])
    expect(
      slackManifest({ commands: catalogue, mode: 'http', ...(url === undefined ? {} : { url }) }).problems,
    ).toHaveLength(1);
});

test.each([
  [['handover', 'approve'], 3, []],
  [['status'], 1, ['/status is Slack’s own: it would refuse every command of the app. Use /baton status.']],
  [['invite'], 1, ['/invite is Slack’s own: it would refuse every command of the app. Use /baton invite.']],
  [['teleport'], 1, ['/teleport is no command of Baton.']],
])('short names %j', (shortNames, commands, problems) => {
  const made = slackManifest({ commands: catalogue, mode: 'socket', shortNames });
  expect(made.problems).toEqual(problems);
  expect(made.manifest.features.slash_commands).toHaveLength(commands);
});

test('the lint finds what exceeds a limit', () => {
  const { manifest } = slackManifest({ commands: catalogue, mode: 'socket' });
  const [command] = manifest.features.slash_commands;
  const [shortcut] = manifest.features.shortcuts;
  if (command === undefined || shortcut === undefined) throw new Error('nothing to change');
  const broken = {
    ...manifest,
    features: {
      ...manifest.features,
      slash_commands: Array.from({ length: 51 }, () => ({
        ...command,
        command: '/status',
        usage_hint: 'x'.repeat(1_001),
      })),
      shortcuts: [{ ...shortcut, name: 'x'.repeat(25) }],
    },
  };
  const problems = lint(broken).join('\n');
  for (const part of [
    '51 commands',
    '/status is Slack’s own',
    '/status is there twice',
    '1001 characters',
    '25 characters',
  ])
    expect(problems).toContain(part);
});

test('the link opens with everything filled in', () => {
  const { manifest } = slackManifest({ commands: catalogue, mode: 'socket' });
  const link = new URL(creationLink(manifest));
  expect(link.origin + link.pathname).toBe('https://api.slack.com/apps');
  expect(JSON.parse(link.searchParams.get('manifest_json') ?? '')).toEqual(manifest);
  expect(link.href.length).toBeLessThan(8_000);
});

test('the check calls with each token, and says what is lacking and where to click', async () => {
  const scopes = SCOPES.map(({ scope }) => scope).filter((scope) => scope !== 'im:history');
  const peer = await createSlackPeer({ scopes });
  const base = { apiUrl: peer.apiUrl, clock: { now: () => 0 }, log: log([]) };
  const check = (botToken: string, appToken?: string) =>
    createSlack({ ...base, botToken, ...(appToken === undefined ? {} : { appToken }) }).check();
  expect(await check(peer.botToken, peer.appToken)).toMatchObject([
    { ok: true },
    { ok: false, what: expect.stringContaining('im:history'), remedy: expect.stringContaining('Reinstall') },
    { ok: true },
  ]);
  expect(await check('xoxb-wrong', 'xapp-wrong')).toMatchObject([
    { ok: false, what: expect.stringContaining('SLACK_BOT_TOKEN (invalid_auth)') },
    { ok: false, what: expect.stringContaining('SLACK_APP_TOKEN (invalid_auth)') },
  ]);
  expect(await check(peer.botToken)).toContainEqual(
    expect.objectContaining({ ok: false, what: expect.stringContaining('no way in') }),
  );
  await peer.stop();
  expect(await check(peer.botToken)).toMatchObject([
    { ok: false, what: expect.stringContaining('was not reached') },
    { ok: false },
  ]);
});
