import { describe, expect, it } from 'vitest';
import { addHours, dayAt, daytimeOf, frozenUntil, sprintEnd, workingHoursOf } from '../../src/core/calendar.ts';
import type { Organisation } from '../../src/core/organisation.ts';
import { fc, runs } from '../support/chance.ts';
import { site } from './site.ts';
import { changesOf, dateOf, minuteOfDay, minuteOfWeek, startOf, wall, weekdayOf, ZONES } from './wall.ts';

/** The calendar against counting, minute by minute, around every change of twelve zones' clocks from 2024 to 2030. */

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const RUNS = { numRuns: runs(150) };

const changes = new Map(ZONES.map((zone) => [zone, changesOf(zone)]));
const organisations = new Map<string, Organisation>();
function organisationOf(timezone: string, calendar: string): Organisation {
  const name = `${timezone}\n${calendar}`;
  const known = organisations.get(name) ?? site({ timezone, calendar });
  organisations.set(name, known);
  return known;
}

/** A zone and a second within some days of one of its changes. */
const moment = (days: number) =>
  fc
    .record({
      zone: fc.constantFrom(...ZONES),
      change: fc.nat(1000),
      seconds: fc.integer({ min: -days * 86_400, max: days * 86_400 }),
    })
    .map(({ zone, change, seconds }) => {
      const all = changes.get(zone) ?? [];
      return { zone, at: (all[change % all.length] ?? 0) + seconds * SECOND };
    });

const WEEK_MINUTES = { Mon: 0, Tue: 1440, Wed: 2880, Thu: 4320, Fri: 5760, Sat: 7200, Sun: 8640 } as const;
type Weekday = keyof typeof WEEK_MINUTES;
const WEEKDAYS = Object.keys(WEEK_MINUTES) as Weekday[];
const clock = (hour: number) => `${String(hour).padStart(2, '0')}:00`;

/** The weekly freeze by the wall clock; edges between four and ten at night are on no clock twice. */
const freezeEdges = fc.record({
  fromDay: fc.constantFrom(...WEEKDAYS),
  fromHour: fc.integer({ min: 4, max: 22 }),
  untilDay: fc.constantFrom(...WEEKDAYS),
  untilHour: fc.integer({ min: 4, max: 22 }),
});

const inWeek = (from: number, until: number, minute: number): boolean =>
  from < until ? from <= minute && minute < until : from <= minute || minute < until;

function countFrozen(
  isWeekly: (at: number) => boolean,
  declared: readonly { from: number; until: number }[],
  at: number,
): number | undefined {
  const isFrozen = (when: number) => isWeekly(when) || declared.some(({ from, until }) => from <= when && when < until);
  if (!isFrozen(at)) return undefined;
  let minute = Math.floor(at / MINUTE) * MINUTE + MINUTE;
  while (isFrozen(minute)) minute += MINUTE;
  return minute;
}

const declaredNear = (at: number) =>
  fc
    .array(fc.record({ start: fc.integer({ min: -4000, max: 9000 }), minutes: fc.integer({ min: 1, max: 4000 }) }), {
      maxLength: 4,
    })
    .map((windows) =>
      windows.map(({ start, minutes }) => {
        const from = Math.floor(at / MINUTE) * MINUTE + start * MINUTE;
        return { from, until: from + minutes * MINUTE };
      }),
    );

describe('frozenUntil', () => {
  it('is the first minute that no freeze holds, from Thursday until Monday and declared ones added up', () => {
    fc.assert(
      fc.property(
        moment(9).chain((when) => declaredNear(when.at).map((declared) => ({ ...when, declared }))),
        ({ zone, at, declared }) => {
          const isWeekly = (when: number) => minuteOfWeek(zone, when) >= WEEK_MINUTES.Thu;
          const organisation = organisationOf(zone, '  critical_nights: true');
          expect(frozenUntil(organisation, declared, at)).toBe(countFrozen(isWeekly, declared, at));
        },
      ),
      RUNS,
    );
  });

  it('with any other days and hours', () => {
    fc.assert(
      fc.property(moment(9), freezeEdges, ({ zone, at }, { fromDay, fromHour, untilDay, untilHour }) => {
        const from = WEEK_MINUTES[fromDay] + fromHour * 60;
        const until = WEEK_MINUTES[untilDay] + untilHour * 60;
        fc.pre(from !== until);
        const calendar = `  release_freeze: { from: ${fromDay} ${clock(fromHour)}, until: ${untilDay} ${clock(untilHour)} }`;
        const isWeekly = (when: number) => inWeek(from, until, minuteOfWeek(zone, when));
        expect(frozenUntil(organisationOf(zone, calendar), [], at)).toBe(countFrozen(isWeekly, [], at));
      }),
      RUNS,
    );
  });

  it('at every midnight around every change of 2026, the second before and the second itself', () => {
    for (const zone of ZONES)
      for (const change of (changes.get(zone) ?? []).filter((at) => new Date(at).getUTCFullYear() === 2026))
        for (let at = change - 8 * DAY; at < change + 8 * DAY; at += DAY) {
          const midnight = startOf(zone, dateOf(zone, at));
          const organisation = organisationOf(zone, '  critical_nights: true');
          for (const when of [midnight - SECOND, midnight]) {
            const isFrozen = minuteOfWeek(zone, when) >= WEEK_MINUTES.Thu;
            expect(frozenUntil(organisation, [], when) !== undefined, `${zone} ${when}`).toBe(isFrozen);
          }
        }
  });
});

