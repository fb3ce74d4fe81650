import { expect } from 'vitest';
import {
  addHours,
  addWorkingDays,
  closesAt,
  dayAt,
  daytimeOf,
  frozenUntil,
  nextStart,
  workingHoursOf,
} from '../../../src/core/calendar.ts';
import { majorClock, minorClock, offerClock } from '../../../src/core/clocks.ts';
import { readMoment } from '../../../src/core/moment.ts';
import { dutyOn, watchAt } from '../../../src/core/on-call.ts';
import type { Organisation } from '../../../src/core/organisation.ts';
import { addDays, daysBetween, endOf, instantOf, type Span, type Tick } from './local.ts';
import { occurrences } from './occurrences.ts';
import type { Setting } from './settings.ts';

/** Each rule that knows of time, against reading it off the wall, quarter by quarter. Each says how much it compared. */

interface Place {
  readonly span: Span;
  readonly setting: Setting;
  readonly organisation: Organisation;
}
interface Window {
  readonly from: number;
  readonly until: number;
}

const HOUR = 3_600_000;
const DAYS_LEFT_OUT = 3;

/** Something of every part of the span, and every tick of the day of the change. */
const sample = ({ ticks, change }: Span): readonly Tick[] =>
  ticks.filter(({ at }, n) => n % 37 === 0 || Math.abs(at - change) < 3 * HOUR);

const shown = ({ span, setting }: Place, at: number): string =>
  `${span.zone}, ${setting.name}, ${new Date(at).toISOString()}`;

/** R2: frozen exactly when the wall says so, until the first instant at which it says something else. */
function freezes(place: Place): number {
  const { span, setting, organisation } = place;
  const { from, until } = setting.freeze;
  const starts: Window[] = [];
  for (const date of span.dates.keys()) {
    if (weekdayOn(span, date) !== from[0]) continue;
    let last = date;
    while (span.dates.has(last) && !(weekdayOn(span, last) === until[0] && (last > date || until[1] > from[1])))
      last = addDays(last, 1);
    const begin = instantOf(span, date, from[1]);
    const end = instantOf(span, last, until[1]);
    if (begin !== undefined && end !== undefined) starts.push({ from: begin, until: end });
  }
  const last = starts.at(-1)?.from ?? 0;
  const looked = span.ticks.filter(({ at }) => at >= (starts[0]?.from ?? last) && at < last);
  expect(looked.length).toBeGreaterThan(500);
  for (const { at, weekday } of looked) {
    for (const when of [at, at + span.step - 1]) {
      const found = starts.find((window) => window.from <= when && when < window.until);
      const frozen = frozenUntil(organisation, [], when);
      if (frozen !== found?.until) expect(frozen, shown(place, when)).toBe(found?.until);
      if (found === undefined) {
        const next = starts.find((window) => window.from > when)?.from;
        if (closesAt(organisation, [], when) !== next)
          expect(closesAt(organisation, [], when), shown(place, when)).toBe(next);
      }
    }
    // The plain words of the rule: Thursday, Friday, Saturday and Sunday.
    if (from[1] === '00:00')
      expect(frozenUntil(organisation, [], at) !== undefined).toBe(['Thu', 'Fri', 'Sat', 'Sun'].includes(weekday));
  }
  return looked.length;
}

const weekdayOn = (span: Span, date: string): string => span.dates.get(date)?.[0]?.weekday ?? '';

/** R7: whose hours it is, and when the next begin, on each date one day after the other without a hole. */
function hours(place: Place): number {
  const { span, setting, organisation } = place;
  const { ops, onCall, working } = setting;
  const on = (date: string, sort: Setting['ops']): Window | undefined =>
    sort.days.includes(weekdayOn(span, date))
      ? { from: instantOf(span, date, sort.from) ?? 0, until: instantOf(span, date, sort.until) ?? 0 }
      : undefined;
  const starts: number[] = [];
  for (const [date, ticks] of span.dates) {
    const from = ticks[0]?.at ?? 0;
    const want = { ops: on(date, ops), onCall: on(date, onCall), working: on(date, working) };
    const day = { date, weekday: weekdayOn(span, date), holiday: false, from, until: endOf(span, date), ...want };
    for (const at of [from, from + HOUR, day.until - 1]) expect(dayAt(organisation, at), shown(place, at)).toEqual(day);
    for (const { at } of ticks) {
      const watch = isIn(want.ops, at) ? 'ops-hours' : isIn(want.onCall, at) ? 'on-call-hours' : nightOf(want.ops);
      if (watchAt(organisation, at) !== watch) expect(watchAt(organisation, at), shown(place, at)).toBe(watch);
    }
    starts.push(...[want.ops, want.onCall].flatMap((window) => window?.from ?? []));
  }
  starts.sort((a, b) => a - b);
  for (const { at } of sample(span)) {
    const next = starts.find((start) => start > at);
    if (next !== undefined) expect(nextStart(organisation, at, ['ops', 'onCall'])?.at, shown(place, at)).toBe(next);
  }
  return span.ticks.length;
}

const nightOf = (ops: Window | undefined) => (ops === undefined ? 'nobody' : 'ops-night');
const isIn = (window: Window | undefined, at: number): boolean =>
  window !== undefined && window.from <= at && at < window.until;

