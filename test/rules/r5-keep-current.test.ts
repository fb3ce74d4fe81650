import { expect, test } from 'vitest';
import { rows } from '../support/rows.ts';
import { APPROVED, script } from '../support/script.ts';
import { itemIn, play } from '../support/simulator.ts';

const MONITORED = `${APPROVED}
  olga: /release WEB-1 production v1
  olga: /monitor WEB-1 https://mon.example.org/web`;
const CLOSED =
  '{"event":"circles","payload":{"type":"userstory","action":"change","data":{"ref":5,"project":{"slug":"grid"},"is_closed":true,"status":{"is_closed":true}}}}';

rows(
  MONITORED,
  `
  who   says                                                                             -> outcome
  olga  /done WEB-1                                                                      -> refused R5 links-closed
  olga  ${CLOSED}; olga: /done WEB-1                                                     -> done completed
  olga  ${CLOSED}; olga: /bug minor WEB-1 A typo; olga: /done WEB-1                      -> refused R5 links-closed
  olga  ${CLOSED}; olga: /bug minor WEB-1 A typo; wim: /close baton#1; olga: /done WEB-1  -> done completed
  olga  mia: /propose web Next; mia: /link WEB-2 us:5; olga: /done WEB-1                 -> done completed
  olga  /link WEB-1 https://docs.example.org/a; ${CLOSED}; olga: /done WEB-1             -> done completed
`
    .split('\n')
    .filter((row) => !row.includes('says'))
    .join('\n'),
  (found, wanted) => expect(found).toBe(wanted),
);

const DIGESTS = `${APPROVED}
  @2026-11-29T12:00:00+01:00`;

test('what was not touched for five working days is in its holder’s digest, once each morning', async () => {
  // Touched on Monday the 23rd at 10:00: five working days are over on Monday the 30th at 10:00.
  const played = await play(script(`${DIGESTS}\n @2026-12-01T08:59:59+01:00\n @2026-12-01T09:00:00+01:00\n ?WEB-1`));
  const digests = played.sent.filter((line) => line.sent === 'digest' && line.to?.person === 'olga');
  expect(digests.map((line) => line.at)).toEqual(['2026-12-01T09:00:00+01:00']);
  expect(digests[0]?.text).toContain('WEB-1');
  expect(itemIn(played, 'WEB-1').holder.person).toBe('olga');
});
