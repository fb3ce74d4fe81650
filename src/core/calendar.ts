import { DateTime, IANAZone } from 'luxon';
import type { Organisation, Weekday } from './organisation.ts';

/** The organisation's calendar. Instants are UTC milliseconds; windows are half-open. Edges are computed once and kept. */

export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;

export interface Window {
  readonly from: number;
  readonly until: number;
}

/** One local day: its bounds, and the hours of each sort that lie in it. */
export interface Day extends Window {
  /** As 2026-11-23. */
  readonly date: string;
  readonly weekday: Weekday;
  readonly holiday: boolean;
  readonly ops: Window | undefined;
  readonly onCall: Window | undefined;
  readonly working: Window | undefined;
}

interface Cache {
  days: Day[];
  freezes: { from: number; until: number; next: number }[];
  /** Instants as people read them: the same few are said again and again. */
  readonly shown: Map<number, string>;
}
const caches = new WeakMap<Organisation, Cache>();
const KEPT = 16;

function cacheOf(organisation: Organisation): Cache {
  let cache = caches.get(organisation);
  if (cache === undefined) {
    cache = { days: [], freezes: [], shown: new Map() };
    caches.set(organisation, cache);
  }
  return cache;
}

export const localTime = (organisation: Organisation, at: number): DateTime =>
  DateTime.fromMillis(at, { zone: organisation.timezone });

/** The local day that holds this instant. */
export function dayAt(organisation: Organisation, at: number): Day {
  const { days } = cacheOf(organisation);
  const known = days.find((day) => day.from <= at && at < day.until);
  if (known !== undefined) return known;
  const day = toDay(organisation, startOfDay(localTime(organisation, at)));
  if (days.length >= KEPT) days.shift();
  days.push(day);
  return day;
}

function toDay(organisation: Organisation, start: DateTime): Day {
  const { ops_hours, on_call_hours, working_hours } = organisation.calendar;
  const date = start.toISODate() ?? '';
  const weekday = weekdayOf(start);
  const holiday = organisation.holidayDays.has(date);
  const hours = (sort: { from: string; until: string }): Window => ({
    from: timeOn(start, sort.from),
    until: timeOn(start, sort.until),
  });
  const opsDay = ops_hours.days.includes(weekday);
  return {
    date,
    weekday,
    holiday,
    from: start.toMillis(),
    until: startOfDay(start.plus({ days: 1 })).toMillis(),
    ops: opsDay && !holiday ? hours(ops_hours) : undefined,
    onCall: on_call_hours.days.includes(weekday) || (opsDay && holiday) ? hours(on_call_hours) : undefined,
    working: working_hours.days.includes(weekday) && !holiday ? hours(working_hours) : undefined,
  };
}

const weekdayOf = (day: DateTime): Weekday => day.setLocale('en').toFormat('ccc') as Weekday;

/** The instant of a time of day; a time that the clocks skip is the moment at which they skip it. */
function timeOn(day: DateTime, time: string): number {
  const [hour = 0, minute = 0] = time.split(':').map(Number);
  return instantAt(day.zoneName ?? 'utc', Date.UTC(day.year, day.month - 1, day.day, hour, minute));
}

/** Where midnight comes twice, the day begins with the first one; where it is skipped, with the end of what is skipped. */
export function startOfDay(local: DateTime): DateTime {
  return DateTime.fromMillis(timeOn(local, '00:00'), { zone: local.zone });
}

const LONGEST_DAY = 26 * HOUR;

/** What the clock on the wall shows at an instant, counted as if it were UTC. */
export const wallAt = (timezone: string, at: number): number => at + IANAZone.create(timezone).offset(at) * MINUTE;

/**
 * The first instant at which the clock on the wall shows this, counted as if it were UTC; what it never shows is the
 * moment at which it is skipped, also where that is the next day already.
 */
