import { DateTime } from 'luxon';
import { expect, test } from 'vitest';
import { momentAt, readMoment } from '../../src/core/moment.ts';
import { createStage } from './stage.ts';

/** Moments as people write them, read on Monday 23 November 2026 at ten: a row is `words -> moment`, a day alone a day. */

const { organisation } = createStage();
const NOW = Date.parse('2026-11-23T10:00:00+01:00');
const shown = (words: string, now = NOW): string => {
  const moment = readMoment(organisation, words, now);
  if (moment === undefined) return 'no moment';
  const at = DateTime.fromMillis(moment.at, { zone: organisation.timezone });
  return at.toFormat(moment.wholeDay ? 'yyyy-MM-dd' : 'yyyy-MM-dd HH:mm:ss.SSS').replace(/:00\.000$/, '');
};

const ROWS = `
2026-12-24 -> 2026-12-24
 2026-12-24  -> 2026-12-24
2026-02-30 -> no moment
x2026-12-24 -> no moment
2026-12-24x -> no moment
2026-12-24T18:00 -> 2026-12-24 18:00
2026-12-24 18:00 -> 2026-12-24 18:00
2026-12-24 9:05 -> 2026-12-24 09:05
2026-12-24T9:05 -> 2026-12-24 09:05
2026-12-24T18:00Z -> 2026-12-24 19:00
2026-12-24T18:00-05:00 -> 2026-12-25 00:00
2026-12-24T25:00 -> no moment
14:00 -> 2026-11-23 14:00
14h30 -> 2026-11-23 14:30
9:30 -> 2026-11-24 09:30
10:00 -> 2026-11-24 10:00
10:01 -> 2026-11-23 10:01
24:00 -> no moment
14:60 -> no moment
x14:00 -> no moment
14:00x -> no moment
today 09:00 -> 2026-11-23 09:00
Today 14:00 -> 2026-11-23 14:00
tomorrow 14:00 -> 2026-11-24 14:00
TOMORROW 9:00 -> 2026-11-24 09:00
Mon 09:00 -> 2026-11-30 09:00
mon 10:00 -> 2026-11-30 10:00
Mon 10:01 -> 2026-11-23 10:01
monday 14:00 -> 2026-11-23 14:00
Sun 09:00 -> 2026-11-29 09:00
TUE 09:00 -> 2026-11-24 09:00
someday 09:00 -> no moment
24 Nov -> 2026-11-24
23 Nov -> 2026-11-23
22 Nov -> 2027-11-22
24 November -> 2026-11-24
24 nov, 10:00 -> 2026-11-24 10:00
Tue 24 Nov 10:00 -> 2026-11-24 10:00
tuesday, 24 Nov 9h15 -> 2026-11-24 09:15
Mon 24 Nov 10:00 -> no moment
Sun 22 Nov -> 2026-11-22
Sun 22 Nov 09:00 -> 2026-11-22 09:00
29 Feb -> 2028-02-29
31 Feb -> no moment
1 Jan -> 2027-01-01
32 Dec -> no moment
24 Nov 24:00 -> no moment
x24 Nov -> no moment
24 Nov x -> no moment
24 Foo -> no moment
`;

test.each(ROWS.split('\n').flatMap((row) => (row === '' ? [] : [row.split(' -> ')])))(
  '%s -> %s',
  (words = '', at = '') => expect(shown(words)).toBe(at),
);

test('a moment is to the minute, whatever the clock shows', () => {
  const now = NOW + 12_345;
  expect(shown('14:00', now)).toBe('2026-11-23 14:00');
  expect(shown('Tue 09:00', now)).toBe('2026-11-24 09:00');
  expect(shown('24 Nov 09:00', now)).toBe('2026-11-24 09:00');
});

test('a moment takes as many words as it can, and leaves the rest', () => {
  const read = (text: string) => {
    const [moment, rest] = momentAt(organisation, text.split(' ').filter(Boolean), NOW);
    return `${moment === undefined ? 'none' : DateTime.fromMillis(moment.at, { zone: organisation.timezone }).toFormat('d LLL HH:mm')} | ${rest.join(' ')}`;
  };
  expect(read('Tue 24 Nov 10:00 and more')).toBe('24 Nov 10:00 | and more');
  expect(read('Tue 24 Nov and more')).toBe('24 Nov 00:00 | and more');
  expect(read('24 Nov')).toBe('24 Nov 00:00 | ');
  expect(read('14:00 sharp')).toBe('23 Nov 14:00 | sharp');
  expect(read('whenever you like')).toBe('none | whenever you like');
  expect(read('')).toBe('none | ');
});
