import { expect, test, vi } from 'vitest';
import { createRig, HOUR, ORGANISATION, type Rig } from './rig.ts';

/** A page finds its way: past a platform that refuses it, past a person whom nothing reaches. */

/** A Friday at ten: OPS is not there, and omar is on call before olga. */
const FRIDAY = Date.parse('2026-11-27T10:00:00+01:00');

const pagesTo = (rig: Rig, platform: 'telegram' | 'slack', person: string) =>
  rig.voices[platform].seenBy(person).filter((text) => /ALERT-1/.test(text));

/** Nothing gets through to them on Slack any more. */
function shutOnSlack(rig: Rig, person: string): void {
  rig.stage.onSlack(person).leave();
}

async function alarm(rig: Rig): Promise<void> {
  rig.voices.slack.say('dave', '/alert critical The site is down');
  await rig.voices.slack.waitFor(() => rig.voices.slack.seenBy('dave').some((text) => text.includes('ALERT-1')));
}

test('whom Telegram does not let us reach is paged on Slack, and nobody else is woken', async () => {
  const rig = await createRig({ at: FRIDAY });
  rig.stage.onTelegram('omar').block();
  await alarm(rig);
  await rig.voices.slack.waitFor(() => pagesTo(rig, 'slack', 'omar').length === 1);
  await rig.drained();
  expect(pagesTo(rig, 'telegram', 'omar')).toEqual([]);
  expect(pagesTo(rig, 'telegram', 'olga')).toEqual([]);
  expect(rig.bot().engine.world().get('alert', 'ALERT-1')).toMatchObject({ paged: ['omar'], unreached: [] });
  const page = rig.stage.slack
    .messages(rig.stage.onSlack('omar').direct)
    .findLast(({ text }) => text.includes('ALERT-1'));
  if (page === undefined) throw new Error('no page');
  await rig.stage.onSlack('omar').press(page, 'Acknowledge');
  expect(rig.bot().engine.world().get('alert', 'ALERT-1')).toMatchObject({
    state: 'acknowledged',
    acknowledgedBy: 'omar',
  });
});

test('whom no platform lets us reach is passed over at once: the next person is paged, loudly', async () => {
  const rig = await createRig({ at: FRIDAY });
  rig.stage.onTelegram('omar').block();
  shutOnSlack(rig, 'omar');
  await alarm(rig);
  // No minute of the ladder has passed.
  await rig.voices.telegram.waitFor(() => pagesTo(rig, 'telegram', 'olga').length === 1);
  await rig.voices.slack.waitFor(() => pagesTo(rig, 'slack', 'olga').length === 1);
  const page = rig.stage.telegram
    .fromBot(rig.stage.onTelegram('olga').private)
    .findLast(({ text }) => /ALERT-1/.test(text));
  expect(page?.silent).toBe(false);
  expect(rig.bot().engine.world().get('alert', 'ALERT-1')).toMatchObject({ unreached: ['omar'] });
});

test('whoever falls over between the refusal and what follows from it: the next person is paged after the start', async () => {
  const rig = await createRig({ at: FRIDAY, slack: 'none', organisation: onTelegramAlone() });
  rig.stage.onTelegram('omar').block();
  // As `kill -9` leaves it: marked as refused, and nothing done about it.
  const { engine } = rig.bot();
  const act = vi.spyOn(engine, 'act').mockRejectedValue(new Error('killed'));
  rig.voices.telegram.say('dave', '/alert critical The site is down');
  await vi.waitFor(() => expect(act).toHaveBeenCalled());
  expect(engine.store.parked(10).map(({ kind, state }) => `${kind} ${state}`)).toEqual(['page failed']);
  expect(pagesTo(rig, 'telegram', 'olga')).toEqual([]);
  await rig.restart();
  await rig.voices.telegram.waitFor(() => pagesTo(rig, 'telegram', 'olga').length === 1);
});

const onTelegramAlone = () => ({
  ...ORGANISATION,
  people: ORGANISATION.people.map((person) => ({ ...person, slack: undefined })),
});

test('a test page that reaches nobody: the admins hear of it', async () => {
  const rig = await createRig({ at: Date.parse('2026-11-26T15:59:00+01:00') });
  rig.stage.onTelegram('omar').block();
  shutOnSlack(rig, 'omar');
  const heard = () => rig.voices.slack.seenBy('ada').filter((text) => /test page/i.test(text) && /Omar/.test(text));
  expect(heard()).toEqual([]);
  await rig.advance(HOUR / 30);
  await rig.voices.slack.waitFor(() => heard().length === 1);
  await rig.drained();
  expect(heard()).toHaveLength(1);
});
