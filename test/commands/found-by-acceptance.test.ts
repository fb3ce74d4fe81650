import { expect, test } from 'vitest';
import { IMPLEMENT, issue, MAINNET, ROADMAP, script } from '../support/script.ts';
import { itemIn, outcomeOf, play } from '../support/simulator.ts';

/** What an independent reading of the contract found wrong once, each with the conversation that found it. */

const last = async (text: string) => outcomeOf((await play(script(text))).answers.at(-1) ?? {});

const TWO_SERVICES = `
  @2026-11-23T10:00:00+01:00
  sam: /call open
  bea: /propose service One
  bea: /propose service Two
  sam: /approve SVC-1
  sue: /approve SVC-1
  sam: /approve SVC-2
  sue: /approve SVC-2
  sam: /prioritise SVC-1 1
  sam: /prioritise SVC-2 2`;

test('priorities count only on a call, also where an earlier round is in the way (R12)', async () => {
  expect(await last(`${TWO_SERVICES}\n sam: /call close\n sam: /prioritise SVC-1 5`)).toBe('refused R12');
});

test('a link that moves takes its pairs along', async () => {
  const played = await play(
    script(`${IMPLEMENT}
      bea: /propose product Second
      bea: /link PROD-2 us:34
      ?PROD-2`),
  );
  expect(itemIn(played, 'PROD-2').links).toMatchObject([
    { ref: 'grid/us:34', pairedWith: ['example/grid#3'] },
    { ref: 'example/grid#3', pairedWith: ['grid/us:34'] },
  ]);
});

test('an objection to a new rank takes the rank back, and no step', async () => {
  const played = await play(
    script(`${IMPLEMENT}
      sam: /prioritise PROD-1 2
      sue: /object PROD-1 first was right
      sam: /approve PROD-1
      sue: /approve PROD-1
      ?PROD-1`),
  );
  expect(itemIn(played, 'PROD-1').step).toBe('implement');
});

test('a decision that a majority confirms moves down who took its rank meanwhile', async () => {
  const played = await play(
    script(`${TWO_SERVICES}
      sue: /object SVC-1 not yet
      sam: /prioritise SVC-2 1
      sam: /approve SVC-1
      sue: /approve SVC-1
      ?SVC-1
      ?SVC-2`),
  );
  expect([itemIn(played, 'SVC-1').rank, itemIn(played, 'SVC-2').rank]).toEqual([1, 2]);
});

test('a sign-off whose last architect left is open to the one who holds the role', async () => {
  const played = `${ROADMAP}
    ada: /role grant architect tom
    ada: /role revoke architect arno
    tom: /approve PROD-1`;
  expect(await last(played)).toBe('signed');
});

test('an announcement whose circle owner changed is signed by the new one', async () => {
  const played = `${ROADMAP}
    mia: /announce PROD-1 It is coming
    sam: /prioritise PROD-1 1 owner tom
    tom: /approve ANN-1`;
  expect(await last(played)).toBe('signed');
});

test('who is dev lead and OPS at once can ask for the release, and carry it out', async () => {
  expect(await last(`${MAINNET}\n ada: /role grant ops lea\n lea: /release PROD-1 mainnet v1`)).toBe('requested');
});

test('a mistyped key carries nothing out on another item', async () => {
  const played = `${ROADMAP}
    pia: /circle PROD-1 create
    pia: /link PROD-1 us:1
    arno: /approve PROD-1
    pia: /done PRDO-1`;
  expect(await last(played)).toBe('not-found');
});

test('/urgent with an issue uses that issue (R4)', async () => {
  const played = await play(script(`${IMPLEMENT}\n ${issue('opened', 44)}\n sam: /urgent PROD-1 #44\n ?PROD-1`));
  expect(itemIn(played, 'PROD-1').links.map((link) => link.ref)).toContain('example/grid#44');
});

test('who is given a role that nobody held is offered what waits for it', async () => {
  const played = await play(
    script(`${IMPLEMENT}
      ada: /person remove quinn
      dave: /docs PROD-1 https://docs.example.org/grid
      dave: /release PROD-1 testnet
      dave: /handover PROD-1 qa
      ada: /role grant qa tom`),
  );
  expect(played.sent.filter((line) => line.sent === 'offer' && line.to?.person === 'tom')).toHaveLength(1);
});

test('a mistyped role is answered with the nearest, also in /person add', async () => {
  const played = await play(script('@2026-11-23T10:00:00+01:00\n ada: /person add zoe roles qaa'));
  expect(played.answers.at(-1)?.text).toContain('did you mean qa');
});

test('the umbrella alone is answered with help', async () => {
  expect(await last('@2026-11-23T10:00:00+01:00\n sam: /baton')).toBe('shown');
});

test('what a pass of the last test says is missing for mainnet includes what R5 still wants', async () => {
  const played = await play(script(MAINNET));
  expect(played.answers.at(-1)?.text).not.toContain('nothing is missing');
});