/** R7: each date has one person, and the turn changes with the date. */
function duties(place: Place): number {
  const { span, setting, organisation } = place;
  const people = ['olga', 'omar'];
  for (const { at, date } of span.ticks) {
    const days = daysBetween('2026-11-02', date);
    const turn = Math.floor(days / (setting.rotates === 'weekly' ? 7 : 1));
    const today = dayAt(organisation, at).date;
    const { first, second } = dutyOn(organisation, {}, today, () => true);
    const want = [people[Math.abs(turn % 2)], people[1 - Math.abs(turn % 2)]];
    if (first !== want[0] || second !== want[1]) expect([first, second], shown(place, at)).toEqual(want);
  }
  return span.ticks.length;
}

/** R6, R14: so much working time, or daytime, later; counted tick by tick. */
function workingTime(place: Place): number {
  const { span, setting, organisation } = place;
  const { ops, onCall, working } = setting;
  const within = (sort: Setting['ops'], { date, weekday, at }: Tick): boolean =>
    sort.days.includes(weekday) &&
    at >= (instantOf(span, date, sort.from) ?? 0) &&
    at < (instantOf(span, date, sort.until) ?? 0);
  const daytime = (tick: Tick) => within(ops.days.includes(tick.weekday) ? ops : onCall, tick);
  let compared = 0;
  const sorts = [
    { counts: (tick: Tick) => within(working, tick), of: workingHoursOf('qa') },
    { counts: (tick: Tick) => within(ops, tick), of: workingHoursOf('ops') },
    { counts: daytime, of: daytimeOf },
  ];
  for (const { counts, of } of sorts) {
    const counted = span.ticks.filter(counts);
    for (const { at } of sample(span))
      for (const amount of [HOUR, 4 * HOUR, 8 * HOUR]) {
        const first = counted.findIndex((tick) => tick.at >= at);
        const last = counted[first + amount / span.step - 1];
        if (first < 0 || last === undefined) continue;
        compared += 1;
        expect(addHours(organisation, at, amount, of), shown(place, at)).toBe(last.at + span.step);
      }
  }
  for (const { at } of sample(span)) {
    const { remind, due } = majorClock(at);
    expect([remind - at, due - at]).toEqual([24 * HOUR, 48 * HOUR]);
    const offer = offerClock(organisation, 'qa', at);
    expect(offer?.remind).toBe(addHours(organisation, at, 4 * HOUR, workingHoursOf('qa')));
    expect(offer?.due).toBe(addHours(organisation, at, 8 * HOUR, workingHoursOf('qa')));
  }
  expect(compared).toBeGreaterThan(20);
  return compared;
}

/** R5: the same time of day so many working days later; a time that the clocks skip is when they skip it. */
function workingDays(place: Place): number {
  const { span, setting, organisation } = place;
  const { days } = setting.working;
  let compared = 0;
  for (const { at, date, weekday, minute } of sample(span))
    for (const count of [1, 5]) {
      let last = date;
      for (let left = count; left > 0; ) {
        last = addDays(last, 1);
        if (days.includes(weekdayOn(span, last))) left -= 1;
        if (!span.dates.has(last)) break;
      }
      if (!span.dates.has(last)) continue;
      compared += 1;
      const time = timeOf(minute);
      const found = addWorkingDays(organisation, at, count, workingHoursOf('qa'));
      expect(found, shown(place, at)).toBe(days.includes(weekday) ? instantOf(span, last, time) : endOf(span, last));
    }
  expect(compared).toBeGreaterThan(20);
  return compared;
}

const pad = (number: number): string => String(number).padStart(2, '0');
const timeOf = (minute: number): string => `${pad(Math.floor(minute / 60))}:${pad(minute % 60)}`;

/** R16: a sprint ends as its last day does; and a date that somebody writes begins where the wall's does. */
function sprints(place: Place): number {
  const { span, setting, organisation } = place;
  const { starts, days } = setting.sprint;
  const dates = [...span.dates.keys()];
  let compared = 0;
  for (const date of dates) {
    const from = instantOf(span, date, '00:00');
    expect(readMoment(organisation, date, span.change)).toEqual({ at: from, wholeDay: true });
  }
  for (const { at, date } of sample(span)) {
    const sprint = Math.floor(daysBetween(starts, date) / days);
    const next = addDays(starts, (sprint + 1) * days);
    if (!span.dates.has(next)) continue;
    compared += 1;
    const { remind, due } = minorClock(organisation, at);
    expect(due, shown(place, at)).toBe(instantOf(span, next, '00:00'));
    const reminded = addDays(next, -2);
    if (dates.indexOf(reminded) < DAYS_LEFT_OUT) continue;
    // At the same time of day: a sprint whose last day ends an hour late is spoken of an hour late.
    const begins = timeOf(span.dates.get(next)?.[0]?.minute ?? 0);
    expect(remind, shown(place, at)).toBe(instantOf(span, reminded, begins));
  }
  return compared + dates.length;
}

/** Each with what it is about. */
export const RULES = [
  { name: 'the freeze (R2)', check: freezes },
  { name: 'whose hours it is (R7)', check: hours },
  { name: 'who is on duty (R7)', check: duties },
  { name: 'working time and daytime (R6, R14, R15)', check: workingTime },
  { name: 'working days (R5)', check: workingDays },
  { name: 'sprints and dates (R16)', check: sprints },
  { name: 'digests and reminders', check: ({ span, setting }: Place) => occurrences(span, setting) },
] as const;
