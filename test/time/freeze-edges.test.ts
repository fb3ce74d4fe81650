import { describe, it } from 'vitest';
import { site, toProduction } from './site.ts';
import { check } from './table.ts';

/** R2: from Thursday 00:00:00 until Monday 00:00:00 of the organisation's own clock, also where that clock is changed. */

interface Weekend {
  readonly timezone: string;
  readonly year: number;
  readonly monday: string;
  readonly wednesday: string;
  readonly thursday: string;
  readonly sunday: string;
  readonly opens: string;
  readonly why: string;
}

const WEEKENDS = `
timezone          year  monday  wednesday  thursday  sunday  opens   why
Europe/Brussels   2026  23 Nov  25 Nov     26 Nov    29 Nov  30 Nov  an ordinary week
Europe/Brussels   2026  23 Mar  25 Mar     26 Mar    29 Mar  30 Mar  springs on the Sunday
Europe/Brussels   2026  19 Oct  21 Oct     22 Oct    25 Oct  26 Oct  falls back on the Sunday
America/New_York  2026  23 Nov  25 Nov     26 Nov    29 Nov  30 Nov  an ordinary week
America/New_York  2026  23 Mar  25 Mar     26 Mar    29 Mar  30 Mar  while Brussels springs
America/New_York  2026  19 Oct  21 Oct     22 Oct    25 Oct  26 Oct  while Brussels falls back
America/New_York  2026  2 Mar   4 Mar      5 Mar     8 Mar   9 Mar   springs on the Sunday
America/New_York  2026  26 Oct  28 Oct     29 Oct    1 Nov   2 Nov   falls back on the Sunday
Asia/Kolkata      2026  23 Nov  25 Nov     26 Nov    29 Nov  30 Nov  half an hour off
Asia/Kolkata      2026  23 Mar  25 Mar     26 Mar    29 Mar  30 Mar  while Brussels springs
Asia/Kolkata      2026  19 Oct  21 Oct     22 Oct    25 Oct  26 Oct  while Brussels falls back
Pacific/Auckland  2026  23 Nov  25 Nov     26 Nov    29 Nov  30 Nov  an ordinary week
Pacific/Auckland  2026  23 Mar  25 Mar     26 Mar    29 Mar  30 Mar  while Brussels springs
Pacific/Auckland  2026  19 Oct  21 Oct     22 Oct    25 Oct  26 Oct  while Brussels falls back
Pacific/Auckland  2026  30 Mar  1 Apr      2 Apr     5 Apr   6 Apr   falls back on the Sunday
Pacific/Auckland  2026  21 Sep  23 Sep     24 Sep    27 Sep  28 Sep  springs on the Sunday
Africa/Cairo      2026  20 Apr  22 Apr     23 Apr    26 Apr  27 Apr  its Friday has no midnight
Africa/Cairo      2026  26 Oct  28 Oct     29 Oct    1 Nov   2 Nov   its Thursday has 25 hours
Asia/Beirut       2026  23 Mar  25 Mar     26 Mar    29 Mar  30 Mar  its Sunday has no midnight
America/Santiago  2026  31 Aug  2 Sep      3 Sep     6 Sep   7 Sep   its Sunday has no midnight
America/Havana    2026  26 Oct  28 Oct     29 Oct    1 Nov   2 Nov   its Sunday has two midnights
`;

const weekends = (): Weekend[] =>
  WEEKENDS.trim()
    .split('\n')
    .slice(1)
    .map((line) => {
      const [timezone = '', year, monday = '', wednesday = '', thursday = '', sunday = '', opens = '', why = ''] =
        line.split(/\s{2,}/);
      return { timezone, year: Number(year), monday, wednesday, thursday, sunday, opens, why };
    });

describe('the weekly freeze', () => {
  it.each(weekends())('$timezone, week of $monday: $why', async (week) => {
    const { timezone, year, monday, wednesday, thursday, sunday, opens } = week;
    const table = { organisation: site({ timezone }), year, before: toProduction(`Mon ${monday} 10:00`) };
    await check(
      table,
      `
      when                      who   says                        -> outcome
      Thu ${thursday} 00:00:00  olga  /release WEB-1 production   -> refused R2
      Sun ${sunday} 23:59:59    olga  /release WEB-1 production   -> refused R2
      Mon ${opens} 00:00:00     olga  /release WEB-1 production   -> released
      `,
    );
    await check(
      table,
      `
      when                       who   says                       -> outcome
      Wed ${wednesday} 23:59:59  olga  /release WEB-1 production  -> released
      `,
    );
  });

  it('begins and ends where the organisation says', async () => {
    const calendar = '  release_freeze: { from: Tue 12:30, until: Tue 13:00 }';
    await check(
      { organisation: site({ calendar }), before: toProduction('Mon 23 Nov 10:00') },
      `
      when                 who   says                       -> outcome
      Tue 24 Nov 12:30:00  olga  /release WEB-1 production  -> refused R2
      Tue 24 Nov 12:59:59  olga  /release WEB-1 production  -> refused R2
      Tue 24 Nov 13:00:00  olga  /release WEB-1 production  -> released
      `,
    );
  });

  it('stops neither staging nor testnet, and meets who may not release with R1', async () => {
    await check(
      { organisation: site(), before: toProduction('Mon 23 Nov 10:00') },
      `
      when              who   says                         -> outcome
      Thu 26 Nov 10:00  olga  /release WEB-1 staging v2    -> released
      Thu 26 Nov 10:01  sam   /release WEB-1 production    -> forbidden R1
      Thu 26 Nov 10:02  wes   /release WEB-1 production    -> forbidden R1
      `,
    );
  });
});
