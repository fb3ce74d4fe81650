import { expect, test, vi } from 'vitest';
import { createRig, HOUR, MINUTE, type Rig } from './rig.ts';
import type { Voice } from './voice.ts';

/** A platform is gone for hours: nothing is lost, nothing is said that is over, and it comes back to one of each. */

const other = { telegram: 'slack', slack: 'telegram' } as const;
const platforms = ['telegram', 'slack'] as const;

const leave = (rig: Rig, platform: Voice['platform'], gone: boolean): Promise<void> => rig.stage[platform].away(gone);

/** Somebody speaks there and is answered. */
async function says(voice: Voice, person: string, text: string, answer: RegExp): Promise<void> {
  const count = () => voice.seenBy(person).filter((each) => answer.test(each)).length;
  const before = count();
  voice.say(person, text);
  await voice.waitFor(() => count() > before);
}

/** Hours pass while it is away, and each minute something may be tried. */
async function pass(rig: Rig, milliseconds: number): Promise<void> {
  for (let left = milliseconds; left > 0; left -= 10 * MINUTE) await rig.advance(Math.min(left, 10 * MINUTE));
}

const modes = [
  { telegram: 'polling', slack: 'socket' },
  { telegram: 'webhook', slack: 'http' },
] as const;

test.each(platforms.flatMap((gone) => modes.map((mode) => ({ gone, ...mode }))))(
  '$gone is away for an hour ($telegram, $slack): each card is there once and shows what is so now',
  async ({ gone, ...mode }) => {
    const rig = await createRig(mode);
    const here = rig.voices[other[gone]];
    const there = rig.voices[gone];
    await says(here, 'bea', '/propose product Alpha', /PROD-1/);
    await says(here, 'sam', '/call open', /The call is open/);
    await there.waitFor(() => there.seenIn('board').some((text) => text.includes('Agree on PROD-1')));
    await leave(rig, gone, true);
    await says(here, 'bea', '/propose product Beta', /PROD-2/);
    await says(here, 'sam', '/approve PROD-1', /Approve: Sam/);
    await says(here, 'sol', '/approve PROD-2', /Approve: Sol/);
    await says(here, 'bea', '/propose product Gamma', /PROD-3/);
    await says(here, 'sam', '/reject PROD-3 no', /Reject: Sam/);
    await says(here, 'sue', '/reject PROD-3 no', /PROD-3/);
    await pass(rig, HOUR);
    await says(here, 'sue', '/abstain PROD-2', /PROD-2/);
    expect(there.seenIn('board').filter((text) => text.includes('Beta'))).toEqual([]);
    await leave(rig, gone, false);
    await rig.outlast();
    const tally = (on: string) => there.seenIn('board').filter((text) => text.startsWith(`Agree on ${on}`));
    await there.waitFor(() => tally('PROD-1')[0]?.includes('Approve: Sam'), 15_000);
    expect(tally('PROD-1')).toHaveLength(1);
    // Its first words are already those of now: it was never there with an older tally.
    expect(tally('PROD-2')).toEqual([expect.stringMatching(/Approve: Sol\. Reject: –\./)]);
    // Decided while nobody could see it: there is nothing left to vote on, and no card of it comes.
    expect(tally('PROD-3')).toEqual([]);
    expect(
      rig
        .bot()
        .engine.store.parked(100)
        .filter(({ state }) => state === 'failed'),
    ).toEqual([]);
    // It can be spoken with again.
    await says(there, 'sam', '/approve PROD-2', /PROD-2/);
  },
);

test.each(platforms)(
  '%s comes back after nights: one digest of several, and none that is past its use',
  async (gone) => {
    const rig = await createRig();
    const here = rig.voices[other[gone]];
    const there = rig.voices[gone];
    await says(here, 'dave', '/alert minor Small thing', /ALERT-1|baton#/);
    await rig.drained();
    const told = () => there.seen().map(({ where, text }) => `${where}: ${text}`);
    const before = told();
    await leave(rig, gone, true);
    for (let day = 0; day < 3; day += 1) await pass(rig, 24 * HOUR);
    await leave(rig, gone, false);
    await rig.outlast();
    const texts = told().filter((text) => !before.includes(text));
    expect(texts.length).toBeGreaterThan(0);
    expect(texts.filter((text, at) => texts.indexOf(text) !== at)).toEqual([]);
    const old = rig.bot().engine.store.parked(1_000);
    expect(old.filter(({ state }) => state === 'expired').length).toBeGreaterThan(0);
    for (const row of old) expect(row.reason).toMatch(/of use|newer one|over before/);
  },
);

const ASKING = ['bea', 'sam', 'sue', 'arno', 'lea', 'mia', 'wim', 'pia'];

test.each(platforms)('%s fails: one probe at a time, and a page goes before what waited longer', async (platform) => {
  const rig = await createRig({ [other[platform]]: 'none', at: Date.parse('2026-11-27T10:00:00+01:00') });
  const voice = rig.voices[platform];
  const { telegram, slack } = rig.stage;
  const method = platform === 'telegram' ? 'sendMessage' : 'chat.postMessage';
  const calls = () => rig.stage[platform].calls.filter((call) => call.method === method).length;
  if (platform === 'telegram') telegram.fault(method, { status: 503 }, 10_000);
  else slack.fault(method, { status: 503 }, 10_000);
  for (const person of ASKING) voice.say(person, '/oncall');
  voice.say('dave', '/alert critical Down');
  await vi.waitFor(() => expect(rig.rows('new', 'uncertain').length).toBeGreaterThan(8), 5_000);
  await vi.waitFor(() => expect(rig.rows('sending')).toEqual([]), 5_000);
  for (let probe = 0; probe < 6; probe += 1) {
    const before = calls();
    await rig.advance(MINUTE);
    await vi.waitFor(() => expect(calls()).toBeGreaterThan(before), 5_000);
    await vi.waitFor(() => expect(rig.rows('sending')).toEqual([]), 5_000);
    expect(calls()).toBe(before + 1);
  }
  telegram.clearFaults();
  slack.clearFaults();
  const before = rig.stage[platform].calls.length;
  await rig.outlast();
  const texts = rig.stage[platform].calls
    .slice(before)
    .filter((call) => call.method === method)
    .map((call) => JSON.stringify('params' in call ? call.params : call.args));
  expect(texts[0]).toContain('ALERT-1');
  // What it was asked is answered to everyone.
  for (const person of ASKING)
    expect(
      voice.seenBy(person).filter((text) => /On-call days/.test(text)),
      person,
    ).toHaveLength(1);
});