describe('an edge that the clocks skip', () => {
  it('is the moment at which they skip it, and one that comes twice is the first', () => {
    const until = (time: string, timezone = 'Europe/Brussels') =>
      organisationOf(timezone, `  release_freeze: { from: Thu 00:00, until: Sun ${time} }`);
    const edge = (organisation: Organisation, iso: string) => {
      expect(frozenUntil(organisation, [], Date.parse(iso) - SECOND), iso).toBe(Date.parse(iso));
      expect(frozenUntil(organisation, [], Date.parse(iso)), iso).toBeUndefined();
    };
    edge(until('02:30'), '2026-03-29T03:00+02:00');
    edge(until('02:00'), '2026-03-29T03:00+02:00');
    edge(until('03:00'), '2026-03-29T03:00+02:00');
    edge(until('02:30'), '2026-10-25T02:30+02:00');
    edge(until('00:00', 'Asia/Beirut'), '2026-03-29T01:00+03:00');
    edge(until('00:30', 'Asia/Beirut'), '2026-03-29T01:00+03:00');
    edge(until('00:00', 'America/Havana'), '2026-11-01T00:00-04:00');
  });
});

describe('dayAt', () => {
  it('begins with the first instant of its date and ends with the next one’s', () => {
    fc.assert(
      fc.property(moment(2), ({ zone, at }) => {
        const organisation = organisationOf(zone, '  critical_nights: true');
        const date = dateOf(zone, at);
        const tomorrow = new Date(Date.parse(date) + DAY).toISOString().slice(0, 10);
        const day = dayAt(organisation, at);
        expect(day).toMatchObject({ date, weekday: weekdayOf(zone, at), from: startOf(zone, date) });
        expect(day.until).toBe(startOf(zone, tomorrow));
      }),
      { numRuns: runs(400) },
    );
  });
});

describe('addHours', () => {
  const hours = fc.record({ from: fc.integer({ min: 4, max: 10 }), until: fc.integer({ min: 11, max: 23 }) });
  it('is the minute at which as many minutes of working hours have passed, without holidays', () => {
    fc.assert(
      fc.property(
        moment(6),
        hours,
        fc.integer({ min: 1, max: 1800 }),
        fc.boolean(),
        (when, { from, until }, amount, isHoliday) => {
          const { zone } = when;
          const at = Math.floor(when.at / MINUTE) * MINUTE;
          const holiday = dateOf(zone, at + DAY);
          const calendar = `  working_hours: { days: [Mon, Tue, Wed, Thu, Fri], from: "${clock(from)}", until: "${clock(until)}" }
  holidays: [${isHoliday ? holiday : ''}]`;
          const counts = (minute: number) =>
            !['Sat', 'Sun'].includes(weekdayOf(zone, minute)) &&
            !(isHoliday && dateOf(zone, minute) === holiday) &&
            from * 60 <= minuteOfDay(zone, minute) &&
            minuteOfDay(zone, minute) < until * 60;
          let minute = at;
          for (let left = amount; left > 0; minute += MINUTE) if (counts(minute)) left -= 1;
          expect(addHours(organisationOf(zone, calendar), at, amount * MINUTE, workingHoursOf('qa'))).toBe(minute);
        },
      ),
      RUNS,
    );
  });

  it('counts real minutes where the clock is changed inside the hours', () => {
    fc.assert(
      fc.property(moment(2), fc.integer({ min: 1, max: 900 }), (when, amount) => {
        const { zone } = when;
        fc.pre(zone !== 'America/Havana' && zone !== 'Atlantic/Azores');
        const at = Math.floor(when.at / MINUTE) * MINUTE;
        const calendar = `  ops_hours: { days: [Sun, Mon, Tue, Wed, Thu, Fri, Sat], from: "00:00", until: "05:00" }
  on_call_hours: { days: [], from: "09:00", until: "18:00" }`;
        let minute = at;
        for (let left = amount; left > 0; minute += MINUTE) if (minuteOfDay(zone, minute) < 300) left -= 1;
        expect(addHours(organisationOf(zone, calendar), at, amount * MINUTE, daytimeOf)).toBe(minute);
      }),
      RUNS,
    );
  });
});

describe('sprintEnd', () => {
  it('is the first instant of the day on which the next sprint begins', () => {
    fc.assert(
      fc.property(moment(40), fc.integer({ min: 1, max: 40 }), fc.nat(600), ({ zone, at }, days, ahead) => {
        const starts = new Date(Date.UTC(2026, 0, 1) + ahead * DAY).toISOString().slice(0, 10);
        const today = Date.parse(dateOf(zone, at));
        const since = Math.round((today - Date.parse(starts)) / DAY);
        const next = Date.parse(starts) + (Math.floor(since / days) + 1) * days * DAY;
        const end = sprintEnd(organisationOf(zone, `  sprint: { starts: ${starts}, days: ${days} }`), at);
        expect(end).toBe(startOf(zone, new Date(next).toISOString().slice(0, 10)));
        expect(wall(zone, end) > wall(zone, at) || end > at).toBe(true);
      }),
      RUNS,
    );
  });
});
