import { PassThrough, Writable } from 'node:stream';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { SCOPES } from '../../adapters/slack/scopes.ts';
import { createAsker } from '../../src/cli/ask.ts';
import { createSlackPeer, type SlackPeer } from '../peers/slack/peer.ts';
import { createTelegramPeer, type TelegramPeer } from '../peers/telegram/peer.ts';
import { createDesk, type Desk, type Ran } from './setup-rig.ts';

/** `baton setup` as a process, before the peers of both chats. */

const WRONG = '7000000001:AAwrong_wrong_wrong_wrong_wrong_wron';
let telegram: TelegramPeer;
let slack: SlackPeer;
let desk: Desk;

beforeEach(async () => {
  telegram = await createTelegramPeer({ privacy: false });
  slack = await createSlackPeer();
  desk = createDesk({ TELEGRAM_API_ROOT: telegram.root, SLACK_API_URL: slack.apiUrl });
});
afterEach(async () => {
  desk.remove();
  await telegram.close();
  await slack.stop();
});

/** No secret of the peers, and none that was typed, is in what was said. */
function expectNoSecret({ all }: Ran, ...typed: readonly string[]): void {
  for (const secret of [telegram.token, slack.botToken, slack.appToken, slack.signingSecret, ...typed])
    expect(all).not.toContain(secret);
}
const lines = (text: string): string[] => text.split('\n').filter((line) => line !== '');

test('from nothing to both chats: every token is looked at, and .env is its owner’s alone', async () => {
  const ran = await desk.run(
    ['setup'],
    ['Example: Grid', 'Europe/Vienna', telegram.token, slack.botToken, slack.appToken],
  );
  expect(ran).toMatchObject({ code: 0, err: '' });
  expectNoSecret(ran);
  expect(lines(desk.read('.env'))).toEqual([
    'BATON_ORG=data/organisation.yaml',
    `TELEGRAM_BOT_TOKEN=${telegram.token}`,
    `SLACK_BOT_TOKEN=${slack.botToken}`,
    `SLACK_APP_TOKEN=${slack.appToken}`,
  ]);
  expect(desk.mode('.env')).toBe(0o600);
  expect(telegram.callsOf('getMe')).toHaveLength(1);
  expect(slack.calls.map(({ method }) => method)).toContain('apps.connections.open');
  expect(ran.out).toContain('Next: npm start');
  expect(ran.out).toContain('Say /iam CODE to the bot in private');
  expect((await desk.run(['org', 'check', 'data/organisation.yaml'])).out).toContain('Example: Grid: 0 people');

  const written = desk.read('.env');
  const again = await desk.runWithFile(['setup']);
  expect(again).toMatchObject({ code: 0, out: expect.stringContaining('There is nothing to add to .env.') });
  expect(desk.read('.env')).toBe(written);
  expect(await desk.runWithFile(['setup', '--check'])).toMatchObject({ code: 0, err: '' });
});

test('setup says how it goes, and takes no token as a word: a shell would keep it', async () => {
  expect(await desk.run(['setup', '--help'])).toMatchObject({
    code: 0,
    out: expect.stringContaining('baton setup [github] [--check]'),
  });
  const ran = await desk.run(['setup', telegram.token]);
  expect(ran).toMatchObject({ code: 2, out: '', err: expect.stringContaining('takes no words but github') });
  expectNoSecret(ran);
});

test('every question may be skipped, and then nothing is written', async () => {
  const ran = await desk.run(['setup'], ['', '', '']);
  expect(ran).toMatchObject({ code: 0, err: '', out: expect.stringContaining('runs the demonstration') });
  expect(desk.has('.env')).toBe(false);
  expect(desk.has('data')).toBe(false);
});

test('the lines of .env stay, comments and all; a value goes where its place is', async () => {
  desk.write(
    '.env',
    "# ours\r\nPORT=0\r\n\r\n# the bot's token\r\n# TELEGRAM_BOT_TOKEN=\r\nMAIL='a # b'\r\nSLACK_BOT_TOKEN=\r\n# end",
    0o644,
  );
  const ran = await desk.runWithFile(['setup'], ['', telegram.token, slack.botToken, slack.appToken]);
  expect(ran).toMatchObject({ code: 0, err: '' });
  expect(desk.read('.env').split('\r\n')).toEqual([
    '# ours',
    'PORT=0',
    '',
    "# the bot's token",
    '# TELEGRAM_BOT_TOKEN=',
    `TELEGRAM_BOT_TOKEN=${telegram.token}`,
    "MAIL='a # b'",
    `SLACK_BOT_TOKEN=${slack.botToken}`,
    '# end',
    `SLACK_APP_TOKEN=${slack.appToken}`,
    '',
  ]);
  expect(desk.mode('.env')).toBe(0o600);
});

