import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { SCOPES } from '../../adapters/slack/scopes.ts';
import { createDesk, type Desk } from './setup-rig.ts';

/** What one pastes into Slack to get the app. */

let desk: Desk;
beforeAll(() => {
  desk = createDesk({});
});
afterAll(() => desk.remove());

const Manifest = z.object({
  features: z.object({ slash_commands: z.array(z.object({ command: z.string(), url: z.string().optional() })) }),
  oauth_config: z.object({ scopes: z.object({ bot: z.array(z.string()) }) }),
  settings: z.object({
    socket_mode_enabled: z.boolean(),
    event_subscriptions: z.object({ request_url: z.string().optional() }),
  }),
});

test('socket: no address, one command, the least scopes', async () => {
  const { code, out, err } = await desk.run(['slack-manifest']);
  expect({ code, err }).toEqual({ code: 0, err: '' });
  const manifest = Manifest.parse(JSON.parse(out));
  expect(manifest.settings).toEqual({ socket_mode_enabled: true, event_subscriptions: {} });
  expect(manifest.features.slash_commands).toEqual([{ command: '/baton' }]);
  expect(manifest.oauth_config.scopes.bot).toEqual(SCOPES.map(({ scope }) => scope));
});

test('http takes the address of --url, else of BATON_URL', async () => {
  const named = createDesk({ BATON_URL: 'https://baton.example.org' });
  try {
    for (const [args, url] of [
      [[], 'https://baton.example.org/slack/events'],
      [['--url', 'https://other.example.org/'], 'https://other.example.org/slack/events'],
    ] as const) {
      const { code, out } = await named.run([
        'slack-manifest',
        '--mode',
        'http',
        '--short',
        'approve, /handover',
        ...args,
      ]);
      expect(code).toBe(0);
      const { settings, features } = Manifest.parse(JSON.parse(out));
      expect(settings).toEqual({ socket_mode_enabled: false, event_subscriptions: { request_url: url } });
      expect(features.slash_commands).toEqual(['/baton', '/approve', '/handover'].map((command) => ({ command, url })));
    }
  } finally {
    named.remove();
  }
});

test('--link opens Slack with the same manifest, --scopes says what each is for', async () => {
  const { out } = await desk.run(['slack-manifest', '--link', '--short', 'approve']);
  const link = new URL(out.trim());
  expect(link.host).toBe('api.slack.com');
  const plain = await desk.run(['slack-manifest', '--short', 'approve']);
  expect(JSON.parse(link.searchParams.get('manifest_json') ?? '')).toEqual(JSON.parse(plain.out));
  const told = (await desk.run(['slack-manifest', '--scopes'])).out.trim().split('\n');
  expect(told.map((line) => line.replace(/ +/, ' '))).toEqual(SCOPES.map(({ scope, reason }) => `${scope} ${reason}`));
});

test.each([
  [['--short', 'status,nothing'], 2],
  [['--mode', 'http'], 1],
  [['--mode', 'http', '--url', 'http://baton.example.org'], 1],
  [['--mode', 'mail'], 1],
  [['--link', '--scopes'], 1],
] as const)('%j is refused, a line for each problem', async (args, problems) => {
  const { code, out, err } = await desk.run(['slack-manifest', ...args]);
  expect({ code, out }).toEqual({ code: 2, out: '' });
  expect(err.trim().split('\n')).toHaveLength(problems);
});

test('the guide’s table of scopes is the one that the manifest asks for', () => {
  const guide = readFileSync(join(import.meta.dirname, '../../docs/slack.md'), 'utf8');
  const rows = [...guide.matchAll(/^\| `([a-z_:.]+)` \| (.+) \|$/gm)].map(([, scope, reason]) => ({ scope, reason }));
  expect(rows).toEqual(SCOPES);
});
