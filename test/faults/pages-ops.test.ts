import { expect, test, vi } from 'vitest';
import { createRig, HOUR, MINUTE, ORGANISATION, type Rig } from './rig.ts';

/** What OPS's chat does not take falls to its members in private, then to the admins; and past a platform that is away. */

const FRIDAY = Date.parse('2026-11-27T10:00:00+01:00');

const about = (rig: Rig, platform: 'telegram' | 'slack', person: string, words = /ALERT-1/) =>
  rig.voices[platform].seenBy(person).filter((text) => words.test(text));
const REFUSES = /OPS’s chat takes nothing from me/;

/** The bot is thrown out of OPS's chat on Telegram, and the channel on Slack is given up. */
function closeChat(rig: Rig, platform: 'telegram' | 'slack'): void {
  const { stage } = rig;
  if (platform === 'slack')
    stage.slack.channel({ id: stage.slackChannel('ops'), name: 'ops', members: [], archived: true });
  else {
    const place = { id: stage.telegramChat('ops').id, title: 'ops', topics: {} };
    stage.telegram.removeBot(place, stage.onTelegram('olga'));
  }
}

/** Resolves when it was answered. */
async function alarm(rig: Rig, words = '/alert critical The site is down'): Promise<void> {
  const answers = () => rig.voices.slack.seenBy('dave').length;
  const before = answers();
  rig.voices.slack.say('dave', words);
  await rig.voices.slack.waitFor(() => answers() > before);
}

/** It was looked at three times since: the second of it is done. */
const looked = (looks: { readonly mock: { readonly calls: readonly unknown[] } }): Promise<void> =>
  vi.waitFor(() => expect(looks.mock.calls.length).toBeGreaterThan(2), 10_000);

test('OPS’s chat refuses: its members hear of an alert at once, in private, each once, and that the chat refuses', async () => {
  const rig = await createRig();
  closeChat(rig, 'telegram');
  closeChat(rig, 'slack');
  await alarm(rig);
  for (const person of ['olga', 'omar'])
    for (const platform of ['telegram', 'slack'] as const)
      await rig.voices[platform].waitFor(() => about(rig, platform, person).length === 1);
  await alarm(rig, '/alert critical The other site is down');
  await rig.voices.slack.waitFor(() => about(rig, 'slack', 'olga', /ALERT-2/).length === 1);
  await rig.restart();
  await rig.drained();
  for (const person of ['olga', 'omar']) {
    expect(about(rig, 'slack', person)).toHaveLength(1);
    expect(about(rig, 'slack', person, /ALERT-2/)).toHaveLength(1);
    // Once a day.
    expect(about(rig, 'slack', person, REFUSES)).toHaveLength(1);
  }
  expect(about(rig, 'slack', 'ada')).toEqual([]);
});

test('OPS’s chat refuses on one platform and takes it on the other: nobody is told twice', async () => {
  const rig = await createRig();
  closeChat(rig, 'telegram');
  await alarm(rig);
  await rig.voices.slack.waitFor(() => rig.voices.slack.seenIn('ops').some((text) => /ALERT-1/.test(text)));
  await rig.drained();
  for (const person of ['olga', 'omar']) expect(about(rig, 'slack', person)).toEqual([]);
  expect(
    rig.voices.slack.seenIn('ops').filter((text) => /could not be delivered to telegram:/.test(text)),
  ).toHaveLength(1);
});

test('neither OPS’s chat nor any of its members can be reached: the admins hear it', async () => {
  const rig = await createRig();
  for (const platform of ['telegram', 'slack'] as const) closeChat(rig, platform);
  for (const person of ['olga', 'omar']) {
    rig.stage.onTelegram(person).block();
    rig.stage.onSlack(person).leave();
  }
  await alarm(rig);
  await rig.voices.slack.waitFor(() => about(rig, 'slack', 'ada').length === 1);
  await rig.voices.telegram.waitFor(() => about(rig, 'telegram', 'ada').length === 1);
  await rig.drained();
  expect(about(rig, 'slack', 'ada')).toHaveLength(1);
});

test('what waited for OPS’s hours, and its chat is gone by then: its members hear it', async () => {
  const rig = await createRig({ at: FRIDAY });
  for (const platform of ['telegram', 'slack'] as const) closeChat(rig, platform);
  await alarm(rig, '/alert major Something is slow');
  await rig.drained();
  await rig.advance(48 * HOUR);
  await rig.voices.slack.waitFor(() => about(rig, 'slack', 'olga', /ALERT-1 major: Something is slow/).length === 1);
});

test('Telegram is away, and who is on call is nowhere else: the next person is paged on Slack, not at the next rung', async () => {
  const rig = await createRig({ at: FRIDAY });
  rig.stage.onSlack('omar').leave();
  await rig.stage.telegram.away(true);
  await alarm(rig);
  expect(about(rig, 'slack', 'olga')).toEqual([]);
  await rig.advance(MINUTE);
  await rig.voices.slack.waitFor(() => about(rig, 'slack', 'olga').length === 1);
  // It is looked at again and again, and falls once.
  const looks = vi.spyOn(rig.bot().engine, 'readOnly');
  const acts = vi.spyOn(rig.bot().engine, 'act');
  await rig.advance(MINUTE);
  await looked(looks);
  expect(acts).not.toHaveBeenCalled();
  await rig.stage.telegram.away(false);
  await rig.outlast();
  expect(about(rig, 'slack', 'olga')).toHaveLength(1);
  expect(about(rig, 'telegram', 'omar')).toHaveLength(1);
});

