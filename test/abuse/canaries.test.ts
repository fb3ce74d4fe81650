import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, test, vi } from 'vitest';
import { SETTINGS } from '../../src/settings.ts';
import { ORGANISATION } from '../faults/rig.ts';
import { voiceOn } from '../faults/voice.ts';
import { createSmtpPeer } from '../peers/smtp/peer.ts';
import { type Peers, startPeers } from '../support/whole-peers.ts';
import { ask, createFolder, runBaton, startBot, stopAll } from '../web/demo.ts';
import { type Canary, filesIn, findCanaries, formsOf, linesOfKey } from './canaries.ts';

/** Every secret that the process is given is a canary. It goes through its whole life, and then everything is searched. */

const SMTP_PASSWORD = 'canary-smtp-Zk4';
const HOOKS = {
  CIRCLES_WEBHOOK_SECRET: 'canary-circles-hook-9xR',
  GITEA_WEBHOOK_SECRET: 'canary-gitea-hook-7bT',
};
/** What nobody has to do with stands in a description; what somebody should never have written stands in a comment. */
const PRIVATE = 'canary-of-a-private-field-2mW';
const PASTED = `ghp_${'canaryPastedWhereItShouldNotBe012345'}`;

const open: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  stopAll();
  for (const close of open.splice(0).reverse()) await close();
});

async function surroundings() {
  const peers = await startPeers({ organisation: ORGANISATION, now: Date.now });
  const smtp = await createSmtpPeer({ auth: { user: 'baton', password: SMTP_PASSWORD } });
  const folder = createFolder();
  open.push(
    () => peers.close(),
    () => smtp.close(),
    async () => folder.remove(),
  );
  // What is worked out from the file is not written in it.
  const written = JSON.stringify(peers.organisation, (name, value: unknown) =>
    name === 'holidayDays' ? undefined : value,
  );
  writeFileSync(join(folder.path, 'org.yaml'), written);
  const { stage, github, circles, gitea } = peers;
  const secrets: Readonly<Record<string, string>> = {
    TELEGRAM_BOT_TOKEN: stage.telegram.token,
    SLACK_BOT_TOKEN: stage.slack.botToken,
    SLACK_APP_TOKEN: stage.slack.appToken,
    GITHUB_PRIVATE_KEY: github.access.privateKey,
    CIRCLES_TOKEN: circles.token,
    GITEA_TOKEN: gitea.token,
    SMTP_URL: `smtp://baton:${SMTP_PASSWORD}@127.0.0.1:${smtp.port}`,
    GITHUB_WEBHOOK_SECRET: github.webhookSecret,
    ...HOOKS,
  };
  // Outside of the bot's own folder: of what is in that, everything is searched.
  const keys = createFolder();
  open.push(async () => keys.remove());
  mkdirSync(join(folder.path, 'data'));
  const given = Object.entries(secrets).map(([name, value], at): [string, string] => {
    if (at % 2 === 0) return [name, value];
    const file = join(keys.path, name);
    writeFileSync(file, `${value}\n`);
    return [`${name}_FILE`, file];
  });
  const environment = {
    ...Object.fromEntries(given),
    BATON_ORG: 'org.yaml', BATON_DB: 'data/baton.db', BATON_BACKUPS: 'data/backups', LOG_LEVEL: 'trace', MAIL_FROM: 'Baton <baton@example.org>',
    TELEGRAM_API_ROOT: stage.telegram.root, SLACK_API_URL: stage.slack.apiUrl, GITHUB_APP_ID: github.appId, GITHUB_API_URL: github.apiUrl,
    CIRCLES_URL: String(peers.organisation.circles.url), GITEA_URL: gitea.url,
  }; // biome-ignore format: a list
  const canaries: Canary[] = [
    ...Object.entries(secrets).flatMap(([name, text]) => (name === 'GITHUB_PRIVATE_KEY' ? linesOfKey(name, text) : [{ name, text }])),
    { name: 'the password of the mail server', text: SMTP_PASSWORD },
    { name: 'what is in Gitea', text: peers.canary },
    { name: 'a private field', text: PRIVATE },
    { name: 'a pasted token', text: PASTED },
  ]; // biome-ignore format: a list
  return { peers, smtp, folder, environment, canaries, secrets };
}

