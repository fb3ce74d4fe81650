import { expect, test, vi } from 'vitest';
import { tally } from '../support/tally.ts';
import { createRig, HOUR, type Rig } from './rig.ts';

/** Everything that the platforms ever delivered comes again and again, in another order, and days late: nothing happens twice. */

const TIMES = 100;

async function converse(rig: Rig): Promise<void> {
  const { telegram, slack } = rig.voices;
  slack.say('bea', '/propose product Alpha');
  await slack.waitFor(() => slack.seenBy('bea').some((text) => text.includes('PROD-1')));
  telegram.say('sam', '/call open');
  await telegram.waitFor(() => telegram.seenIn('board').some((text) => text.includes('Agree on PROD-1')));
  await slack.waitFor(() => slack.seenIn('board').some((text) => text.includes('Agree on PROD-1')));
  await telegram.press('sam', 'Approve', 'PROD-1', 'board');
  await slack.press('sol', 'Abstain', 'PROD-1', 'board');
  telegram.say('dave', '/alert minor Small thing');
  await telegram.waitFor(() => telegram.seenBy('dave').some((text) => text.includes('ALERT-1')));
  await rig.drained();
}

/** How far the bot has come, and how much it has said. */
const figures = (rig: Rig) => {
  const { store } = rig.bot().engine;
  // What answers a press in its response is said again to whoever asks again, and to nobody else.
  const said = [...rig.voices.telegram.seen(), ...rig.voices.slack.seen()].filter(({ alone }) => !alone).length;
  return { ...store.head(), outbox: store.figures().outbox, said };
};

/** All that was delivered comes once more, newest first. */
async function again(rig: Rig): Promise<void> {
  const { telegram, slack } = rig.stage;
  const updates = [...telegram.updates].reverse();
  const deliveries = [...slack.deliveries].reverse();
  expect(updates.length).toBeGreaterThan(3);
  expect(deliveries.length).toBeGreaterThan(2);
  for (const { update_id } of updates) telegram.redeliver(update_id);
  await Promise.all(deliveries.map((delivery) => slack.redeliver(delivery)));
}

test.each([
  { telegram: 'polling', slack: 'socket' },
  { telegram: 'webhook', slack: 'http' },
] as const)(
  `everything a hundred times over, and a day later, over $telegram and $slack`,
  { timeout: 120_000 },
  async (mode) => {
    const rig = await createRig(mode);
    await converse(rig);
    const before = figures(rig);
    for (let time = 0; time < TIMES; time += 1) await again(rig);
    await vi.waitFor(() => expect(rig.stage.telegram.pending()).toEqual([]), 20_000);
    await rig.drained();
    expect(figures(rig)).toEqual(before);

    await rig.advance(25 * HOUR);
    await rig.restart();
    await rig.drained();
    const later = figures(rig);
    await again(rig);
    await vi.waitFor(() => expect(rig.stage.telegram.pending()).toEqual([]), 20_000);
    await rig.drained();
    expect(figures(rig)).toEqual(later);
    tally('fault', 'everything a hundred times', TIMES);
    // And it still listens.
    rig.voices.slack.say('sue', '/oncall');
    await rig.voices.slack.waitFor(() => rig.voices.slack.seenBy('sue').some((text) => /On-call days/.test(text)));
  },
);
