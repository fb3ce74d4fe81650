import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { withoutCredentials } from '../../src/core/credentials.ts';
import { keepSecret, purge } from '../../src/shell/redact.ts';
import { createStage } from '../core/stage.ts';
import { createRig } from '../faults/rig.ts';
import { tally } from '../support/tally.ts';

/** Credentials that people paste: recognised, taken away where that may be, and never stored. */

const of = (length: number, letters = 'aB3dE5gH7'): string => letters.repeat(Math.ceil(length / letters.length)).slice(0, length); // biome-ignore format: one line
const hex = (length: number): string => of(length, '0123456789abcdef');

// Written in parts, so that no scanner takes these for real ones.
const CREDENTIALS: readonly (readonly [string, string])[] = [
  ['a Telegram bot token', `123456789:${'AAE'}${of(32)}`],
  ['a Telegram bot token', `https://api.telegram.org/bot123456789:${'AAE'}${of(32)}/getMe`],
  ['a Slack token', `xoxb-${'1234567890'}-${of(24)}`],
  ['a Slack token', `xoxe.${'xoxp-1-'}${of(40)}`],
  ['a Slack token', `xapp-${'1-A0123'}-${of(20)}`],
  ['a Slack webhook', `https://hooks.slack.com/services/${'T00000000/B00000000/'}${of(24)}`],
  ['a GitHub token', `ghp_${of(36)}`],
  ['a GitHub token', `ghs_${of(36)}`],
  ['a GitHub token', `github_pat_${of(22)}_${of(59)}`],
  ['a GitLab token', `glpat-${of(20)}`],
  ['an npm token', `npm_${of(36)}`],
  ['a PyPI token', `pypi-AgE${of(60)}`],
  ['an AWS key', `AKIA${'IOSFODNN7EXAMPLE'}`],
  ['a Google key', `AIza${of(35)}`],
  ['a Google key', `GOCSPX-${of(28)}`],
  ['an Azure key', `DefaultEndpointsProtocol=https;AccountKey=${of(86)}==`],
  ['a Stripe key', `sk_live_${of(24)}`],
  ['an API key', `sk-proj-${of(48)}`],
  ['a SendGrid key', `SG.${of(22)}.${of(43)}`],
  ['a DigitalOcean token', `dop_v1_${hex(64)}`],
  ['a Vault token', `hvs.${of(24)}`],
  ['a signed token', `eyJ${of(20)}.eyJ${of(30)}.${of(43)}`],
  ['a private key', `-----BEGIN OPENSSH PRIVATE KEY-----\n${of(64)}\n-----END OPENSSH PRIVATE KEY-----`],
  ['a private key', `-----BEGIN RSA PRIVATE KEY-----\n${of(64)}`],
  ['a private key', `-----BEGIN PGP PRIVATE KEY BLOCK-----\n${of(64)}\n-----END PGP PRIVATE KEY BLOCK-----`],
  ['an address with a password', `postgres://baton:${of(12)}@db.example.org/baton`],
  ['an address with a password', `smtps://:${of(12)}@mail.example.org`],
  ['a sign-in link', `https://baton.example.org/sign-in#${of(32)}`],
];

const HARMLESS = [
  'the password of the shop is in Gitea, where it belongs',
  'PROD-1 at 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b is fine',
  `0x${hex(64)} is the transaction`,
  'https://docs.example.org/a/b?c=d#e-f',
  'mail olga@example.org or see https://github.com/example/grid/issues/12',
  'it fails at 10:15:30 and 12345:abc',
  'sk-1 and ghp_short and xoxb- and AKIA are beginnings of something else',
  'see http://localhost:8080/item/PROD-1 @olga',
  'a token, a secret, a key: words',
];

test.each(CREDENTIALS)('%s is recognised', (what, credential) => {
  for (const text of [credential, `/bug major it is ${credential} here`, `"${credential}"`, `<${credential}>`]) {
    const left = withoutCredentials(text);
    expect(left).toContain(`[removed: ${what}]`);
    // Not a part of it stays that could be of use.
    for (const piece of credential.match(/[\w-]{16,}/g) ?? [])
      if (!/^(https?|hooks|DefaultEndpointsProtocol|OPENSSH|PRIVATE)/.test(piece)) expect(left).not.toContain(piece);
  }
});

test.each(HARMLESS)('%s', (text) => expect(withoutCredentials(text)).toBe(text));