test('Telegram is away, and OPS’s chat is nowhere else: its members hear of an alert on Slack', async () => {
  const rig = await createRig();
  closeChat(rig, 'slack');
  await rig.stage.telegram.away(true);
  await alarm(rig);
  await rig.advance(MINUTE);
  await rig.voices.slack.waitFor(() => about(rig, 'slack', 'olga').length === 1);
  await rig.advance(MINUTE);
  await rig.stage.telegram.away(false);
  await rig.outlast();
  expect(about(rig, 'slack', 'olga')).toHaveLength(1);
});

test('both platforms are away: nobody more is woken for it when they are back', async () => {
  const rig = await createRig({ at: FRIDAY });
  await alarm(rig);
  await rig.voices.slack.waitFor(() => about(rig, 'slack', 'omar').length === 1);
  await rig.drained();
  await rig.stage.telegram.away(true);
  await rig.stage.slack.away(true);
  await rig.advance(10 * MINUTE);
  await rig.advance(2 * MINUTE);
  const looks = vi.spyOn(rig.bot().engine, 'readOnly');
  await looked(looks);
  await rig.stage.telegram.away(false);
  await rig.stage.slack.away(false);
  await rig.outlast();
  expect(about(rig, 'slack', 'olga')).toEqual([]);
  expect(rig.bot().engine.world().get('alert', 'ALERT-1')).toMatchObject({ unreached: [] });
});

test('who is on call has no account anywhere: the next person is paged at once', async () => {
  const onCall = { rotates: 'weekly', starts: '2026-11-02', people: ['olga', 'nia'] } as const;
  const rig = await createRig({
    at: FRIDAY,
    organisation: { ...ORGANISATION, on_call: { ...onCall, people: [...onCall.people] } },
  });
  const { engine } = rig.bot();
  for (const text of ['/person add nia Nia', '/role grant ops nia'])
    expect(await engine.handle({ as: 'ada', via: 'web', place: null, text, pressed: false })).toMatchObject({
      ok: true,
    });
  await alarm(rig);
  await rig.voices.slack.waitFor(() => about(rig, 'slack', 'olga').length === 1);
  expect(engine.world().get('alert', 'ALERT-1')).toMatchObject({ paged: ['nia', 'olga'], unreached: ['nia'] });
});

test('an OPS without a chat whose members can not be reached: the admins hear what waited for its hours', async () => {
  const chats = ORGANISATION.chats.filter(({ team }) => team !== 'ops');
  const rig = await createRig({ organisation: { ...ORGANISATION, chats } });
  for (const person of ['olga', 'omar']) {
    rig.stage.onTelegram(person).block();
    rig.stage.onSlack(person).leave();
  }
  await alarm(rig);
  await rig.voices.slack.waitFor(() => about(rig, 'slack', 'ada').length === 1);
  await rig.drained();
  expect(about(rig, 'slack', 'ada')).toHaveLength(1);
});

test('what follows from a refusal can not be recorded at first: it is, without a restart', async () => {
  const rig = await createRig({ at: FRIDAY });
  rig.stage.onTelegram('omar').block();
  rig.stage.onSlack('omar').leave();
  const act = vi.spyOn(rig.bot().engine, 'act').mockRejectedValueOnce(new Error('too much waits at once'));
  await alarm(rig);
  await vi.waitFor(() => expect(act).toHaveBeenCalled());
  await rig.voices.slack.waitFor(() => about(rig, 'slack', 'olga').length === 1);
});

test('Telegram does not answer, and who is on call is nowhere else: after a minute the next person is paged', async () => {
  const rig = await createRig({ at: FRIDAY });
  rig.stage.onSlack('omar').leave();
  rig.stage.telegram.fault('sendMessage', 'hang-before', 100);
  await alarm(rig);
  await rig.advance(MINUTE);
  await rig.voices.slack.waitFor(() => about(rig, 'slack', 'olga').length === 1);
});

test('nobody takes it, and those who should hear that can not be reached: the admins do', async () => {
  const rig = await createRig();
  rig.stage.onTelegram('lea').block();
  rig.stage.onSlack('lea').leave();
  await alarm(rig);
  await rig.drained();
  expect(about(rig, 'slack', 'ada')).toEqual([]);
  await rig.advance(15 * MINUTE);
  await rig.voices.slack.waitFor(
    () => about(rig, 'slack', 'ada', /Nobody acknowledged this for 15 minutes/).length === 1,
  );
});

test('a page that waits for a platform that is away, of what somebody has by now, wakes nobody more', async () => {
  const rig = await createRig({ at: FRIDAY });
  rig.stage.onSlack('omar').leave();
  await rig.stage.telegram.away(true);
  await alarm(rig);
  const { engine } = rig.bot();
  expect(
    await engine.handle({ as: 'olga', via: 'web', place: null, text: '/ack ALERT-1', pressed: false }),
  ).toMatchObject({ ok: true });
  const looks = vi.spyOn(engine, 'readOnly');
  const acts = vi.spyOn(engine, 'act');
  await rig.advance(MINUTE);
  await looked(looks);
  expect(acts).not.toHaveBeenCalled();
  expect(about(rig, 'slack', 'olga', /^ALERT-1 critical/)).toEqual([]);
  await rig.stage.telegram.away(false);
  await rig.outlast();
});
