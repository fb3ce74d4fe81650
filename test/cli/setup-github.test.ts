import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { openManifestPage } from '../../src/cli/manifest-page.ts';
import { createGithubPeer, type GithubPeer } from '../peers/github/peer.ts';
import { createDesk } from './setup-rig.ts';

/** `baton setup github` as a process: a page on this machine, a browser that goes to GitHub and comes back. */

const MAIN = resolve(import.meta.dirname, '../../src/main.ts');
const ANYTHING = { web: 'http://127.0.0.1:1', organisation: undefined, manifest: async () => ({}), lasts: 60_000 };
let peer: GithubPeer;
let folder: string;
beforeEach(async () => {
  peer = await createGithubPeer();
  folder = mkdtempSync(join(tmpdir(), 'baton-github-'));
});
afterEach(async () => {
  await peer.stop();
  rmSync(folder, { recursive: true, force: true });
});

const path = (name: string): string => join(folder, name);
const unescaped = (html: string): string =>
  html.replace(/&#(\d+);/g, (_, sign: string) => String.fromCodePoint(Number(sign)));

/** Begins it; resolves once it waits for the browser. */
async function begin(answers: readonly string[], environment: Readonly<Record<string, string>> = {}) {
  const env = { PATH: process.env.PATH ?? '', HOME: folder, GITHUB_API_URL: peer.apiUrl, ...environment };
  const child = spawn(process.execPath, [MAIN, 'setup', 'github'], { cwd: folder, env });
  let out = '';
  child.stdout.on('data', (data: Buffer) => {
    out += data.toString();
  });
  child.stderr.on('data', (data: Buffer) => {
    out += data.toString();
  });
  child.stdin.end(answers.map((line) => `${line}\n`).join(''));
  const ended = once(child, 'close');
  const address = await vi
    .waitFor(() => expect(out).toMatch(/http:\/\/127\.0\.0\.1:\d+\/\w+/), 10_000)
    .then(() => /http:\/\/127\.0\.0\.1:\d+\/\w+/.exec(out)?.[0] ?? '');
  return {
    address,
    said: () => out,
    end: async () => {
      await ended;
      return { code: child.exitCode, out };
    },
  };
}

/** What a browser does: the button, GitHub’s page, and back. */
async function press(address: string) {
  const html = await (await fetch(address)).text();
  const action = unescaped(/action="([^"]+)"/.exec(html)?.[1] ?? '');
  const manifest = unescaped(/name="manifest" value="([^"]+)"/.exec(html)?.[1] ?? '');
  const there = await fetch(action, { method: 'POST', redirect: 'manual', body: new URLSearchParams({ manifest }) });
  return { action, manifest, back: there.headers.get('location') ?? '' };
}

test('one click makes the App of an organisation; key and .env are the owner’s alone, and other lines stay', async () => {
  writeFileSync(path('.env'), '# ours\nPORT=0\n# GITHUB_APP_ID=\n', { mode: 0o644 });
  const run = await begin(['https://baton.example.org', 'example-org']);
  const { action, back } = await press(run.address);
  expect(new URL(action).pathname).toBe('/organizations/example-org/settings/apps/new');
  const shown = await (await fetch(back)).text();
  expect(shown).toContain('https://github.com/apps/baton/installations/new');
  const { code, out } = await run.end();
  expect(code).toBe(0);
  expect(peer.apps).toMatchObject([
    {
      organisation: 'example-org',
      manifest: {
        name: 'Baton of example-org',
        hook_attributes: { url: 'https://baton.example.org/webhooks/github', active: true },
        default_permissions: { deployments: 'write', issues: 'write', checks: 'write', actions: 'read' },
        public: false,
      },
    },
  ]);
  expect(readFileSync(path('.env'), 'utf8')).toBe(
    [
      '# ours',
      'PORT=0',
      '# GITHUB_APP_ID=',
      'GITHUB_APP_ID=4711',
      'BATON_URL=https://baton.example.org',
      'GITHUB_PRIVATE_KEY_FILE=github-app-4711.pem',
      `GITHUB_WEBHOOK_SECRET=${peer.webhookSecret}`,
      '',
    ].join('\n'),
  );
  expect(readFileSync(path('github-app-4711.pem'), 'utf8')).toBe(peer.access.privateKey);
  expect([path('.env'), path('github-app-4711.pem')].map((each) => statSync(each).mode & 0o777)).toEqual([
    0o600, 0o600,
  ]);
  expect(out).toContain('Install it on your repositories: https://github.com/apps/baton/installations/new');
  expect(out).toContain('Deployment protection rules');
  expect(out).not.toContain(peer.webhookSecret);
  expect(out).not.toContain('PRIVATE KEY');
});

