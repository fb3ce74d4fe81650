import { DateTime } from 'luxon';
import { describe, expect, it } from 'vitest';
import { nextReminder } from '../../src/shell/world.ts';
import { withDatabase } from './play.ts';
import { site } from './site.ts';
import { check, played } from './table.ts';

/** A reminder fires once an occurrence: not twice when the clock falls back, not never when it springs over its hour. */

const kinds = ['freeze', 'on-call'];
const only = (name: string, cron: string, timezone = 'Europe/Brussels') => ({
  organisation: site({
    timezone,
    reminders: `{ ${name}: "${cron}", ${ROWS.filter((row) => row !== name)
      .map((row) => `${row}: off`)
      .join(', ')} }`,
  }),
  kinds,
});
const ROWS = [
  'wednesday-morning',
  'wednesday-afternoon',
  'thursday-morning',
  'monday-morning',
  'page-test',
  'on-call-roster',
  'on-call-begins',
  'on-call-ends',
  'on-call-held',
  'digest',
];

describe('when the clock falls back', () => {
  it('an hour that comes twice has its reminder once', async () => {
    await check(
      only('on-call-held', '30 2 * * Sun'),
      `
      when                    who    says     -> outcome
      Sat 24 Oct 12:00:00     clock           -> moved
      Sun 25 Oct 02:30:00+02  bot    on-call  -> ops
      Sun 25 Oct 12:00:00     clock           -> moved
      Sun 1 Nov 02:30:00      bot    on-call  -> ops
      Sun 1 Nov 12:00:00      clock           -> moved
      `,
    );
  });

  it('two reminders of that hour come once each', async () => {
    await check(
      only('on-call-held', '0,30 2 * * Sun'),
      `
      when                    who    says     -> outcome
      Sat 24 Oct 12:00:00     clock           -> moved
      Sun 25 Oct 02:00:00+02  bot    on-call  -> ops
      Sun 25 Oct 02:30:00+02  bot    on-call  -> ops
      Sun 25 Oct 12:00:00     clock           -> moved
      `,
    );
  });

  it('a restart between the two hours does not say it again', async () => {
    await withDatabase(async (path) => {
      await check(
        { ...only('on-call-held', '30 2 * * Sun'), path },
        `
        when                    who    says     -> outcome
        Sat 24 Oct 12:00:00     clock           -> moved
        Sun 25 Oct 02:30:00+02  bot    on-call  -> ops
        Sun 25 Oct 02:45:00+02  clock  restart  -> restarted
        Sun 25 Oct 02:15:00+01  clock  restart  -> restarted
        Sun 25 Oct 12:00:00     clock           -> moved
        `,
      );
    });
  });

  it('in New York, too', async () => {
    await check(
      only('on-call-held', '30 1 * * Sun', 'America/New_York'),
      `
      when                    who    says     -> outcome
      Sat 31 Oct 12:00:00     clock           -> moved
      Sun 1 Nov 01:30:00-04   bot    on-call  -> ops
      Sun 1 Nov 12:00:00      clock           -> moved
      `,
    );
  });
});

describe('when the clock springs', () => {
  it('over its hour, the reminder comes once, as the hour is skipped', async () => {
    const { got } = await played(
      only('on-call-held', '30 2 * * Sun'),
      `
      when                    who    says     -> outcome
      Sat 28 Mar 12:00:00     clock           -> moved
      Sun 29 Mar 12:00:00     clock           -> moved
      Sun 5 Apr 12:00:00      clock           -> moved
      `,
    );
    const said = got.filter((row) => row.includes('bot'));
    expect(said).toHaveLength(2);
    expect(said[0]).toMatch(/^Sun 29 Mar 03:[03]0:00/);
    expect(said[1]).toMatch(/^Sun 5 Apr 02:30:00/);
  });

  it('over midnight, the reminder of a day without one comes as the day begins', async () => {
    const { got } = await played(
      only('on-call-begins', '15 0 * * Fri', 'Africa/Cairo'),
      `
      when                    who    says     -> outcome
      Thu 23 Apr 12:00:00     clock           -> moved
      Fri 24 Apr 12:00:00     clock           -> moved
      `,
    );
    const said = got.filter((row) => row.includes('bot'));
    expect(said).toHaveLength(1);
    expect(said[0]).toMatch(/^Fri 24 Apr 01:/);
  });
});

describe('daily reminders over both changes', () => {
  it.each([
    'Europe/Brussels',
    'America/New_York',
    'Asia/Kolkata',
    'Pacific/Auckland',
    'Africa/Cairo',
    'America/Havana',
  ])('in %s fire once a day, each day of a year, at any minute of the night', async (timezone) => {
    for (const [hour, minute] of [
      [0, 0],
      [0, 30],
      [1, 0],
      [1, 59],
      [2, 0],
      [2, 30],
      [2, 59],
      [3, 0],
      [23, 30],
    ]) {
      const { organisation } = only('on-call-held', `${minute} ${hour} * * *`, timezone);
      const dates: string[] = [];
      let at: number | undefined = DateTime.fromISO('2026-01-01T23:59', { zone: timezone }).toMillis();
      for (let n = 0; n < 365 && at !== undefined; n += 1) {
        at = nextReminder(organisation, 'on-call-held', at);
        if (at !== undefined) dates.push(DateTime.fromMillis(at, { zone: timezone }).toISODate() ?? '');
      }
      const wanted = Array.from({ length: 365 }, (_, n) =>
        DateTime.fromISO('2026-01-02').plus({ days: n }).toISODate(),
      );
      expect(dates, `${hour}:${minute}`).toEqual(wanted);
    }
  });
});
