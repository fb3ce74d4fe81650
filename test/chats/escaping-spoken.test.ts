import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { readOrganisation } from '../../src/shell/read-organisation.ts';
import { objects, string } from '../peers/slack/json.ts';
import { effectsOf } from '../peers/slack/notify.ts';
import type { View } from '../peers/slack/world.ts';
import { type ChatBot, startChatBot } from '../support/chat-bot.ts';
import { TRANSCRIPTS } from '../support/simulator.ts';
import { createStage, type Stage } from '../support/stage.ts';
import { beginsLine, onSlack, onTelegram, textsOf } from './findings.ts';
import { HOSTILE } from './hostile-texts.ts';

/** What only a platform shows: prompts, toasts, greetings, forms with values in them, errors in forms, home pages. */

let stage: Stage;
let bot: ChatBot;
beforeAll(async () => {
  const read = readOrganisation(join(TRANSCRIPTS, 'organisation.yaml'));
  if ('problems' in read) throw new Error(read.problems.join('\n'));
  stage = await createStage(read.organisation);
  bot = await startChatBot({
    organisation: stage.organisation,
    clock: { now: () => Date.parse('2026-11-23T10:00:00+01:00') },
    unhurried: true,
    telegram: { peer: stage.telegram, mode: 'polling' },
    slack: { peer: stage.slack, mode: 'socket' },
  });
  await vi.waitFor(() => expect(bot.chats.states().map(({ is }) => is)).toEqual(['connected', 'connected']), 10_000);
});
afterAll(async () => {
  await bot.stop();
  await stage.close();
});

const isOurs = (url: string): boolean => /^https:\/\/t\.me\/(?:baton_bot|\+)/.test(url);
/** As much as a person can send in one message. */
const spoken = (text: string): string => text.toWellFormed().slice(0, 3_000);

/** A card with a button of which the person's words are the label, and what it is pressed on. */
async function card(id: string, address: string, text: string): Promise<void> {
  const nodes = [{ node: 'bold' as const, text: `Card ${id}` }, { node: 'buttons' as const, buttons: [{ label: 'Look', command: 'status', on: text }, { label: text, command: 'role', on: text }] }]; // biome-ignore format: one card
  const row = { kind: 'hint', lane: 'card' as const, to: { place: address }, address, key: null, late: false, body: { text: id, nodes } }; // biome-ignore format: one row
  await bot.engine.settle(`card:${id}:${address}`, [{ ...row, at: bot.engine.world().now }]);
}

test.each(HOSTILE.map((row, at) => ({ ...row, at })))('Telegram: $what', async ({ text: given, at }) => {
  const text = spoken(given);
  const { telegram } = stage;
  const group = telegram.group({ title: text.slice(0, 100).replaceAll('\u0000', '') || 'x', members: [] });
  const olga = stage.onTelegram('olga');
  const stranger = telegram.user({ id: 20_000 + at, first_name: text.slice(0, 60), username: `stranger_${at}` });
  telegram.add(group, olga);
  telegram.add(group, stranger);
  telegram.addBot(group, olga);
  const first = await telegram.waitFor(() => telegram.fromBot(group)[0]);
  expect(first.text).toContain('I am Baton');
  const board = stage.telegramChat('board');
  const place = { ...board, title: '', topics: {} };
  const before = telegram.fromBot(board).length;
  const alone = telegram.fromBot(olga.private).length;
  for (const words of [`/reject ${text}`, `/bug ${text}`, `/propose ${text}`, `/prioritise WEB-1 ${text}`])
    olga.say(place, words);
  stranger.start();
  stranger.say(stranger.private, text);
  olga.say(olga.private, `/alert ${text}`);
  await card(`${at}`, `telegram:${board.id}`, text);
  const shown = await telegram.waitFor(() => telegram.fromBot(board).find((each) => each.text.includes(`Card ${at}`)));
  const press = olga.press(shown, 'Look');
  const [toast] = await telegram.waitFor(() => telegram.answersTo(press).length > 0 && telegram.answersTo(press));
  // The card, the answers to four commands (what is asked for is asked in private), and the alert; the stranger's two.
  await telegram.waitFor(
    () =>
      telegram.fromBot(board).length + telegram.fromBot(olga.private).length >= before + alone + 6 &&
      telegram.fromBot(stranger.private).length >= 2,
  );
  const said = [
    ...telegram.fromBot(group),
    ...telegram.fromBot(board),
    ...telegram.fromBot(stranger.private),
    ...telegram.fromBot(olga.private),
  ];
  const readers = new Set([olga.id, stranger.id]);
  for (const message of said) {
    expect([message.text, onTelegram(message, isOurs)]).toEqual([message.text, []]);
    expect(telegram.notified(message).mentioned.filter((id) => !readers.has(id))).toEqual([]);
    expect(beginsLine(message.text)).toBe(false);
  }
  expect(toast?.text.length).toBeLessThanOrEqual(200);
  expect(beginsLine(toast?.text ?? '')).toBe(false);
  expect(
    telegram.calls.filter(({ ok }) => ok === false).map(({ method, description }) => `${method} ${description}`),
  ).toEqual([]);
});