/** What the peers were told: each platform may hear its own secret, in the way it wants it, and no other. */
function heardBy({ stage, github, circles, gitea }: Peers): readonly (readonly [string, string])[] {
  return [
    ['Telegram', JSON.stringify(stage.telegram.calls.map(({ method, params }) => [method, params]))],
    ['Slack', JSON.stringify(stage.slack.calls.map(({ method, args }) => [method, { ...args, token: undefined }]))],
    ['GitHub', JSON.stringify(github.calls.map(({ path, body }) => [path, body]))],
    ['Circles', JSON.stringify(circles.peer.seen.map((seen) => ({ ...seen, authorization: undefined })))],
    ['Gitea', JSON.stringify(gitea.calls.map(({ path, query }) => [path, query]))],
  ];
} // biome-ignore format: a list

test('from its start to its end, and by every command of the shell: no secret is anywhere', { timeout: 120_000 }, async () => {
  const { peers, smtp, folder, environment, canaries, secrets } = await surroundings();
  const { stage, github, circles, gitea } = peers;
  const found: string[] = [];
  const search = (where: string, content: string | Buffer) => found.push(...findCanaries(where, content, canaries));

  const bot = await startBot(folder.path, environment);
  github.hooks.url = `${bot.origin}/webhooks/github`;
  circles.peer.hook(circles.grid, `${bot.origin}/webhooks/circles`, HOOKS.CIRCLES_WEBHOOK_SECRET);
  const [telegram, slack] = [voiceOn(stage, 'telegram'), voiceOn(stage, 'slack')];
  const answered = (person: string, words: RegExp) => telegram.waitFor(() => telegram.seenBy(person).find((text) => words.test(text)), 20_000);

  // People work, ask for what is theirs alone, and paste what they should not.
  telegram.say('bea', '/propose product Alpha');
  await answered('bea', /PROD-1/);
  telegram.say('bea', `/link PROD-1 ${peers.page('grid/manual.md')}`);
  await answered('bea', /Linked to PROD-1/);
  telegram.say('olga', '/credentials PROD-1');
  const where = await answered('olga', /infra\/secrets/);
  expect(where).toContain(`${gitea.url}/infra/secrets`);
  telegram.say('dave', '/bug critical The door is red');
  await answered('dave', /logged/);
  telegram.say('quinn', '/mail pages');
  telegram.say('olga', '/web');
  const way = await answered('olga', /sign-in#/);
  const secret = /sign-in#([\w-]+)/.exec(way)?.[1] ?? '';
  canaries.push({ name: 'the secret of a way in', text: secret });
  for (const [name, value] of Object.entries(secrets)) slack.say('dave', `look: ${name} is ${value}`);
  await slack.waitFor(() => slack.seenBy('dave').filter((text) => /looks like/.test(text)).length >= 3, 20_000);

  // What others keep to themselves, and what fails in every way, with the addresses of the calls in the errors.
  const repository = github.repo('example/grid');
  const issue = github.open(repository, github.user('lea-gh'), { title: 'An issue', body: `The password is ${PRIVATE}` });
  github.comment(repository, issue, github.user('stranger'), `${PASTED} is the token`);
  circles.peer.add('userstory', circles.grid, circles.keeper, { subject: `A story with ${PASTED}`, description: `The password is ${PRIVATE}` });
  await Promise.all([github.hooks.settled(), circles.peer.hooks.settled()]);
  for (const wrong of [`wrong-${github.webhookSecret}`, ''])
    search('an answer to a webhook', (await ask(bot.origin, '/webhooks/github', { method: 'POST', headers: { 'x-hub-signature-256': wrong }, body: '{}' })).text);
  search('an answer to somebody who is not signed in', (await ask(bot.origin, '/board')).text);

  expect(github.hooks.deliveries.length).toBeGreaterThan(0);

  // Every page, as somebody who sees them all.
  const form = { origin: bot.origin, 'content-type': 'application/x-www-form-urlencoded' };
  const signed = await ask(bot.origin, '/sign-in', { method: 'POST', headers: form, body: new URLSearchParams({ secret }).toString() });
  const cookie = signed.headers['set-cookie']?.[0]?.split(';')[0] ?? '';
  expect(signed.status).toBe(303);
  canaries.push({ name: 'the token of a session', text: cookie.split('=')[1] ?? '' });
  for (const page of ['/board', '/waiting', '/console', '/chat/ops', '/chat/general', '/tracker', '/mail', '/settings', '/outbox', '/rules', '/commands', '/item/PROD-1', '/words', '/health', '/healthz', '/readyz', '/metrics', '/sign-in', '/nowhere'])
    search(page, (await ask(bot.origin, page, { headers: { cookie } })).text);
  search('standard output while it ran', bot.said());

  // What the shell offers, beside the process that runs and after it.
  const shell = async (...args: readonly string[]) => {
    const { stdout, stderr, code } = await runBaton(folder.path, environment, ...args);
    search(`baton ${args.join(' ')}`, `${stdout}${stderr}`);
    return { code, stdout };
  };
  await shell('doctor');
  // Whatever fails from here on names the address that it could not reach.
  await Promise.all([stage.telegram.away(true), stage.slack.away(true), github.away(true), circles.peer.away(true), smtp.away(true)]);
  await shell('doctor');
  await shell('export');
  await shell('export', '--csv');
  expect((await shell('backup')).code).toBe(0);
  const ended = await bot.stop();
  expect(ended.code).toBe(0);
  search('standard output', ended.stdout);
  search('standard error', ended.stderr);
  expect(ended.stderr).toMatch(/"level":"(info|warn)"/);
  await shell('verify');
  await shell('setup', '--check');
  writeFileSync(join(folder.path, 'script.jsonl'), '{"at":"2026-11-23T10:00:00+01:00"}\n{"as":"sam","say":"/call open"}\n');
  await shell('simulate', '--org', 'org.yaml', '--help');

  // The database with its journal, the backups, and whatever else is in the folder.
  const files = filesIn(folder.path);
  expect(files.map(({ path }) => path)).toEqual(expect.arrayContaining(['data/baton.db', expect.stringMatching(/^data\/backups\/.+/)]));
  for (const { path, bytes } of files) search(path, bytes);
  for (const [platform, heard] of heardBy(peers)) {
    const own = platform === 'Telegram' ? ['the secret of a way in'] : [];
    found.push(...findCanaries(`what ${platform} was told`, heard, canaries).filter((line) => !own.some((name) => line.endsWith(name))));
  }
  for (const { raw } of smtp.mails.map((mail) => ({ raw: JSON.stringify(mail) }))) search('a letter', raw);
  expect(found).toEqual([]);

  // Of Gitea it was asked whether something is there, and nothing of what is in it.
  expect(gitea.calls.length).toBeGreaterThan(0);
  expect(gitea.calls.filter(({ hasContent }) => hasContent)).toEqual([]);
}); // biome-ignore format: long lines

test('a login of Circles goes on after a restart, and what it goes on with is nowhere to be read', { timeout: 60_000 }, async () => {
  const { peers, folder, environment } = await surroundings();
  const { CIRCLES_TOKEN: _, CIRCLES_TOKEN_FILE: __, ...others } = { CIRCLES_TOKEN: '', CIRCLES_TOKEN_FILE: '', ...environment };
  const given = { ...others, CIRCLES_USERNAME: 'baton', CIRCLES_PASSWORD: 'secret' };
  const { seen } = peers.circles.peer;
  const asked = (path: string) => seen.filter((each) => each.path === path).length;
  const found: string[] = [];
  for (const logins of [0, 1]) {
    const bot = await startBot(folder.path, given);
    await vi.waitFor(() => expect([asked('/auth'), asked('/auth/refresh'), seen.at(-1)?.authorization]).toEqual([1, logins, expect.stringContaining('Bearer')]), 20_000);
    expect((await runBaton(folder.path, given, 'backup')).code).toBe(0);
    const { stdout, stderr, code } = await bot.stop();
    expect(code).toBe(0);
    // Of the peer, every token of a login says what it is.
    const tokens = [{ name: 'a token of Circles', text: 'jwt.refresh.' }, { name: 'another one', text: 'jwt.access.' }];
    for (const { path, bytes } of [...filesIn(folder.path), { path: 'the log', bytes: Buffer.from(stdout + stderr) }]) found.push(...findCanaries(path, bytes, tokens));
  }
  expect(found).toEqual([]);
}); // biome-ignore format: long lines

test('a setting that is wrong is complained of by its name', { timeout: 60_000 }, async () => {
  const folder = createFolder();
  open.push(async () => folder.remove());
  const secretNames = SETTINGS.filter(({ secret }) => secret === true).map(({ name }) => name);
  expect(secretNames.length).toBeGreaterThan(10);
  const canaries = secretNames.map((name): Canary => ({ name, text: `canary-of-${name}-5vK` }));
  const environment = Object.fromEntries(canaries.map(({ name, text }) => [name, text]));
  const more = { GITHUB_APP_ID: '1', CIRCLES_URL: 'http://127.0.0.1:1', CIRCLES_USERNAME: 'baton', GITEA_URL: 'http://127.0.0.1:1', MAIL_FROM: 'a@example.org', TELEGRAM_API_ROOT: 'http://127.0.0.1:1', SLACK_API_URL: 'http://127.0.0.1:1/', GITHUB_API_URL: 'http://127.0.0.1:1' };
  const found: string[] = [];
  for (const wrong of [{}, { PORT: 'x' }, { SMTP_URL: `http://u:${canaries[0]?.text}@x` }, { BATON_URL: 'no url' }, { GITHUB_APP_ID: '' }])
    for (const command of Object.keys(wrong).length === 0 ? [['start'], ['setup', '--check'], ['doctor']] : [['start']]) {
      const { stdout, stderr, code } = await runBaton(folder.path, { ...environment, ...more, ...wrong, LOG_LEVEL: 'trace' }, ...command);
      expect([command, wrong, code]).toEqual([command, wrong, expect.toBeOneOf([1, 2])]);
      found.push(...findCanaries(`${command.join(' ')} with ${JSON.stringify(Object.keys(wrong))}`, `${stdout}${stderr}`, canaries));
    }
  for (const { path, bytes } of filesIn(folder.path)) found.push(...findCanaries(path, bytes, canaries));
  expect(found).toEqual([]);
}); // biome-ignore format: long lines

test('what the doctor finds is told without the secrets in it', { timeout: 60_000 }, async () => {
  const folder = createFolder();
  open.push(async () => folder.remove());
  const told = await runBaton(folder.path, { BATON_ORG: 'canary-in-a-name.yaml', BATON_METRICS_TOKEN: 'canary-in-a-name' }, 'doctor');
  expect([told.code, told.stdout]).toEqual([1, expect.stringContaining('[redacted].yaml')]);
  expect(told.stdout + told.stderr).not.toContain('canary');
}); // biome-ignore format: long lines

test('a canary is found in every form in which it could be read', () => {
  const canary = { name: 'one', text: 'canary of a kind/+ü-1' };
  for (const before of ['', 'a', 'ab', 'abc'])
    for (const content of [
      `${before}${canary.text}!`,
      `${before}${encodeURIComponent(canary.text)}!`,
      Buffer.from(`${before}${canary.text}!`).toString('base64'),
      Buffer.from(`${before}${canary.text}!`).toString('base64url'),
      Buffer.from(`${before}${canary.text}!`).toString('hex'),
    ])
      expect([before, content, findCanaries('here', content, [canary])]).toEqual([before, content, ['here: one']]);
  expect(findCanaries('here', 'canary of another kind', [canary])).toEqual([]);
  expect(formsOf(canary.text).every((form) => form.length > 12)).toBe(true);
});