test('a wrong token is one line with its remedy, and asked for again', async () => {
  const ran = await desk.run(['setup'], ['', 'what I found', WRONG, telegram.token, '']);
  expect(ran).toMatchObject({ code: 0, err: '' });
  expect(ran.out).toContain('that is no bot token: digits, a colon, letters. @BotFather, /mybots, API Token.');
  expect(ran.out).toMatch(/^lacking: Telegram does not take .*\(401\)\n {2}→ in @BotFather: .*TELEGRAM_BOT_TOKEN$/m);
  expectNoSecret(ran, WRONG);
  expect(lines(desk.read('.env'))).toEqual([`TELEGRAM_BOT_TOKEN=${telegram.token}`]);
});

test('a wrong token is left out with Enter; Slack with it, for half of it would start nothing', async () => {
  const ran = await desk.run(['setup'], ['', WRONG, '', slack.botToken, 'xapp-wrong', '']);
  expect(ran).toMatchObject({ code: 0, err: '' });
  expect(ran.out).toContain('Slack does not take SLACK_APP_TOKEN (invalid_auth)');
  expect(ran.out).toContain('TELEGRAM_BOT_TOKEN: left out.');
  expect(ran.out).toContain('SLACK_BOT_TOKEN and SLACK_APP_TOKEN: left out.');
  expect(desk.has('.env')).toBe(false);
});

test('a wrong token in .env is replaced where it stands', async () => {
  desk.write('.env', `# ours\nTELEGRAM_BOT_TOKEN="${WRONG}"\nPORT=0\n`);
  const ran = await desk.runWithFile(['setup'], ['', telegram.token, '']);
  expect(ran).toMatchObject({ code: 0, err: '' });
  expect(lines(desk.read('.env'))).toEqual(['# ours', `TELEGRAM_BOT_TOKEN=${telegram.token}`, 'PORT=0']);
  expectNoSecret(ran, WRONG);
});

test('a wrong token of the environment is not asked for: .env would not reach it', async () => {
  const other = createDesk({ TELEGRAM_API_ROOT: telegram.root, TELEGRAM_BOT_TOKEN: WRONG });
  try {
    const ran = await other.run(['setup'], ['', '']);
    expect(ran).toMatchObject({
      code: 1,
      out: expect.stringContaining('comes from the environment and not from .env'),
    });
    expect(ran.all).not.toContain(WRONG);
    expect(other.has('.env')).toBe(false);
  } finally {
    other.remove();
  }
});

test('a scope that is missing is named with its reason and where to click; what was given stays', async () => {
  const scopes = SCOPES.map(({ scope }) => scope).filter((scope) => scope !== 'im:history');
  const narrow = await createSlackPeer({ scopes });
  const other = createDesk({ SLACK_API_URL: narrow.apiUrl });
  try {
    const ran = await other.run(['setup'], ['', '', narrow.botToken, narrow.appToken]);
    expect(ran.code).toBe(1);
    expect(ran.out).toMatch(
      /^lacking: Slack: The bot token lacks im:history \(.*\)\.\n {2}→ .*Reinstall to Workspace/m,
    );
    expect(lines(other.read('.env'))).toHaveLength(2);
    expect(await other.runWithFile(['setup', '--check'])).toMatchObject({ code: 1 });
  } finally {
    other.remove();
    await narrow.stop();
  }
});

test('without an app token it is signed HTTP, which wants a public address', async () => {
  const ran = await desk.run(
    ['setup'],
    [
      '',
      '',
      'xapp-1-mixed-up',
      slack.botToken,
      '',
      slack.signingSecret,
      'http://baton.example.org',
      'https://baton.example.org',
    ],
  );
  expect(ran).toMatchObject({ code: 0, err: '' });
  expect(ran.out).toContain('a bot token begins with xoxb-');
  expect(ran.out).toContain('a platform calls nothing but https://');
  expect(lines(desk.read('.env'))).toEqual([
    `SLACK_BOT_TOKEN=${slack.botToken}`,
    `SLACK_SIGNING_SECRET=${slack.signingSecret}`,
    'BATON_URL=https://baton.example.org',
  ]);
  expectNoSecret(ran);
});

