import { createHmac } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { ask, createFolder, runBaton, startBot, stopAll } from './demo.ts';

/** The secrets of webhooks are replaced without a gap: the real process, with the old and the new one, and then without. */

let folder: ReturnType<typeof createFolder>;
beforeEach(() => {
  folder = createFolder();
});
afterEach(() => {
  stopAll();
  folder.remove();
});

const hmac = (algorithm: string, secret: string, text: string): string =>
  createHmac(algorithm, secret).update(text).digest('hex');

let serial = 0;

/** What each platform sends, with a secret: a body of no interest that it would send all the same. */
const PLATFORMS: Readonly<Record<string, (secret: string) => { path: string; headers: Record<string, string>; body: string }>> = {
  TELEGRAM_WEBHOOK_SECRET: (secret) => ({
    path: '/webhooks/telegram',
    headers: { 'x-telegram-bot-api-secret-token': secret },
    body: JSON.stringify({ update_id: serial, poll: {} }),
  }),
  SLACK_SIGNING_SECRET: (secret) => {
    const body = JSON.stringify({ type: 'url_verification', challenge: 'x' });
    const stamp = String(Math.floor(Date.now() / 1_000));
    const signature = `v0=${hmac('sha256', secret, `v0:${stamp}:${body}`)}`;
    return { path: '/slack/events', headers: { 'x-slack-request-timestamp': stamp, 'x-slack-signature': signature }, body };
  },
  GITHUB_WEBHOOK_SECRET: (secret) => {
    const body = JSON.stringify({ zen: 'x', n: serial });
    const signature = `sha256=${hmac('sha256', secret, body)}`;
    return { path: '/webhooks/github', headers: { 'x-hub-signature-256': signature, 'x-github-event': 'ping', 'x-github-delivery': `d-${serial}` }, body };
  },
  CIRCLES_WEBHOOK_SECRET: (secret) => {
    const body = JSON.stringify({ type: 'test', action: 'test', data: { test: 'test' }, by: { id: 1 }, date: 'x' });
    return { path: '/webhooks/circles', headers: { 'x-taiga-webhook-signature': hmac('sha1', secret, body) }, body };
  },
  GITEA_WEBHOOK_SECRET: (secret) => {
    const body = JSON.stringify({ n: serial });
    return { path: '/webhooks/gitea', headers: { 'x-gitea-signature': hmac('sha256', secret, body), 'x-gitea-delivery': `gitea-${serial}`, 'x-gitea-event': 'star' }, body };
  },
}; // biome-ignore format: bodies as they come
const NAMES = Object.keys(PLATFORMS);
const oldOf = (name: string) => `old-${name.toLowerCase()}-0123456789`;
const newOf = (name: string) => `new-${name.toLowerCase()}-0123456789`;

/** No platform is there: what they send to us is taken in all the same. */
const AWAY = 'http://127.0.0.1:1';
const CONNECTED = {
  BATON_ORG: 'org.yaml',
  TELEGRAM_BOT_TOKEN: `110201543:${'A'.repeat(35)}`,
  TELEGRAM_API_ROOT: AWAY,
  SLACK_BOT_TOKEN: 'xoxb-1234567890-0123456789',
  SLACK_API_URL: `${AWAY}/api/`,
  GITHUB_TOKEN: `ghp_${'a'.repeat(36)}`,
  GITHUB_API_URL: AWAY,
  CIRCLES_URL: AWAY,
  CIRCLES_TOKEN: 'a-token-of-circles-0123456789',
  GITEA_URL: AWAY,
  GITEA_TOKEN: 'a-token-of-gitea-0123456789',
};

/** What becomes of a request signed with each of three secrets, by the name of the setting. */
async function answers(environment: Readonly<Record<string, string>>) {
  const bot = await startBot(folder.path, { ...CONNECTED, ...environment });
  const found: Record<string, (number | undefined)[]> = {};
  for (const name of NAMES)
    for (const secret of [oldOf(name), newOf(name), `${newOf(name)}x`]) {
      serial += 1;
      const request = PLATFORMS[name]?.(secret);
      if (request === undefined) continue;
      const headers = { 'content-type': 'application/json', ...request.headers };
      const { status } = await ask(bot.origin, request.path, { method: 'POST', headers, body: request.body });
      found[name] = [...(found[name] ?? []), status];
    }
  await bot.stop();
  return found;
}

test('the old and the new secret of each webhook are accepted while both are set, and then the new one alone', {
  timeout: 60_000,
}, async () => {
  writeFileSync(join(folder.path, 'org.yaml'), 'organisation: Example Grid\ntimezone: Europe/Brussels\npeople:\n  - { id: olga, name: Olga, roles: [ops, admin] }\n'); // biome-ignore format: one line
  const present = Object.fromEntries(NAMES.map((name) => [name, newOf(name)]));
  const before = Object.fromEntries(
    NAMES.map((name) => {
      writeFileSync(join(folder.path, name), `${oldOf(name)}\n`);
      return [`${name}_OLD_FILE`, name];
    }),
  );
  expect(await answers({ ...present, ...before })).toEqual(
    Object.fromEntries(NAMES.map((name) => [name, [200, 200, 401]])),
  );
  expect(await answers(present)).toEqual(Object.fromEntries(NAMES.map((name) => [name, [401, 200, 401]])));
});

test('an old secret is no secret by itself, and the doctor reminds of it', async () => {
  for (const name of NAMES) {
    const { code, stderr } = await runBaton(folder.path, { [`${name}_OLD`]: oldOf(name) }, 'doctor');
    expect([name, code, stderr]).toEqual([name, 2, expect.stringContaining(`the new one goes into ${name}`)]);
    expect(stderr).not.toContain(oldOf(name));
  }
  const both = { ...CONNECTED, GITEA_WEBHOOK_SECRET: newOf('x'), GITEA_WEBHOOK_SECRET_OLD: oldOf('x') };
  const { BATON_ORG: _, ...gitea } = Object.fromEntries(
    Object.entries(both).filter(([name]) => name.startsWith('GITEA')),
  );
  const reminded = await runBaton(folder.path, gitea, 'doctor');
  expect(reminded.code).toBe(1);
  expect(reminded.stdout).toMatch(/GITEA_WEBHOOK_SECRET_OLD is set: .*\n {2}→ take GITEA_WEBHOOK_SECRET_OLD out/);
  expect(reminded.stdout).not.toContain(oldOf('x'));
});
