import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createSlackPeer, type SlackPeer } from '../peers/slack/peer.ts';
import { createTelegramPeer, type TelegramPeer } from '../peers/telegram/peer.ts';
import { createFolder, runBaton, startBot, stopAll } from '../web/demo.ts';

/** `npm start` with the tokens of one chat, of both, of none, and with one that is not taken. */

let folder: ReturnType<typeof createFolder>;
let telegram: TelegramPeer;
let slack: SlackPeer;
beforeEach(async () => {
  folder = createFolder();
  [telegram, slack] = await Promise.all([createTelegramPeer(), createSlackPeer()]);
});
afterEach(async () => {
  stopAll();
  await Promise.all([telegram.close(), slack.stop()]);
  folder.remove();
});

const onTelegram = (token = telegram.token) => ({ TELEGRAM_BOT_TOKEN: token, TELEGRAM_API_ROOT: telegram.root });
const onSlack = (token = slack.botToken) => ({
  SLACK_BOT_TOKEN: token,
  SLACK_APP_TOKEN: slack.appToken,
  SLACK_API_URL: slack.apiUrl,
});
const linesOf = (said: string): string[] => said.trim().split('\n');

test.each([
  ['Telegram’s token alone', () => onTelegram(), /^ {2}Telegram: connected as @\w+, by polling\.$/],
  ['Slack’s tokens alone', () => onSlack(), /^ {2}Slack: connected by Socket Mode\.$/],
  [
    'both',
    () => ({ ...onTelegram(), ...onSlack() }),
    /^ {2}Telegram: connected .*; Slack: connected by Socket Mode\.$/,
  ],
])('%s: an organisation of one’s own begins, and says so in three lines', async (_what, environment, connected) => {
  const bot = await startBot(folder.path, environment());
  const [first, second, third, ...more] = linesOf(bot.said());
  expect(first).toMatch(
    /^Baton carries the work of Our organisation: http:\/\/127\.0\.0\.1:\d+\/ \(data\/organisation\.yaml/,
  );
  expect(second).toMatch(connected);
  expect(third).toMatch(/^ {2}Nobody is admin yet: say \/iam [A-Z2-9]{4}-[A-Z2-9]{4} to the bot in private/);
  expect(more).toEqual([]);
  const file = join(folder.path, 'data/organisation.yaml');
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(readFileSync(file, 'utf8')).toContain('organisation: Our organisation');
  const { code } = await bot.stop();
  expect(code).toBe(0);
});

test('whoever says the printed code in private is the first admin, once, and fills the organisation from the chat', async () => {
  const bot = await startBot(folder.path, onTelegram());
  const code = /iam (\S+)/.exec(bot.said())?.[1] ?? '';
  const [ann, eve] = [telegram.user({ id: 42, first_name: 'Ann' }), telegram.user({ id: 43, first_name: 'Eve' })];
  const answered = (person: typeof ann, words: RegExp) =>
    telegram.waitFor(() => telegram.fromBot(person.private).findLast(({ text }) => words.test(text)), 5_000);
  ann.start();
  eve.start();
  await answered(eve, /I do not know you here/);
  ann.say(ann.private, `/iam ${code}`);
  await answered(ann, /you are admin/);
  eve.say(eve.private, `/iam ${code}`);
  await answered(eve, /was used|not valid/);
  ann.say(ann.private, '/person add eve Eve roles qa telegram 43');
  await answered(ann, /Eve/);
  eve.say(eve.private, '/whoami');
  await answered(eve, /You are Eve/);
  await bot.stop();
  const again = await startBot(folder.path, onTelegram());
  expect(again.said()).not.toContain('/iam');
  await again.stop();
});

test('none: the demonstration; and its database is no organisation’s', async () => {
  const bot = await startBot(folder.path);
  expect(linesOf(bot.said())[0]).toMatch(/^Baton's demonstration: http/);
  await bot.stop();
});

test.each([
  [
    'Telegram’s',
    () => onTelegram('1:wrong'),
    /^baton: Telegram: the bot's token is not taken \(401\); copy it again from @BotFather/,
  ],
  [
    'Slack’s',
    () => onSlack('xoxb-wrong'),
    /^baton: Slack: SLACK_BOT_TOKEN is not taken \(invalid_auth\)\. Copy the bot token/,
  ],
])('a wrong token of %s is one line with the remedy, and nothing runs', async (_what, environment, line) => {
  const { code, stdout, stderr } = await runBaton(folder.path, { PORT: '0', ...environment() }, 'start');
  expect(code).toBe(2);
  expect(stdout).toBe('');
  expect(linesOf(stderr)).toEqual([expect.stringMatching(line)]);
  expect(stderr).not.toMatch(/1:wrong|xoxb-wrong/);
});

test('a platform that is away is no reason not to start: it is said, and mended when it is back', async () => {
  await telegram.away(true);
  writeFileSync(
    join(folder.path, 'org.yaml'),
    'organisation: A\ntimezone: Europe/Brussels\npeople:\n  - { id: ada, roles: [admin], telegram: 42 }\n',
  );
  const bot = await startBot(folder.path, { BATON_ORG: 'org.yaml', ...onTelegram() });
  expect(bot.said()).toMatch(/Telegram: .*trying again/);
  const ada = telegram.user({ id: 42, first_name: 'Ada' });
  ada.start();
  await telegram.away(false);
  await telegram.waitFor(() => telegram.fromBot(ada.private).find(({ text }) => text.includes('/handover')), 20_000);
  await bot.stop();
}, 30_000);
