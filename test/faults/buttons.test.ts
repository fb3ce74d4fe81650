import type { CallbackQuery } from 'grammy/types';
import { expect, test, vi } from 'vitest';
import type { Message } from '../peers/slack/world.ts';
import type { Place, Shown } from '../peers/telegram/types.ts';
import { createRig, HOUR, type Rig } from './rig.ts';

/** Buttons in the wrong hands, at the wrong place, at the wrong time, and far too often: refused, and nothing changes. */

const board = (rig: Rig): Place => ({ id: rig.stage.telegramChat('board').id, title: 'board', topics: {} });
const ballots = (rig: Rig) =>
  rig
    .bot()
    .engine.store.events(0, 10_000)
    .filter(({ type }) => type === 'ballot-cast')
    .map(({ actor }) => actor);
const events = (rig: Rig): number => rig.bot().engine.store.events(0, 10_000).length;

/** A vote is open on both platforms; resolves to its cards. */
async function voting() {
  const rig = await createRig();
  const { voices, stage } = rig;
  const said = async (as: string, text: string) =>
    expect((await rig.bot().engine.handle({ as, via: 'web', place: null, text, pressed: false })).ok, text).toBe(true);
  await said('bea', '/propose product Alpha');
  await said('sam', '/call open');
  const telegram: Shown = await voices.telegram.waitFor(() =>
    stage.telegram.fromBot(board(rig)).find(({ text }) => text.includes('Agree on PROD-1')),
  );
  const slack: Message = await voices.slack.waitFor(() =>
    stage.slack
      .messages(stage.slackChannel('board'))
      .find((message) => stage.slack.words(message).includes('Agree on')),
  );
  await rig.drained();
  // As it is shown now: a client that is offline goes on showing it so.
  return { rig, said, telegram, slack: { ...slack, blocks: structuredClone(slack.blocks) } };
}

/** Somebody presses what their client never showed them so. */
function forge(
  rig: Rig,
  person: string,
  card: Shown,
  change: { readonly data?: string; readonly place?: Place },
): string {
  const { telegram } = rig.stage;
  const { user } = rig.stage.onTelegram(person);
  const place = change.place ?? board(rig);
  const id = `forged-${person}-${events(rig)}-${telegram.updates.length}`;
  const data = change.data ?? card.keyboard.flat()[0]?.callback_data ?? '';
  const message = {
    message_id: card.id,
    date: 1,
    chat: { id: place.id, type: place.id < 0 ? 'group' : 'private', title: place.title },
  };
  telegram.push('callback_query', { id, from: user, chat_instance: '1', data, message } as CallbackQuery);
  return id;
}

const answered = (rig: Rig, id: string) =>
  rig.stage.telegram.waitFor(() =>
    rig.stage.telegram.callsOf('answerCallbackQuery').find(({ params }) => params.callback_query_id === id),
  );

test('made-up tokens, another chat’s, and those of a forwarded copy: refused, and nothing changes', async () => {
  const { rig, telegram } = await voting();
  const before = events(rig);
  const elsewhere = { id: rig.stage.telegramChat('dev').id, title: 'dev', topics: {} };
  const tries = [
    forge(rig, 'sam', telegram, { data: 'approve PROD-1' }),
    forge(rig, 'sam', telegram, { data: 'A'.repeat(22) }),
    forge(rig, 'sam', telegram, { data: "' or 1=1 --" }),
    forge(rig, 'sam', telegram, { data: '__proto__' }),
    forge(rig, 'sam', telegram, { place: elsewhere }),
    forge(rig, 'sam', telegram, { place: rig.stage.onTelegram('sam').private }),
  ];
  for (const id of tries) {
    const { params } = await answered(rig, id);
    expect(params.text, id).toMatch(/from another time or another chat/);
  }
  await rig.drained();
  expect(events(rig)).toBe(before);
  expect(ballots(rig)).toEqual([]);
});

test('what one person was shown alone is not another’s to press', async () => {
  const { rig, said } = await voting();
  await said('bea', '/propose product Beta');
  rig.stage.onTelegram('sol').say(rig.stage.onTelegram('sol').private, '/abstain');
  const own = await rig.voices.telegram.waitFor(() =>
    rig.stage.telegram
      .fromBot(rig.stage.onTelegram('sol').private)
      .findLast(({ keyboard }) => keyboard.flat().some(({ callback_data }) => callback_data !== undefined)),
  );
  await rig.drained();
  const before = events(rig);
  const id = forge(rig, 'sue', own, { place: rig.stage.onTelegram('sue').private });
  expect((await answered(rig, id)).params.text).toMatch(/from another time or another chat/);
  expect(events(rig)).toBe(before);
});

test('fifty clicks are one vote, on either platform', async () => {
  const { rig, telegram, slack } = await voting();
  const presses = Array.from({ length: 50 }, () => rig.stage.onTelegram('sam').press(telegram, 'Approve'));
  const outcomes = await Promise.all(
    Array.from({ length: 50 }, () => rig.stage.onSlack('sol').press(slack, 'Abstain')),
  );
  expect(outcomes.filter(({ error }) => error !== undefined)).toEqual([]);
  await rig.voices.telegram.waitFor(() => presses.every((press) => rig.stage.telegram.answersTo(press).length === 1));
  expect(ballots(rig).sort()).toEqual(['sam', 'sol']);
});

test('old buttons of a vote that is over say so, on either platform', async () => {
  const { rig, said, telegram, slack } = await voting();
  await said('sam', '/approve PROD-1');
  await said('sue', '/approve PROD-1');
  await rig.advance(HOUR);
  const before = ballots(rig).length;
  const id = forge(rig, 'sol', telegram, {});
  const { params } = await answered(rig, id);
  expect(params.text).toMatch(/PROD-1/);
  await rig.stage.onSlack('sol').press(slack, 'Approve');
  const toSol = () => rig.stage.slack.messages(slack.channel).filter(({ only }) => only === 'U0SOL');
  await rig.voices.slack.waitFor(() => toSol().some((message) => /PROD-1/.test(rig.stage.slack.words(message))));
  await rig.drained();
  expect(ballots(rig)).toHaveLength(before);
});

test('a role that was revoked between the card and the click counts no more', async () => {
  const { rig, said } = await voting();
  await said('dave', '/alert major Slow');
  const card = await rig.voices.slack.waitFor(() =>
    rig.stage.slack
      .messages(rig.stage.slackChannel('ops'))
      .find((message) => rig.stage.slack.buttons(message).includes('Acknowledge')),
  );
  await said('ada', '/role revoke ops omar');
  const before = events(rig);
  await rig.stage.onSlack('omar').press(card, 'Acknowledge');
  await vi.waitFor(() => {
    const told = rig.stage.slack.messages(rig.stage.slackChannel('ops')).filter(({ only }) => only !== undefined);
    expect(told.map((message) => rig.stage.slack.words(message)).join(' ')).toMatch(/OPS|on call|not/i);
  });
  expect(rig.bot().engine.world().get('alert', 'ALERT-1')?.state).toBe('open');
  expect(events(rig)).toBe(before);
  // The same button does its work for whom it is for.
  await rig.stage.onSlack('olga').press(card, 'Acknowledge');
  expect(rig.bot().engine.world().get('alert', 'ALERT-1')).toMatchObject({ acknowledgedBy: 'olga' });
});
