import { afterEach, beforeEach, expect, test } from 'vitest';
import { readSettings } from '../../src/settings.ts';
import { ALL } from '../adapters/circles-rig.ts';
import { createGiteaPeer, type GiteaPeer } from '../peers/gitea/peer.ts';
import { createGithubPeer, type GithubPeer } from '../peers/github/peer.ts';
import { createSmtpPeer, type SmtpPeer } from '../peers/smtp/peer.ts';
import { createTaigaPeer, type TaigaPeer } from '../peers/taiga/peer.ts';
import { createDesk, type Desk } from './setup-rig.ts';

/** What `baton setup` and `baton doctor` ask of GitHub, Circles, Gitea and the mail server. */

let github: GithubPeer;
let taiga: TaigaPeer;
let gitea: GiteaPeer;
let smtp: SmtpPeer;
let token: string;
let desk: Desk;

beforeEach(async () => {
  [github, taiga, gitea, smtp] = await Promise.all([
    createGithubPeer(),
    createTaigaPeer(),
    createGiteaPeer(),
    createSmtpPeer(),
  ]);
  const bot = taiga.user('baton');
  const grid = taiga.project('Grid', taiga.user('anna'));
  taiga.member(grid, bot, ALL);
  token = taiga.accounts.applicationToken(bot);
  gitea.repository({ name: 'infra/docs', isVisible: true, files: { 'a.md': 'x' } });
  gitea.repository({ name: 'infra/secrets', isVisible: false, files: { 'keys.md': 'canary' } });
  desk = createDesk({ GITHUB_API_URL: github.apiUrl });
  desk.write(
    'org.yaml',
    `organisation: A
timezone: UTC
people: [{ id: olga, roles: [ops, admin, stakeholder] }]
on_call: { starts: 2026-11-02, people: [olga] }
github: { repositories: [example/grid] }
circles: { default: ${grid.slug}, template: ${grid.slug} }
gitea: { documents: [infra/docs], forbidden: [infra/secrets] }
`,
  );
});
afterEach(async () => {
  desk.remove();
  await Promise.all([github.stop(), taiga.close(), gitea.close(), smtp.close()]);
});

const CHATS = ['', ''];

test('everything outside is asked for, looked at, and written', async () => {
  desk.write('.env', 'BATON_ORG=org.yaml\n');
  const ran = await desk.runWithFile(
    ['setup'],
    [
      ...CHATS,
      'github circles, gitea mail',
      github.access.token,
      taiga.url,
      token,
      gitea.url,
      gitea.token,
      smtp.url,
      'not an address',
      'Baton <baton@example.org>',
    ],
  );
  expect(ran.err).toBe('');
  expect(ran.out).toContain('ok: GitHub takes the token of baton-bot');
  expect(ran.out).toContain('ok: Circles takes our token, as baton.');
  expect(ran.out).toContain('ok: Gitea: what is forbidden can not be seen');
  expect(ran.out).toContain('ok: Mail: the mail server 127.0.0.1 answers');
  expect(ran.out).toContain('MAIL_FROM must be one address');
  const { settings } = readSettings(parse(desk.read('.env'))) as { settings: Record<string, string> };
  expect(settings).toMatchObject({
    GITHUB_TOKEN: github.access.token,
    CIRCLES_URL: taiga.url,
    CIRCLES_TOKEN: token,
    GITEA_URL: gitea.url,
    GITEA_TOKEN: gitea.token,
    SMTP_URL: smtp.url,
    MAIL_FROM: 'Baton <baton@example.org>',
  });
  for (const secret of [github.access.token, token, gitea.token]) expect(ran.all).not.toContain(secret);
});

const parse = (text: string): Record<string, string> =>
  Object.fromEntries(
    text
      .split('\n')
      .filter((line) => line.includes('='))
      .map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1).replace(/^'|'$/g, '')]),
  );

test('half of a place is left out; a wrong token is asked for again', async () => {
  const ran = await desk.run(
    ['setup'],
    ['', ...CHATS, 'circles gitea', taiga.url, 'wrong-token-of-circles', token, gitea.url, ''],
  );
  expect(ran.err).toBe('');
  expect(ran.out).toContain('lacking: Circles does not take our token (401).');
  expect(ran.out).toContain('ok: Circles takes our token, as baton.');
  expect(ran.out).toContain('Gitea is left out: the other half of it is missing.');
  expect(desk.read('.env')).toContain(`CIRCLES_TOKEN=${token}`);
  expect(desk.read('.env')).not.toContain('GITEA');
  expect(ran.all).not.toContain('wrong-token-of-circles');
});

const whole = (more: Readonly<Record<string, string>> = {}) => ({
  BATON_ORG: 'org.yaml',
  GITHUB_API_URL: github.apiUrl,
  GITHUB_APP_ID: github.appId,
  GITHUB_PRIVATE_KEY: github.access.privateKey,
  GITHUB_WEBHOOK_SECRET: github.webhookSecret,
  CIRCLES_URL: taiga.url,
  CIRCLES_TOKEN: token,
  GITEA_URL: gitea.url,
  GITEA_TOKEN: gitea.token,
  SMTP_URL: smtp.url,
  MAIL_FROM: 'baton@example.org',
  ...more,
});

