import { test } from 'vitest';
import { string } from '../peers/slack/json.ts';
import { beginsLine, onSlack, onTelegram, textsOf } from './findings.ts';
import { delivered, playHostile, type Scene } from './hostile-scene.ts';
import { HOSTILE } from './hostile-texts.ts';

/**
 * The whole product with somebody's words wherever it takes words: names, titles, notes, reasons, references, addresses,
 * news of the trackers. All answers, cards, pages, digests, invitations and announcements are looked at as both platforms
 * took them: nobody is notified by them, nothing leads elsewhere, nothing looks like a line of ours, nothing is lost.
 */

const isOurs = (url: string): boolean => /^https:\/\/t\.me\/(?:baton_bot|\+)/.test(url);

/** What stands in every room; in the announcement channel the words are the author's, signed by all, lines and all. */
function places({ stage, people }: Scene) {
  const { organisation } = stage;
  return {
    telegram: [
      ...organisation.chats.map(({ name }) => stage.telegramChat(name)),
      ...people.map((id) => stage.onTelegram(id).private),
    ],
    slack: [...organisation.chats.map(({ slack }) => String(slack)), ...people.map((id) => stage.onSlack(id).direct)],
    announced: {
      telegram: [{ id: Number(organisation.announcements?.telegram) }],
      slack: [String(organisation.announcements?.slack)],
    },
  };
}

/** Everything that was said, and what arose from it. */
function look(played: Scene): { said: string[]; announced: number; found: string[] } {
  const { telegram, slack, onTelegram: hands } = played.stage;
  const { announced, ...rooms } = places(played);
  const asker = hands('sam').id;
  const found: string[] = [];
  const inTelegram = (places: readonly { readonly id: number }[]) =>
    places
      .flatMap((room) => telegram.fromBot(room))
      .map((message) => {
        const mentioned = telegram.notified(message).mentioned.filter((id) => id !== asker);
        const wrong = [...onTelegram(message, isOurs), ...mentioned.map((id) => `notified: ${id}`)];
        found.push(...wrong.map((each) => `Telegram: ${each} in ${message.text.slice(0, 200)}`));
        return message.text;
      });
  const inSlack = (channels: readonly string[]) =>
    channels
      .flatMap((channel) => slack.messages(channel))
      .filter((message) => message.user === slack.botUserId)
      .flatMap((message) => {
        const wrong = onSlack(message, slack.effects(message), isOurs);
        found.push(...wrong.map((each) => `Slack: ${each} in ${message.text.slice(0, 200)}`));
        return [message.text, ...textsOf(message.blocks)];
      });
  const said = [...inTelegram(rooms.telegram), ...inSlack(rooms.slack)];
  return { said, announced: [...inTelegram(announced.telegram), ...inSlack(announced.slack)].length, found };
}

/** Calls that a platform did not take. Whoever was added on the way has never opened us and can have no menu. */
const refused = ({ stage: { telegram, slack } }: Scene): string[] => [
  ...telegram.calls.flatMap(({ method, ok, description = '' }) =>
    ok !== false || (method === 'setMyCommands' && description.includes('chat not found'))
      ? []
      : [`Telegram ${method}: ${description}`],
  ),
  ...slack.calls.flatMap(({ method, answer }) =>
    answer?.ok === false ? [`Slack ${method}: ${string(answer.error)}`] : [],
  ),
];

// Most of the time goes by between the parts of long messages: several stories are told at once.
test.concurrent.for(HOSTILE)('$what', { timeout: 90_000 }, async ({ text }, { expect, onTestFinished }) => {
  const scene = await playHostile(text);
  onTestFinished(() => scene.stop());
  await delivered(scene);
  const { said, announced, found } = look(scene);
  expect([...new Set(found)]).toEqual([]);
  expect(said.filter(beginsLine)).toEqual([]);
  expect(refused(scene)).toEqual([]);
  expect(scene.answers.filter(({ answer }) => answer.code === 'fault')).toEqual([]);
  expect(scene.answers.filter(({ answer }) => answer.text.length > 12_000)).toEqual([]);
  expect(scene.bot.engine.store.parked(50).map(({ kind, reason }) => `${kind}: ${reason}`)).toEqual([]);
  // The story was told to its end: an item was tested, an alert raised, a text posted.
  expect(said.length).toBeGreaterThan(300);
  expect(announced).toBeGreaterThan(text.length > 2_000 ? -1 : 1);
});