test('input that ends in the middle is told, and nothing is written', async () => {
  const ran = await desk.run(['setup'], ['Grid', '', telegram.token]);
  expect(ran.code).toBe(2);
  expect(ran.err).toMatch(/^baton: the input ended where SLACK_BOT_TOKEN was asked for; nothing was written\..*\n$/);
  expect(desk.has('.env')).toBe(false);
  expect(desk.has('data')).toBe(false);
  expectNoSecret(ran);
});

test('privacy mode is worth a look, and lacking only where mentions are to be watched', async () => {
  telegram.privacy(true);
  desk.write('.env', `TELEGRAM_BOT_TOKEN=${telegram.token}\nBATON_ORG=org.yaml\n`);
  const organisation = (watched: boolean) =>
    `organisation: Grid\ntimezone: UTC\nchats:\n  - { name: devs, team: developer, telegram: -1001, watch_mentions: ${watched} }\n`;
  desk.write('org.yaml', organisation(false));
  expect(await desk.runWithFile(['setup', '--check'])).toMatchObject({
    code: 0,
    out: expect.stringMatching(/^worth a look: Telegram: privacy mode is on/m),
  });
  desk.write('org.yaml', organisation(true));
  expect(await desk.runWithFile(['setup', '--check'])).toMatchObject({
    code: 1,
    out: expect.stringMatching(/^lacking: Telegram: privacy mode is on/m),
  });
});

test('--check writes nothing: it tells what a start would refuse, and who may read the file', async () => {
  const text = `TELEGRAM_BOT_TOKEN=${telegram.token}\nSLACK_BOT_TOKEN=${slack.botToken}\nBATON_ORG=org.yaml\n`;
  desk.write('.env', text, 0o644);
  desk.write('org.yaml', 'organisation: Grid\ntimezone: Mars\n');
  const ran = await desk.runWithFile(['setup', '--check']);
  expect(ran.code).toBe(1);
  expect(ran.out).toContain('lacking: SLACK_BOT_TOKEN is set alone');
  expect(ran.out).toContain('lacking: others may read .env: chmod 600 .env');
  expect(ran.out).toMatch(/^lacking: org\.yaml:2:\d+: timezone/m);
  expect(desk.read('.env')).toBe(text);
  expect(desk.mode('.env')).toBe(0o644);
  expectNoSecret(ran);
});

test('a platform that is not reached refuses no token', async () => {
  await telegram.away(true);
  const ran = await desk.run(['setup'], ['', telegram.token, '']);
  expect(ran).toMatchObject({
    code: 1,
    out: expect.stringContaining('lacking: Telegram is not reached (ECONNREFUSED)'),
  });
  expect(lines(desk.read('.env'))).toEqual([`TELEGRAM_BOT_TOKEN=${telegram.token}`]);
});

test('an organisation that has an admin hears of no code', async () => {
  desk.write('org.yaml', 'organisation: Grid\ntimezone: UTC\npeople:\n  - { id: ada, roles: [admin] }\n');
  desk.write('.env', `TELEGRAM_BOT_TOKEN=${telegram.token}\nBATON_ORG=org.yaml\n`);
  const ran = await desk.runWithFile(['setup'], ['']);
  expect(ran).toMatchObject({ code: 0, out: expect.stringContaining('Next: npm start') });
  expect(ran.out).not.toContain('/iam');
});

test('a terminal shows the question and never the secret, not even one that is typed too early', async () => {
  const input = Object.assign(new PassThrough(), { isTTY: true, setRawMode: () => {} });
  let shown = '';
  const output = new Writable({
    write: (chunk: Buffer, _encoding, done) => {
      shown += chunk.toString();
      done();
    },
  });
  const asker = createAsker(input, output);
  const name = asker.ask('Name:');
  input.write('Example Grid\r');
  expect(await name).toBe('Example Grid');
  expect(shown).toContain('Example Grid');
  input.write('early-');
  const secret = asker.ask('Token:', true);
  input.write('secret-token\r');
  expect(await secret).toBe('early-secret-token');
  expect(shown).toContain('Token:');
  expect(shown).not.toMatch(/early|secret|token/);
  const last = asker.ask('More:');
  // Ctrl-C.
  input.write('\u0003');
  expect(await last).toBeUndefined();
  expect(shown).not.toMatch(/early|secret|token/);
});