export function instantAt(timezone: string, wall: number): number {
  const zone = IANAZone.create(timezone);
  const offsetAt = (at: number): number => zone.offset(at) * MINUTE;
  const before = offsetAt(wall - LONGEST_DAY);
  const after = offsetAt(wall + LONGEST_DAY);
  const found = [wall - before, wall - after].filter((at) => at + offsetAt(at) === wall);
  if (found.length > 0) return Math.min(...found);
  let [early, late] = [wall - after, wall - before];
  while (late - early > 1) {
    const middle = Math.floor((early + late) / 2);
    if (offsetAt(middle) === before) early = middle;
    else late = middle;
  }
  return late;
}

export const isIn = (window: Window | undefined, at: number): boolean =>
  window !== undefined && window.from <= at && at < window.until;

/** The days from the one of `at` on; bounded, so that a calendar without any hours ends the search. */
export function* daysFrom(organisation: Organisation, at: number, most = 400): Generator<Day> {
  let day = dayAt(organisation, at);
  for (let n = 0; n < most; n += 1) {
    yield day;
    day = dayAt(organisation, day.until);
  }
}

/** A day by its date. */
export function dayOn(organisation: Organisation, date: string): Day {
  return dayAt(organisation, startOfDay(DateTime.fromISO(date, { zone: organisation.timezone })).toMillis());
}

/** The weekly freeze that holds `at`, or else the next one (R2). */
export function weeklyFreeze(organisation: Organisation, at: number): Window {
  const week = freezeWeek(organisation, at);
  const { from, until } = at < week.until ? week : freezeWeek(organisation, week.next);
  return { from, until };
}

/** The week from one freeze to the next that holds `at`, kept. */
function freezeWeek(organisation: Organisation, at: number): Cache['freezes'][number] {
  const { freezes } = cacheOf(organisation);
  const known = freezes.find((week) => week.from <= at && at < week.next);
  if (known !== undefined) return known;
  const week = computeFreeze(organisation, at);
  if (freezes.length >= KEPT) freezes.shift();
  freezes.push(week);
  return week;
}

export const WEEKDAY_NUMBER: Record<string, number> = { Mon: 1, Tue: 2, Wed: 3, Thu: 4, Fri: 5, Sat: 6, Sun: 7 };

function computeFreeze(organisation: Organisation, at: number): { from: number; until: number; next: number } {
  const [fromDay = '', fromTime = ''] = organisation.calendar.release_freeze.from.split(' ');
  const [untilDay = '', untilTime = ''] = organisation.calendar.release_freeze.until.split(' ');
  const today = startOfDay(localTime(organisation, at));
  const back = (today.weekday - (WEEKDAY_NUMBER[fromDay] ?? 1) + 7) % 7;
  let start = today.minus({ days: back });
  if (timeOn(start, fromTime) > at) start = start.minus({ days: 7 });
  const length = ((WEEKDAY_NUMBER[untilDay] ?? 1) - (WEEKDAY_NUMBER[fromDay] ?? 1) + 7) % 7;
  const wraps = length === 0 && untilTime <= fromTime ? 7 : length;
  const until = startOfDay(start.plus({ days: wraps }));
  const next = startOfDay(start.plus({ days: 7 }));
  return { from: timeOn(start, fromTime), until: timeOn(until, untilTime), next: timeOn(next, fromTime) };
}

/** The end of the freeze that holds `at`, weekly and declared ones added up; undefined when nothing is frozen. */
export function frozenUntil(organisation: Organisation, declared: readonly Window[], at: number): number | undefined {
  let until = at;
  for (let n = 0; n < 1000; n += 1) {
    const weekly = weeklyFreeze(organisation, until);
    const found = isIn(weekly, until) ? weekly : declared.find((window) => isIn(window, until));
    if (found === undefined) break;
    until = found.until;
  }
  return until === at ? undefined : until;
}

/** When the window for releases closes next; `at` itself lies in no freeze. */
export function closesAt(organisation: Organisation, declared: readonly Window[], at: number): number {
  return Math.min(
    weeklyFreeze(organisation, at).from,
    ...declared.filter((window) => window.from > at).map((window) => window.from),
  );
}

