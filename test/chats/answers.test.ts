import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { parseOrganisation } from '../../src/shell/read-organisation.ts';
import { type ChatBot, startChatBot } from '../support/chat-bot.ts';
import { createStage, type Stage } from '../support/stage.ts';

/** To whom an answer is shown, and what a reply to the bot's question becomes. */

const FILE = `organisation: Example Grid
timezone: Europe/Brussels
people:
  - { id: sam, name: Sam, roles: [stakeholder] }
  - { id: sue, name: Sue, roles: [stakeholder] }
  - { id: dave, name: Dave, roles: [developer] }
  - { id: bea, name: Bea, roles: [bizdev] }
chats:
  - { name: board, team: stakeholder }
  - { name: general, team: everyone, watch_mentions: true }
`;

let stage: Stage;
let bot: ChatBot;
beforeEach(async () => {
  const read = parseOrganisation('org.yaml', FILE);
  if ('problems' in read) throw new Error(read.problems.join('\n'));
  stage = await createStage(read.organisation);
  bot = await startChatBot({
    organisation: stage.organisation,
    telegram: { peer: stage.telegram, mode: 'polling' },
    slack: { peer: stage.slack, mode: 'socket' },
    unhurried: true,
  });
  await vi.waitFor(() => expect(bot.chats.states().map(({ is }) => is)).toEqual(['connected', 'connected']), 5_000);
});
afterEach(async () => {
  await bot.stop();
  await stage.close();
});

const say = (as: string, text: string) => bot.engine.handle({ as, via: 'web', place: null, text, pressed: false });

async function openVote(): Promise<void> {
  await say('bea', '/propose product A page');
  await say('bea', '/link PROD-1 https://pad.example.org/1');
  expect((await say('sam', '/call open')).code).toBe('opened');
}

test('a reply to the question for a reason is the reason, and nothing else', async () => {
  await openVote();
  const { telegram } = stage;
  const board = { id: stage.telegramChat('board').id, title: '', topics: {} };
  const card = await telegram.waitFor(() => telegram.fromBot(board).find(({ keyboard }) => keyboard.length > 0));
  const sue = stage.onTelegram('sue');
  sue.press(card, 'Reject');
  const question = await telegram.waitFor(() =>
    [...telegram.fromBot(sue.private), ...telegram.fromBot(board)].find(({ forceReply }) => forceReply),
  );
  const place = question.chat === board.id ? board : sue.private;
  sue.say(place, 'the texts are "not" ready', { replyTo: question });
  await telegram.waitFor(() => bot.engine.world().get('item', 'PROD-1')?.votes[0]?.ballots.sue);
  const cast = bot.engine
    .world()
    .history('item', 'PROD-1')
    .find(({ type }) => type === 'ballot-cast');
  expect(cast?.data).toMatchObject({ person: 'sue', choice: 'reject', note: 'the texts are "not" ready' });
});

test('of two things that are asked the first word is the first, and the rest the second', async () => {
  const { telegram } = stage;
  const dave = stage.onTelegram('dave');
  dave.say(dave.private, '/bug');
  const question = await telegram.waitFor(() => telegram.fromBot(dave.private).find(({ forceReply }) => forceReply));
  dave.say(dave.private, 'major Login is broken again', { replyTo: question });
  const seen = await telegram.waitFor(() => bot.engine.world().get('ref', 'baton#1'));
  expect(seen).toMatchObject({ title: 'Login is broken again', severity: 'major' });
});

test('who mentions a developer is hinted where they wrote, alone, and not on the other platform', async () => {
  const { slack, telegram } = stage;
  const general = stage.slackChannel('general');
  const sam = stage.onSlack('sam');
  sam.say(general, 'hey @dave can you fix this');
  const hint = await slack.waitFor(() => sam.sees(general).find((message) => slack.words(message).includes('R3')));
  expect(hint.only).toBe(sam.id);
  expect(slack.buttons(hint).length).toBeGreaterThan(0);
  expect(sam.sees(sam.direct).filter((message) => slack.words(message).includes('R3'))).toEqual([]);
  expect(telegram.fromBot(stage.onTelegram('sam').private).filter(({ text }) => text.includes('R3'))).toEqual([]);
});

test.each(['/help', '/mine', '/whoami'])('%s is answered to the asker alone, wherever it is asked', async (words) => {
  const { slack } = stage;
  const sam = stage.onSlack('sam');
  const outcome = await sam.command(stage.slackChannel('general'), '/baton', words.slice(1));
  expect(outcome.message?.only).toBe(sam.id);
  expect(
    stage
      .onSlack('dave')
      .sees(stage.slackChannel('general'))
      .filter((message) => message.user === slack.botUserId),
  ).toEqual([]);
});