const inView = (view: View | undefined): string[] => {
  const shown = { text: '', blocks: objects([view?.content]) };
  return onSlack(shown, effectsOf({ ...shown, parse: 'none', linkNames: false }), isOurs);
};

test.each(HOSTILE.map((row, at) => ({ ...row, at })))('Slack: $what', async ({ text: given, at }) => {
  const text = spoken(given);
  const { slack } = stage;
  const [channel, olga] = [stage.slackChannel('board'), stage.onSlack('olga')];
  const said = olga.say(channel, text, { raw: true });
  const own = slack.channel({ id: `C0H${at}`, name: text.slice(0, 80), members: [olga.id], withBot: false });
  olga.invite(own.id, slack.botUserId);
  const greeting = await slack.waitFor(() => slack.messages(own.id).find(({ user }) => user === slack.botUserId));
  expect(slack.words(greeting)).toContain('I am Baton');
  const outcomes = [];
  for (const words of [`reject ${text}`, `propose ${text}`, `bug ${text}`, text]) {
    const { message, error } = await olga.command(channel, '/baton', words);
    expect(error).toBeUndefined();
    if (message !== undefined) outcomes.push(message);
  }
  // The form of a message, with its words in it; what it answers stands in its place, or at its fields.
  await olga.messageShortcut(said, 'baton_bug');
  const form = await slack.waitFor(() => slack.view(olga.id));
  const views = [inView(form)];
  const { errors, error, view } = await olga.submit(form, { severity: 'minor', title: text });
  expect(error).toBeUndefined();
  if (view !== undefined) views.push(inView(view));
  const plain = Object.values(errors ?? {}).map(string);
  await olga.close(form);
  olga.dm(`alert ${text}`);
  await card(`${at}`, `slack:${channel}`, text);
  const shown = await slack.waitFor(() =>
    slack.messages(channel).find((each) => slack.words(each).includes(`Card ${at}`)),
  );
  expect((await olga.press(shown, 'Look')).error).toBeUndefined();
  olga.openHome();
  await slack.waitFor(() => slack.home(olga.id));
  await slack.waitFor(() => slack.messages(olga.direct).length > at);
  for (const message of [...outcomes, greeting, ...slack.messages(channel), ...slack.messages(olga.direct)]) {
    if (message.user !== slack.botUserId) continue;
    expect([message.text, onSlack(message, slack.effects(message), isOurs)]).toEqual([message.text, []]);
    expect(textsOf(message.blocks).filter(beginsLine)).toEqual([]);
  }
  expect([...views.flat(), ...inView(slack.home(olga.id))]).toEqual([]);
  expect(plain.filter(beginsLine)).toEqual([]);
  expect(
    slack.calls
      .filter(({ answer }) => answer?.ok === false)
      .map(({ method, answer }) => `${method} ${string(answer?.error)}`),
  ).toEqual([]);
});
