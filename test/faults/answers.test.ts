import { expect, test, vi } from 'vitest';
import type { Fault as SlackFault } from '../peers/slack/faults.ts';
import type { Fault as TelegramFault } from '../peers/telegram/types.ts';
import { tally } from '../support/tally.ts';
import { createRig, type Rig } from './rig.ts';
import type { Voice } from './voice.ts';

/** A platform answers a message in every wrong way: it arrives all the same, in its order, and is doubled only where nobody can know. */

interface Case {
  readonly name: string;
  readonly fault: TelegramFault | SlackFault;
  /** How often the message may be there in the end. */
  readonly most: number;
}

const TELEGRAM: readonly Case[] = [
  ...[500, 502, 503].map((status) => ({ name: `status ${status}`, fault: { status }, most: 1 })),
  { name: 'a page of HTML', fault: 'html', most: 1 },
  { name: 'nothing', fault: 'empty', most: 1 },
  { name: 'an answer without an end', fault: 'huge', most: 1 },
  { name: 'a reset before', fault: 'reset-before', most: 1 },
  { name: 'a reset after', fault: 'reset-after', most: 2 },
  ...[0, -5, 1, 1.5, 99_999_999, '3', 'soon', null, {}].map((retryAfter) => ({
    name: `429 with ${JSON.stringify(retryAfter)}`,
    fault: { retryAfter },
    most: 1,
  })),
];

const SLACK: readonly Case[] = [
  ...[500, 502, 503].map((status) => ({ name: `status ${status}`, fault: { status }, most: 1 })),
  { name: 'status 500, and it was done', fault: { status: 500, handled: true }, most: 1 },
  { name: 'a page of HTML', fault: { html: true }, most: 1 },
  { name: 'nothing', fault: { empty: true }, most: 1 },
  { name: 'an answer without an end', fault: { huge: true }, most: 1 },
  { name: 'a reset before', fault: { reset: 'before' }, most: 1 },
  { name: 'a reset after', fault: { reset: 'after' }, most: 1 },
  ...['0', '-5', '1', '1.5', '99999999', 'soon', '', undefined].map((retryAfter) => ({
    name: `429 with ${JSON.stringify(retryAfter)}`,
    fault: { retryAfter },
    most: 1,
  })),
  ...['internal_error', 'fatal_error', 'ratelimited', 'invalid_auth'].map((error) => ({
    name: error,
    fault: { error },
    most: 1,
  })),
];

function fail(rig: Rig, platform: Voice['platform'], fault: Case['fault'], times = 1): void {
  const { telegram, slack } = rig.stage;
  if (platform === 'telegram') telegram.fault('sendMessage', fault as TelegramFault, times);
  else slack.fault('chat.postMessage', fault as SlackFault, times);
}

const both = [
  { platform: 'telegram' as const, cases: TELEGRAM, telegram: 'polling' as const, slack: 'none' as const },
  { platform: 'slack' as const, cases: SLACK, telegram: 'none' as const, slack: 'socket' as const },
];

test.each(both)('$platform: whatever is answered, each answer arrives, and in its order', async (given) => {
  const { platform, cases } = given;
  const rig = await createRig(given);
  const voice = rig.voices[platform];
  for (const [at, { name, fault, most }] of cases.entries()) {
    fail(rig, platform, fault);
    const title = `Thing${at}`;
    voice.say('bea', `/propose product ${title}`);
    voice.say('bea', `/propose product ${title} again`);
    await vi.waitFor(() => expect(rig.rows('new', 'sending', 'uncertain').length).toBeGreaterThan(0), { interval: 1 });
    await rig.outlast();
    const said = voice.seenBy('bea').filter((text) => text.includes(`“${title}`));
    const first = said.filter((text) => text.includes(`“${title}”`));
    expect(first.length, name).toBeGreaterThanOrEqual(1);
    expect(first.length, name).toBeLessThanOrEqual(most);
    expect(said.length - first.length, name).toBe(1);
    expect(said.at(-1), name).toContain('again');
  }
  tally('fault', 'the chats answer oddly', cases.length);
});

