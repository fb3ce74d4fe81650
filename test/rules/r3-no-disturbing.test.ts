import { expect, test } from 'vitest';
import { table } from '../support/script.ts';
import { play } from '../support/simulator.ts';

const START = { at: '2026-11-23T10:00:00+01:00' };

const ROWS = table(`
  who    where    says                       -> hinted
  sam    general  @dave where is it?         -> sam
  sam    general  hello @U0DAVE              -> sam
  olga   general  @dina and @dave, please    -> olga
  sam    general  @olga where is it?         -> nobody
  sam    general  where is it?               -> nobody
  dave   general  @dina look                 -> nobody
  lea    general  @dave look                 -> nobody
  sam    board    @dave where is it?         -> nobody
  zed    general  @dave where is it?         -> nobody
`).filter(({ outcome }) => outcome !== 'hinted');

test.each(ROWS)('$columns -> $outcome', async ({ columns: [as, place, say], outcome }) => {
  const played = await play([START, { as, via: 'telegram', in: place, say }]);
  expect(played.answers.at(-1)?.code).toBe('silent');
  const hinted = played.sent.filter((line) => line.sent === 'hint').map((line) => line.to?.person);
  expect(hinted).toEqual(outcome === 'nobody' ? [] : [outcome]);
});

test('at most once per writer, chat and hour', async () => {
  const mention = (as: string) => ({ as, via: 'telegram', in: 'general', say: '@dave where is it?' });
  const played = await play([
    START,
    mention('sam'),
    mention('sue'),
    mention('sam'),
    { at: '2026-11-23T10:59:59+01:00' },
    mention('sam'),
    { at: '2026-11-23T11:00:00+01:00' },
    mention('sam'),
  ]);
  const hints = played.sent.filter((line) => line.sent === 'hint').map((line) => [line.to?.person, line.at]);
  expect(hints).toEqual([
    ['sam', '2026-11-23T10:00:00+01:00'],
    ['sue', '2026-11-23T10:00:00+01:00'],
    ['sam', '2026-11-23T11:00:00+01:00'],
  ]);
});

test('/urgent logs an issue and tells the circle owner, not the developer', async () => {
  const played = await play([
    START,
    { as: 'bea', say: '/propose product Grid' },
    { as: 'ada', say: '/role grant circle-owner tom PROD-1' },
    { as: 'sam', say: '/urgent PROD-1 The map is gone' },
  ]);
  expect(played.answers.at(-1)).toMatchObject({ code: 'logged', key: 'PROD-1' });
  expect(played.sent.map((line) => [line.sent, line.to])).toEqual([['request', { person: 'tom' }]]);
});
