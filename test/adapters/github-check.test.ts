import { afterEach, beforeEach, expect, test } from 'vitest';
import { exchangeCode, githubManifest } from '../../adapters/github/manifest.ts';
import { openRig, type Rig, type RigOptions } from './github-rig.ts';

let rig: Rig;
const open = async (options: RigOptions): Promise<void> => {
  await rig.stop();
  rig = await openRig(options);
};
beforeEach(async () => {
  rig = await openRig();
});
afterEach(() => rig.stop());

const lacking = async (): Promise<string[]> =>
  (await rig.github.check())
    .filter(({ ok }) => !ok)
    .map(({ what, remedy }) => {
      // A remedy is a sentence that says where to go, not a word.
      expect(remedy?.split(' ').length).toBeGreaterThan(3);
      return what;
    });

test('an App that may all it needs', async () => {
  expect(await rig.github.check()).toEqual([
    { ok: true, what: 'GitHub takes the App baton.' },
    { ok: true, what: 'Our clock and GitHub’s agree.' },
    { ok: true, what: 'The App’s webhook leads to /webhooks/github.' },
    { ok: true, what: 'example/grid can be read and written.' },
  ]);
});

test('what an App lacks is told, each with its remedy', async () => {
  await open({
    permissions: { issues: 'read', metadata: 'read', deployments: 'write', actions: 'read' },
    events: ['issues'],
    with: { labels: ['bug'], webhookSecret: undefined },
  });
  rig.peer.settings.hookUrl = 'https://baton.example.org/other';
  rig.peer.settings.hookType = 'form';
  rig.peer.repo('example/grid').hasIssues = false;
  expect(await lacking()).toEqual([
    'The App lacks checks: write.',
    'The App lacks issues: write.',
    'The App does not hear of issue_comment.',
    'The App does not hear of deployment_status.',
    'The App does not hear of deployment_protection_rule.',
    'The App’s webhook does not lead to /webhooks/github.',
    'The App’s webhook does not send application/json.',
    'GITHUB_WEBHOOK_SECRET is not set: no webhook is taken, and all is found by asking every few minutes.',
    'On example/grid the App lacks checks: write.',
    'On example/grid the App lacks issues: write.',
    'example/grid has no issues.',
    'example/grid lacks labels: bug.',
  ]);
});

test('a clock that is wrong, and an App that is not installed', async () => {
  await open({ with: { clock: { now: () => Date.parse('2026-11-23T10:00:00Z') } } });
  rig.peer.access.installation.repositories.clear();
  expect(await lacking()).toEqual([
    'Our clock and GitHub’s are 3600 seconds apart.',
    'example/grid: GitHub says the GitHub App is not installed on example/grid.',
  ]);
});

test('credentials that are not taken, and GitHub away', async () => {
  rig.peer.access.revoke(true);
  expect(await lacking()).toEqual(['GitHub does not take our credentials (401 Bad credentials).']);
  await rig.peer.away(true);
  expect(await lacking()).toEqual(['GitHub is not reached (ECONNREFUSED).']);
});

test('a personal token, with its scopes and the repository’s webhook', async () => {
  await open({ asPerson: true });
  const config = {
    url: 'https://baton.example.org/webhooks/github',
    content_type: 'json',
    secret: '********',
    insecure_ssl: '0',
  };
  expect(await lacking()).toEqual(['example/grid has no webhook of ours.']);
  const hook = { active: true, events: ['issues', 'issue_comment'], config };
  rig.peer.repo('example/grid').hooks = [hook];
  expect(await lacking()).toEqual(['example/grid’s webhook does not hear of deployment_status.']);
  rig.peer.repo('example/grid').hooks = [{ ...hook, events: ['*'], config: { ...config, secret: null } }];
  expect(await lacking()).toEqual(['example/grid’s webhook has no secret.']);
  rig.peer.repo('example/grid').hooks = [{ ...hook, events: ['*'] }];
  expect(await lacking()).toEqual([]);
  await open({ asPerson: true, push: false, scopes: 'read:user' });
  rig.peer.fault('GET /repos/{owner}/{repo}/hooks', { status: 404 });
  expect(await lacking()).toEqual([
    'The token lacks repo (public_repo for public repositories).',
    'On example/grid the token may not write: labels would be dropped.',
    'Whether example/grid has a webhook of ours can not be seen with this token.',
  ]);
});

test('the manifest asks for what is needed and no more', () => {
  expect(
    githubManifest({ url: 'https://baton.example.org/', name: 'Baton of an organisation with a long name' }),
  ).toEqual({
    name: 'Baton of an organisation with a lo',
    url: 'https://baton.example.org',
    hook_attributes: { url: 'https://baton.example.org/webhooks/github', active: true },
    public: false,
    default_permissions: { actions: 'read', checks: 'write', deployments: 'write', issues: 'write', metadata: 'read' },
    default_events: ['issues', 'issue_comment', 'deployment_status', 'deployment_protection_rule'],
  });
});

test('a code is exchanged once', async () => {
  rig.peer.settings.codes.add('abc123');
  expect(await exchangeCode('abc123', rig.peer.apiUrl)).toEqual({
    ok: true,
    appId: '4711',
    slug: 'baton',
    page: 'https://github.com/apps/baton',
    privateKey: rig.peer.access.privateKey,
    webhookSecret: rig.peer.webhookSecret,
  });
  expect(await exchangeCode('abc123', rig.peer.apiUrl)).toEqual({
    ok: false,
    why: 'GitHub does not take the code (404): begin again',
  });
  expect(await exchangeCode('../app', rig.peer.apiUrl)).toMatchObject({ ok: false });
  rig.peer.fault('*', { html: true });
  expect(await exchangeCode('abc', rig.peer.apiUrl)).toMatchObject({
    ok: false,
    why: expect.stringContaining('no usable answer'),
  });
});