test('Slack is not asked in vain: while nobody can say whether a message arrived, it is not sent again', async () => {
  const rig = await createRig({ telegram: 'none' });
  const voice = rig.voices.slack;
  const { slack } = rig.stage;
  slack.fault('chat.postMessage', { reset: 'after' });
  slack.fault('conversations.history', { status: 503 }, 2);
  slack.fault('conversations.history', { retryAfter: '7' });
  voice.say('bea', '/propose product Alpha');
  await vi.waitFor(() => expect(rig.rows('uncertain')).toHaveLength(1));
  await rig.outlast();
  expect(slack.calls.filter(({ method }) => method === 'conversations.history').length).toBe(4);
  expect(voice.seenBy('bea').filter((text) => text.includes('PROD-1'))).toHaveLength(1);
  expect(rig.bot().chats.repeated()).toBe(0);
});

const NO = [
  { platform: 'telegram' as const, fault: { error: 400, description: 'Bad Request: no such thing' } },
  { platform: 'telegram' as const, fault: { error: 403, description: 'Forbidden: bot was kicked' } },
  { platform: 'telegram' as const, fault: { error: 404, description: 'Not Found' } },
  { platform: 'slack' as const, fault: { error: 'msg_too_long' } },
  { platform: 'slack' as const, fault: { error: 'channel_not_found' } },
  { platform: 'slack' as const, fault: { status: 403 } },
];

test.each(NO)(
  '$platform says no ($fault): the message is parked with the reason, the next one goes, and it can be tried again',
  async ({ platform, fault }) => {
    const rig = await createRig(platform === 'telegram' ? { slack: 'none' } : { telegram: 'none' });
    const voice = rig.voices[platform];
    fail(rig, platform, fault);
    voice.say('bea', '/propose product Alpha');
    voice.say('bea', '/propose product Beta');
    await voice.waitFor(() => voice.seenBy('bea').some((text) => text.includes('“Beta”')));
    const { store } = rig.bot().engine;
    const [row, ...rest] = store.parked(10);
    expect(rest).toEqual([]);
    expect(row).toMatchObject({ state: 'failed', kind: 'answer' });
    expect(row?.reason).toMatch('description' in fault ? fault.description : 'error' in fault ? fault.error : /403/);
    expect(voice.seenBy('bea').some((text) => text.includes('“Alpha”'))).toBe(false);
    expect(await store.retry(row?.id ?? 0, rig.now())).toBe(true);
    await voice.waitFor(() => voice.seenBy('bea').some((text) => text.includes('“Alpha”')));
    expect(store.parked(10)).toEqual([]);
    tally('fault', 'a definite no', 1);
  },
);

test('a second poller with the same token is told of, and nothing is lost when it is gone', {
  timeout: 30_000,
}, async () => {
  const rig = await createRig({ slack: 'none' });
  const { telegram } = rig.stage;
  const conflict = 'Conflict: terminated by other getUpdates request; make sure that only one bot instance is running';
  telegram.fault('getUpdates', { error: 409, description: conflict }, 3);
  rig.voices.telegram.say('bea', '/propose product Alpha');
  await vi.waitFor(() => expect(rig.bot().chats.states()[0]?.line).toMatch(/another process polls/), 10_000);
  rig.voices.telegram.say('bea', '/propose product Beta');
  await vi.waitFor(() => expect(rig.bot().chats.states()[0]?.is).toBe('connected'), 25_000);
  const titles = () => rig.voices.telegram.seenBy('bea').flatMap((text) => /“(\w+)” is proposed/.exec(text)?.[1] ?? []);
  await vi.waitFor(() => expect(titles()).toEqual(['Alpha', 'Beta']), 10_000);
});

test('platforms that never answer are given up on, and asked again', { timeout: 60_000 }, async () => {
  const rig = await createRig();
  const { telegram, slack } = rig.stage;
  telegram.fault('sendMessage', 'hang-after');
  slack.fault('chat.postMessage', { hang: 'after' });
  for (const voice of Object.values(rig.voices)) voice.say('bea', '/propose product Alpha');
  await vi.waitFor(() => expect(rig.rows('uncertain')).toHaveLength(2), { timeout: 30_000, interval: 50 });
  await rig.outlast();
  const said = (voice: Voice) => voice.seenBy('bea').filter((text) => /“Alpha” is proposed/.test(text));
  expect(said(rig.voices.slack)).toHaveLength(1);
  expect(said(rig.voices.telegram)).toHaveLength(2);
  expect(rig.bot().chats.repeated()).toBe(1);
});