test('whatever is around it, in whatever it comes: names, depths, lists; and our own secrets, which look like nothing', () => {
  keepSecret('correct horse battery staple');
  const [, token] = CREDENTIALS[6] ?? ['', ''];
  const body = { update: { list: [{ [token]: [token, 'words', 7, null, true] }], __proto__: null } };
  expect(JSON.stringify(purge(body))).not.toContain(token);
  expect(purge('the webhook has correct horse battery staple')).toBe('the webhook has [removed: a secret of mine]');
  const clean = { a: [{ b: 'words' }] };
  expect(purge(clean)).toBe(clean);
  const hostile = purge(JSON.parse('{"__proto__":{"roles":["ops"]},"text":"words"}') as Record<string, unknown>);
  expect(Object.getPrototypeOf(hostile)).toBe(Object.prototype);
  expect('roles' in hostile).toBe(false);
  // A body that is nothing but depth is cut, and nothing runs out.
  const deep = JSON.parse(`${'['.repeat(5_000)}1${']'.repeat(5_000)}`) as unknown;
  expect(JSON.stringify(purge(deep)).length).toBeLessThan(500);
});

test('nothing is done with what held one, whatever it asked for; a stranger’s chat is not taught', () => {
  const stage = createStage();
  stage.play('sam: /call open\nbea: /propose product Alpha');
  const [, token] = CREDENTIALS[6] ?? ['', ''];
  const line = withoutCredentials(`/link PROD-1 https://x.example.org/?t=${token}`);
  const said = stage.say('bea', line);
  expect(said.code).toBe('refused');
  expect(said.text).toMatch(/looks like a GitHub token/);
  expect(stage.world().get('item', 'PROD-1')?.links).toEqual([]);
  expect(stage.say('bea', withoutCredentials(`/status ${token}`)).code).toBe('refused');
  expect(stage.say('bea', withoutCredentials(`look: ${token}`), { place: 'general' }).code).toBe('refused');
  expect(stage.say('telegram:99', withoutCredentials(token), { place: 'telegram:-77' }).code).toBe('silent');
});

test('over Telegram and Slack: deleted where we may, told to its writer alone, in no file, and written down as refused', async () => {
  const rig = await createRig();
  const { telegram, slack } = rig.stage;
  const pasted = CREDENTIALS.map(([, credential], at) => `${at}: ${credential}`);
  const ops = { id: rig.stage.telegramChat('board').id, title: 'board', topics: {} };
  const dave = rig.stage.onTelegram('dave');
  telegram.addBot(ops, rig.stage.onTelegram('olga'), { admin: true });
  const own = dave.say(dave.private, `here it is: ${pasted[6]}`);
  const inChat = rig.stage.onTelegram('sam').say(ops, `/bug major It says ${pasted[0]}`);
  rig.stage.onSlack('dave').dm(`bug major It says ${pasted[2]}`);
  rig.stage.onSlack('sam').say(rig.stage.slackChannel('board'), `have a look at ${pasted[21]}`);
  await rig.stage.onSlack('lea').command(rig.stage.slackChannel('dev'), '/baton', `bug minor It says ${pasted[7]}`);
  for (const text of pasted) rig.stage.onTelegram('olga').say(rig.stage.onTelegram('olga').private, text);

  const isTold = (texts: readonly string[]) => texts.some((text) => /looks like/.test(text));
  await rig.voices.telegram.waitFor(() => isTold(rig.voices.telegram.seenBy('dave')));
  await rig.voices.slack.waitFor(() => isTold(rig.voices.slack.seenBy('dave')));
  await rig.voices.telegram.waitFor(
    () => rig.voices.telegram.seenBy('olga').filter((text) => /looks like/.test(text)).length >= pasted.length,
  );
  await rig.drained();
  // Telegram lets a bot delete in private, and an administrator in a chat; Slack lets no bot delete what people wrote.
  const deleted = telegram.callsOf('deleteMessage').map(({ params }) => `${params.chat_id}/${params.message_id}`);
  expect(deleted).toContain(`${dave.private.id}/${own.message_id}`);
  expect(deleted).toContain(`${ops.id}/${inChat.message_id}`);
  const toAll = telegram.fromBot(ops).filter(({ visibleTo }) => visibleTo === undefined);
  expect(toAll.filter(({ text }) => /looks like/.test(text))).toEqual([]);
  const inChannel = slack.messages(rig.stage.slackChannel('board')).filter(({ user }) => user === slack.botUserId);
  expect(inChannel.map(({ only }) => only)).toContain('U0SAM');
  expect(inChannel.filter(({ only, text }) => only === undefined && /looks like/.test(text))).toEqual([]);

  const happened = rig
    .bot()
    .engine.store.events(0, 1_000)
    .map(({ type }) => type);
  expect(new Set(happened)).toEqual(new Set(['roster-read', 'handle-seen']));
  const bytes = ['', '-wal'].map((end) => readFileSync(`${rig.path}${end}`, 'latin1')).join('');
  for (const [what, credential] of CREDENTIALS)
    for (const piece of credential.match(/[\w.-]{24,}/g) ?? [])
      if (!/^(hooks|https?|DefaultEndpoints|baton\.example|api\.telegram)/.test(piece))
        expect([what, bytes.includes(piece)]).toEqual([what, false]);
  expect(bytes).toContain('[removed: a GitHub token]');
  tally('bad input', 'a credential that is pasted', CREDENTIALS.length + 5);
});