async function doctor(environment: Readonly<Record<string, string>>): Promise<string> {
  const other = createDesk(environment);
  try {
    other.write('org.yaml', desk.read('org.yaml'));
    return (await other.run(['doctor'])).out;
  } finally {
    other.remove();
  }
}

test('the doctor names what is lacking at each, with what to do', async () => {
  github.settings.hookUrl = 'https://baton.example.org/elsewhere';
  gitea.repository({ name: 'infra/secrets', isVisible: true, files: { 'keys.md': 'canary' } });
  const out = await doctor(whole());
  expect(out).toMatch(/^GitHub: The App’s webhook does not lead to \/webhooks\/github\.\n {2}→ /m);
  expect(out).toMatch(/^GitHub: example\/grid lacks labels: critical, major, minor\.\n {2}→ /m);
  expect(out).toMatch(
    /^CIRCLES_WEBHOOK_SECRET is not set: .*\n {2}→ Set it, and make a webhook to \/webhooks\/circles/m,
  );
  expect(out).toMatch(/^the token of Gitea can see infra\/secrets, which is forbidden.*\n {2}→ let the bot’s user/m);
  expect(out).not.toMatch(/^Mail/m);
  expect(out).not.toContain('canary');
});

test('each that is away is one finding, and the others are still looked at', async () => {
  github.settings.hookUrl = 'https://baton.example.org/webhooks/github';
  await Promise.all([github.away(true), taiga.away(true), smtp.away(true)]);
  const out = await doctor(whole({ GITEA_URL: 'http://127.0.0.1:9/gitea' }));
  for (const name of ['GitHub', 'Circles', 'Gitea', 'mail server'])
    expect(
      out.split('\n').filter((line) => !line.startsWith('  →') && line.includes(`${name} `)),
      name,
    ).toHaveLength(1);
});

test.each([
  ['a user that is not taken', () => ({ SMTP_URL: smtp.url.replace('://', '://olga:wrong@') }), /^Mail: /m],
  ['a list that is empty', () => ({ BATON_ORG: 'bare.yaml' }), /^GitHub: no repository is listed\n {2}→ write them/m],
])('%s is found', async (_what, more, line) => {
  const other = createDesk(whole(more()));
  try {
    other.write('org.yaml', desk.read('org.yaml'));
    other.write('bare.yaml', 'organisation: A\ntimezone: UTC\n');
    const { out, code } = await other.run(['doctor']);
    expect(out).toMatch(line);
    expect(code).toBe(1);
    expect(out).not.toContain('wrong@');
  } finally {
    other.remove();
  }
});

test('settings: every half is told, all at once, and a value that can not be right', () => {
  const read = readSettings({
    GITHUB_WEBHOOK_SECRET: 'a-secret',
    CIRCLES_URL: 'https://circles.example.org',
    GITEA_WEBHOOK_SECRET: 'a-secret',
    MAIL_FROM: 'a@example.org, b@example.org',
    SLACK_BOT_TOKEN: 'xoxb-1',
  });
  expect('problems' in read ? read.problems : []).toEqual([
    'MAIL_FROM must be one address: baton@example.org, or Baton <baton@example.org>',
    expect.stringMatching(/^SLACK_BOT_TOKEN is set alone: set SLACK_APP_TOKEN/),
    expect.stringMatching(/^GITHUB_WEBHOOK_SECRET is set alone: .*baton setup github/),
    expect.stringMatching(/^CIRCLES_URL is set alone: set CIRCLES_TOKEN, or/),
    'GITEA_WEBHOOK_SECRET is set alone: set GITEA_URL and GITEA_TOKEN too',
    'MAIL_FROM is set alone: set SMTP_URL too',
  ]);
});

test.each([
  ['SMTP_URL', 'https://mail.example.org', /^SMTP_URL must be smtp:/],
  ['SMTP_URL', 'smtp://', /^SMTP_URL must be smtp:/],
  ['SMTP_URL', 'smtp://user:secret-word', /^SMTP_URL must be smtp:/],
  ['MAIL_FROM', 'baton', /^MAIL_FROM must be one address/],
  ['GITHUB_APP_ID', 'Iv1.8a61f9b3a7aba766', /^GITHUB_APP_ID must be a number/],
])('%s=%s is refused, without repeating it', (name, value, said) => {
  const read = readSettings({ [name]: value });
  const problems = 'problems' in read ? read.problems : [];
  expect(problems.some((problem) => said.test(problem))).toBe(true);
  expect(problems.join()).not.toContain('secret-word');
});

test.each([
  ['smtps://a%40b:c@mail.example.org:465', 'Baton <baton@example.org>'],
  ['smtp://[::1]:2525', 'baton@example.org'],
])('%s with %s is taken', (url, from) => {
  expect(readSettings({ SMTP_URL: url, MAIL_FROM: from })).toHaveProperty('settings');
});