test('what it wrote is what the doctor needs: the App is taken, and an App that is there is not made again', async () => {
  const run = await begin(['https://baton.example.org', '']);
  const { action, back } = await press(run.address);
  expect(new URL(action).pathname).toBe('/settings/apps/new');
  await (await fetch(back)).text();
  expect((await run.end()).code).toBe(0);
  peer.settings.hookUrl = 'https://baton.example.org/webhooks/github';
  writeFileSync(path('org.yaml'), 'organisation: A\ntimezone: UTC\ngithub: { repositories: [example/grid] }\n');
  const desk = createDesk({ GITHUB_API_URL: peer.apiUrl, BATON_ORG: 'org.yaml' });
  try {
    for (const name of ['.env', 'github-app-4711.pem', 'org.yaml'])
      desk.write(name, readFileSync(path(name), 'utf8'), 0o600);
    const { out } = await desk.runWithFile(['doctor']);
    expect(out).toContain('tokens are set for GitHub');
    expect(out).not.toMatch(/does not take our credentials|The App lacks/);
    expect(out).toContain('example/grid lacks labels: critical, major, minor.\n  → They are made');
    const again = await desk.runWithFile(['setup', 'github']);
    expect(again).toMatchObject({ code: 2, out: '' });
    expect(again.err).toContain('GITHUB_APP_ID, GITHUB_PRIVATE_KEY, GITHUB_WEBHOOK_SECRET are set already');
  } finally {
    desk.remove();
  }
});

test('another state, another host and a second time are not taken, and the right one still is', async () => {
  const run = await begin(['https://baton.example.org', '']);
  const { back } = await press(run.address);
  const forged = new URL(back);
  forged.searchParams.set('state', 'A'.repeat(32));
  expect((await fetch(forged)).status).toBe(400);
  expect((await fetch(`${new URL(back).origin}/done?code=abc&state=x`)).status).toBe(404);
  const named = request(run.address, { headers: { host: 'evil.example' } }).end();
  const [answer] = (await once(named, 'response')) as [{ statusCode: number; resume(): void }];
  answer.resume();
  expect(answer.statusCode).toBe(404);
  expect(peer.count('POST /app-manifests/{code}/conversions')).toBe(0);
  expect((await fetch(back)).status).toBe(200);
  expect((await run.end()).code).toBe(0);
  await expect(fetch(back)).rejects.toThrow();
  expect(peer.count('POST /app-manifests/{code}/conversions')).toBe(1);
});

test('a code that GitHub does not take leaves nothing behind', async () => {
  const run = await begin(['https://baton.example.org', '']);
  const { back } = await press(run.address);
  peer.settings.codes.clear();
  expect(await (await fetch(back)).text()).toContain('That did not work');
  const { code, out } = await run.end();
  expect(code).toBe(2);
  expect(out).toMatch(/baton: GitHub does not take the code \(404\).*nothing was written/);
  expect(existsSync(path('.env'))).toBe(false);
  expect(existsSync(path('github-app-4711.pem'))).toBe(false);
});

test('over ssh it says how to reach the page', async () => {
  const run = await begin(['https://baton.example.org', ''], { SSH_CONNECTION: '10.0.0.1 1 10.0.0.2 22' });
  const { port } = new URL(run.address);
  await vi.waitFor(() => expect(run.said()).toContain(`ssh -L ${port}:127.0.0.1:${port} USER@HOST`));
  await (await fetch((await press(run.address)).back)).text();
  expect((await run.end()).code).toBe(0);
});

test.each([
  ['no address', [''], /enough for issues/],
  ['one that GitHub does not call', ['http://baton.example.org'], /begins with https/],
  ['what is no organisation', ['https://baton.example.org', 'example org/'], /is no organisation on GitHub/],
  ['an end in the middle', ['https://baton.example.org'], /the input ended/],
])('%s: nothing is opened', async (_what, answers, said) => {
  const desk = createDesk({ GITHUB_API_URL: peer.apiUrl });
  try {
    const ran = await desk.run(['setup', 'github'], answers);
    expect(ran).toMatchObject({ code: 2, err: expect.stringMatching(said) });
    expect(ran.out).not.toContain('http://127.0.0.1');
  } finally {
    desk.remove();
  }
});

test('it ends by itself, and what is shown can hold no page of somebody else’s', async () => {
  const page = await openManifestPage({ ...ANYTHING, organisation: '"><script>alert(1)</script>', lasts: 0 });
  const answer = await fetch(page.address);
  const html = await answer.text();
  expect(html).not.toContain('<script');
  expect(answer.headers.get('content-security-policy')).toContain("default-src 'none'");
  expect(answer.headers.get('cache-control')).toBe('no-store');
  expect(await page.code()).toBeUndefined();
  await page.close('Too late', 'The time is over.');
  await expect(fetch(page.address)).rejects.toThrow();
});