export type HoursSort = 'ops' | 'onCall' | 'working';

/** The next instant after `at` at which hours of one of these sorts begin. */
export function nextStart(
  organisation: Organisation,
  at: number,
  sorts: readonly HoursSort[],
): { at: number; sort: HoursSort } | undefined {
  for (const day of daysFrom(organisation, at)) {
    const starts = sorts.flatMap((sort) => {
      const hours = day[sort];
      return hours !== undefined && hours.from > at ? [{ at: hours.from, sort }] : [];
    });
    starts.sort((a, b) => a.at - b.at);
    if (starts[0] !== undefined) return starts[0];
  }
  return undefined;
}

/** The instant at which `amount` milliseconds of these hours have passed since `from`. Undefined where there are no such hours. */
export function addHours(
  organisation: Organisation,
  from: number,
  amount: number,
  hoursOf: (day: Day) => Window | undefined,
): number | undefined {
  let left = amount;
  for (const day of daysFrom(organisation, from)) {
    const hours = hoursOf(day);
    if (hours === undefined || hours.until <= from) continue;
    const begin = Math.max(hours.from, from);
    if (begin + left <= hours.until) return begin + left;
    left -= hours.until - begin;
  }
  return undefined;
}

/** Working time of a team: OPS has hours of its own (R7), everyone else the organisation's. */
export const workingHoursOf =
  (role: string) =>
  (day: Day): Window | undefined =>
    role === 'ops' ? day.ops : day.working;

/** Daytime: OPS's hours on OPS's days, on-call hours on the others. */
export const daytimeOf = (day: Day): Window | undefined => day.ops ?? day.onCall;

/** The same time of day, so many working days later; from a day off, the end of the last of them. */
export function addWorkingDays(
  organisation: Organisation,
  from: number,
  count: number,
  hoursOf: (day: Day) => Window | undefined,
): number {
  const isDayOff = hoursOf(dayAt(organisation, from)) === undefined;
  const wall = wallAt(organisation.timezone, from);
  let at = from;
  for (let left = count, n = 1; left > 0 && n <= 1000; n += 1) {
    // From the first day on each time: a night that skips the time must not move it on the days after.
    at = instantAt(organisation.timezone, wall + n * 24 * HOUR);
    if (hoursOf(dayAt(organisation, at)) !== undefined) left -= 1;
  }
  return isDayOff ? dayAt(organisation, at).until : at;
}

/** The end of the sprint that holds `at`: the start of the next one's first day. */
export function sprintEnd(organisation: Organisation, at: number): number {
  const { starts, days } = organisation.calendar.sprint;
  const first = startOfDay(DateTime.fromISO(starts, { zone: organisation.timezone }));
  const since = Math.floor(startOfDay(localTime(organisation, at)).diff(first, 'days').days + 0.5);
  return startOfDay(first.plus({ days: (Math.floor(since / days) + 1) * days })).toMillis();
}

/** So many calendar days before an instant, at the same time of day. */
export const daysBefore = (organisation: Organisation, at: number, days: number): number =>
  instantAt(organisation.timezone, wallAt(organisation.timezone, at) - days * 24 * HOUR);

/** An instant as people read it: `Mon 30 Nov 09:00`, in the organisation's timezone. */
export function showInstant(organisation: Organisation, at: number): string {
  const { shown } = cacheOf(organisation);
  const known = shown.get(at);
  if (known !== undefined) return known;
  const text = localTime(organisation, at).setLocale('en').toFormat('ccc d LLL HH:mm');
  if (shown.size >= KEPT) shown.clear();
  shown.set(at, text);
  return text;
}

export const showDay = (organisation: Organisation, date: string): string =>
  showInstant(organisation, dayOn(organisation, date).from).replace(/ \d\d:\d\d$/, '');

/** An instant with the organisation's offset: `2026-11-27T09:00:00+01:00`. */
export const isoInstant = (organisation: Organisation, at: number): string =>
  localTime(organisation, at).toISO({ suppressMilliseconds: true }) ?? new Date(at).toISOString();
