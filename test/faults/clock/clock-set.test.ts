import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { folder, HOUR, type House, house, MONDAY } from '../../ops/rig.ts';
import { tally } from '../../support/tally.ts';

/** A clock that was wrong from the start: what is odd is noticed, and once it is set nothing goes on by what it showed. */

const DAY = 24 * HOUR;
const dueOf = ({ raw }: House, name: string): number => raw.timerDue(`reminder/${name}`) ?? 0;

test('a clock that was weeks ahead holds nothing back once it is right: decisions, reminders', async () => {
  const path = join(folder(), 'baton.db');
  const right = await house({ path });
  const planned = dueOf(right, 'wednesday-morning');
  await right.raw.close();
  const ahead = await house({ path, at: MONDAY + 28 * DAY });
  expect(ahead.safe.doubt()).toBeUndefined();
  while ((await ahead.engine.fireDue()) > 0);
  await ahead.say('pam', '/propose web First', 'a');
  expect(ahead.raw.history('item/WEB-1')[0]?.at).toBe(MONDAY + 28 * DAY);
  expect(dueOf(ahead, 'wednesday-morning')).toBe(planned + 28 * DAY);

  // It is set while it runs.
  ahead.jump(HOUR - 28 * DAY);
  expect(await ahead.say('pam', '/propose web Second', 'b')).toMatchObject({ code: 'unavailable' });
  expect(await ahead.safe.leave('shell')).toMatchObject({ ok: true });
  await vi.waitFor(() => expect(dueOf(ahead, 'wednesday-morning')).toBe(planned));
  await ahead.say('pam', '/propose web Second', 'c');
  expect(ahead.raw.history('item/WEB-2')[0]?.at).toBe(MONDAY + HOUR);
  await ahead.raw.close();

  // And it stays so over a restart.
  const again = await house({ path, at: MONDAY + 2 * HOUR });
  expect(again.safe.doubt()).toBeUndefined();
  await again.say('pam', '/propose web Third', 'd');
  expect(again.raw.history('item/WEB-3')[0]?.at).toBe(MONDAY + 2 * HOUR);
  expect(again.raw.checkChain(0, 10_000)).toMatchObject({ problem: undefined });
  tally('fault', 'a clock that was weeks ahead', 1);
});

test('what was sent by a clock that was ahead is not sent for the second time', async () => {
  const path = join(folder(), 'baton.db');
  // Wednesday at ten: its reminder of nine has been sent.
  const ahead = await house({ path, at: MONDAY });
  ahead.wait(2 * DAY);
  while ((await ahead.engine.fireDue()) > 0);
  const fired = () =>
    ahead.raw.history('calendar/all').filter(({ data }) => (data as { name?: string }).name === 'wednesday-morning');
  expect(fired()).toHaveLength(1);
  const next = dueOf(ahead, 'wednesday-morning');
  ahead.jump(-2 * HOUR);
  await ahead.safe.look();
  expect(await ahead.safe.leave('shell')).toMatchObject({ ok: true });
  await ahead.engine.drained();
  ahead.wait(3 * HOUR);
  while ((await ahead.engine.fireDue()) > 0);
  expect(fired()).toHaveLength(1);
  expect(dueOf(ahead, 'wednesday-morning')).toBe(next);
  tally('fault', 'the clock leaps two hours back', 1);
});

test.each([
  ['more than a year after the last event', MONDAY + 400 * DAY],
  ['before the last event', Date.UTC(1970, 0, 6)],
])('a start %s: it stops, and dates nothing by that clock', async (words, at) => {
  const path = join(folder(), 'baton.db');
  const first = await house({ path });
  await first.say('pam', '/propose web First', 'a');
  await first.raw.close();
  const bot = await house({ path, at });
  expect(bot.safe.doubt()).toMatchObject({ cause: 'clock', since: MONDAY, why: expect.stringContaining(words) });
  await vi.waitFor(() => expect(bot.raw.history('store/store')).toHaveLength(1));
  expect(bot.raw.history('store/store')[0]?.at).toBe(MONDAY);
  bot.jump(MONDAY + HOUR - at);
  expect(await bot.safe.leave('shell')).toMatchObject({ ok: true });
  await bot.say('pam', '/propose web Second', 'b');
  expect(bot.raw.history('item/WEB-2')[0]?.at).toBe(MONDAY + HOUR);
  tally('fault', 'a start in another age', 1);
});

test('a first start in 1970 is not taken for the truth, whoever says so', async () => {
  const bot = await house({ at: Date.UTC(1970, 0, 6) });
  expect(bot.safe.doubt()).toMatchObject({ cause: 'clock' });
  expect(await bot.safe.leave('shell')).toMatchObject({
    ok: false,
    text: 'It stays in safe mode: the clock of the machine shows 1970-01-06T00:00:00.000Z; set it.',
  });
  bot.jump(MONDAY - Date.UTC(1970, 0, 6));
  expect(await bot.safe.leave('shell')).toMatchObject({ ok: true });
  expect(await bot.say('pam', '/propose web First', 'a')).toMatchObject({ ok: true });
  expect(bot.raw.history('item/WEB-1')[0]?.at).toBe(MONDAY);
  tally('fault', 'a start in another age', 1);
});
