import { expect, test } from 'vitest';
import { IMPLEMENT, script } from '../support/script.ts';
import { play } from '../support/simulator.ts';

const escalations = async (text: string) =>
  (await play(script(text))).sent
    .filter((line) => line.sent === 'escalation')
    .map((line) => `${Object.values(line.to ?? {})[0]} ${line.at?.slice(5, 16)}`);

test('each word climbs one rung: the team, the circle owner, the owner, the stakeholders; each told once', async () => {
  const script = `${IMPLEMENT}
    ada: /role grant circle-owner tom PROD-1
    sam: /escalate PROD-1 one
    sam: /escalate PROD-1 two
    sam: /escalate PROD-1 three
    sam: /escalate PROD-1 four
    sam: /escalate PROD-1 five`;
  expect(await escalations(script)).toEqual([
    'dev 11-23T10:00',
    'tom 11-23T10:00',
    'pia 11-23T10:00',
    'board 11-23T10:00',
  ]);
});

test('an offer climbs past the team after eight working hours, and not when somebody takes it', async () => {
  const taken = `${IMPLEMENT}\n @2026-11-23T17:59:59+01:00\n dave: /accept PROD-1\n @2026-11-25T18:00:00+01:00`;
  expect(await escalations(`${IMPLEMENT}\n @2026-11-23T17:59:59+01:00`)).toEqual([]);
  expect(await escalations(`${IMPLEMENT}\n @2026-11-23T18:00:00+01:00`)).toEqual(['pia 11-23T18:00']);
  expect(await escalations(taken)).toEqual([]);
});

test('an offer is said again after four working hours', async () => {
  const offers = (await play(script(`${IMPLEMENT}\n @2026-11-23T17:00:00+01:00`))).sent.filter(
    (line) => line.sent === 'offer' && line.to?.chat === 'dev',
  );
  expect(offers.map((line) => line.at?.slice(11, 16))).toEqual(['10:00', '14:00']);
});
