import { expect, test } from 'vitest';
import type { Organisation } from '../../src/core/organisation.ts';
import type { Message } from '../peers/slack/world.ts';
import { tally } from '../support/tally.ts';
import { createRig, ORGANISATION } from './rig.ts';

/** Three hundred people vote within a second, half of them on each platform, some twice, and the platforms repeat themselves. */

const HALF = 150;
const voters = Array.from({ length: 2 * HALF }, (_, at) => `v${at}`);
const crowd: Organisation = {
  ...ORGANISATION,
  people: [
    ...ORGANISATION.people.map((person) => ({
      ...person,
      roles: person.roles.filter((role) => role !== 'stakeholder'),
    })),
    ...voters.map((id) => ({ id, name: `Voter ${id}`, roles: ['stakeholder' as const] })),
  ],
};

test.each([
  { telegram: 'polling', slack: 'socket' },
  { telegram: 'webhook', slack: 'http' },
] as const)(
  '300 votes within a second over $telegram and $slack are counted exactly',
  { timeout: 120_000 },
  async (mode) => {
    const rig = await createRig({
      ...mode,
      organisation: crowd,
      paced: true,
      running: true,
    });
    const { stage, voices } = rig;
    const cardOn = {
      telegram: () =>
        stage.telegram
          .fromBot({ id: stage.telegramChat('board').id })
          .filter(({ visibleTo, text }) => visibleTo === undefined && /Agree on PROD-1/.test(text)),
      slack: () =>
        stage.slack
          .messages(stage.slackChannel('board'))
          .filter(({ only, text }: Message) => only === undefined && /Agree on PROD-1/.test(text)),
    };
    voices.slack.say('bea', '/propose product Alpha');
    await voices.slack.waitFor(() => voices.slack.seenBy('bea').some((text) => text.includes('PROD-1')));
    voices.slack.say('v0', '/call open');
    await voices.slack.waitFor(() => cardOn.slack().length === 1);
    await voices.telegram.waitFor(() => cardOn.telegram().length === 1);
    await rig.drained();
    stage.telegram.forget();
    const breachesBefore = stage.slack.breaches.length;
    const [onTelegram] = cardOn.telegram();
    const [onSlack] = cardOn.slack();
    if (onTelegram === undefined || onSlack === undefined) throw new Error('no card');

    // Half abstains, so that nothing is decided before the last ones; each tenth presses twice.
    const choice = (at: number) => (at % 2 === 0 ? 'Approve' : 'Abstain');
    const presses = voters
      .slice(0, HALF)
      .flatMap((id, at) =>
        Array.from({ length: at % 10 === 0 ? 2 : 1 }, () => stage.onTelegram(id).press(onTelegram, choice(at))),
      );
    const asked = voters
      .slice(HALF)
      .flatMap((id, at) =>
        Array.from({ length: at % 10 === 0 ? 2 : 1 }, () => stage.onSlack(id).press(onSlack, choice(at))),
      );
    const outcomes = await Promise.all(asked);
    expect(outcomes.filter(({ error }) => error !== undefined)).toEqual([]);
    for (const delivery of stage.slack.deliveries
      .filter(({ kind }) => kind === 'interactive')
      .filter((_, at) => at % 7 === 0))
      await stage.slack.redeliver(delivery);
    await voices.telegram.waitFor(() => presses.every((press) => stage.telegram.answersTo(press).length === 1), 60_000);
    for (const press of presses.filter((_, at) => at % 7 === 0)) stage.telegram.redeliver(press.update_id);

    const events = rig
      .bot()
      .engine.store.events(0, 100_000)
      .filter(({ stream, actor }) => stream === 'item/PROD-1' && actor.startsWith('v'));
    const ballots = events.filter(({ type }) => type === 'ballot-cast');
    expect(new Set(ballots.map(({ actor }) => actor)).size).toBe(300);
    expect(ballots).toHaveLength(300);
    // The last edit of each card names everyone who voted.
    const isFinal = (text: string): boolean =>
      /\bRejected\b/.test(text) && new Set(text.match(/\bv\d+\b/g)).size === 2 * HALF;
    await voices.telegram.waitFor(() => cardOn.telegram().some(({ text }) => isFinal(text)), 30_000);
    await voices.slack.waitFor(() => cardOn.slack().some((card) => isFinal(stage.slack.words(card))), 30_000);
    expect(cardOn.telegram()).toHaveLength(1);
    expect(cardOn.slack()).toHaveLength(1);
    expect(stage.telegram.breaches).toEqual([]);
    expect(stage.slack.breaches.slice(breachesBefore)).toEqual([]);
    tally('fault', 'three hundred votes in a second', 300);
  },
);
