import { DateTime } from 'luxon';
import { localTime, startOfDay, WEEKDAY_NUMBER } from './calendar.ts';
import type { Organisation } from './organisation.ts';

/** Instants and days, as people write them. */

export interface Moment {
  readonly at: number;
  readonly wholeDay: boolean;
}

/**
 * An instant or a day as people write it: `2026-12-24`, `2026-12-24T18:00`, with or without an offset, `Mon 09:00`,
 * `tomorrow 14:00`, `14:00`, and as we show them: `Mon 30 Nov 09:00`. What leaves out the rest is the next one after `now`.
 */
export function readMoment(organisation: Organisation, words: string, now: number): Moment | undefined {
  const text = words.trim();
  if (/^\d{4}-\d{2}-\d{2}$/.test(text)) {
    const day = DateTime.fromISO(text, { zone: organisation.timezone });
    return day.isValid ? { at: startOfDay(day).toMillis(), wholeDay: true } : undefined;
  }
  if (/^\d{4}-\d{2}-\d{2}[T ]\d{1,2}:\d{2}/.test(text)) {
    const at = DateTime.fromISO(text.replace(' ', 'T').replace(/T(\d):/, 'T0$1:'), { zone: organisation.timezone });
    return at.isValid ? { at: at.toMillis(), wholeDay: false } : undefined;
  }
  const shown = readShown(organisation, text, now);
  if (shown !== undefined) return shown;
  const named = /^(?:(mon|tue|wed|thu|fri|sat|sun|today|tomorrow)[a-z]*\s+)?([01]?\d|2[0-3])[:h]([0-5]\d)$/i.exec(text);
  if (named === null) return undefined;
  const [, word = '', hour, minute] = named;
  const base = localTime(organisation, now).set({
    hour: Number(hour),
    minute: Number(minute),
    second: 0,
    millisecond: 0,
  });
  const weekday = WEEKDAY_NUMBER[word.slice(0, 1).toUpperCase() + word.slice(1, 3).toLowerCase()];
  if (weekday !== undefined) {
    const ahead = base.plus({ days: (weekday - base.weekday + 7) % 7 });
    return { at: (ahead.toMillis() > now ? ahead : ahead.plus({ days: 7 })).toMillis(), wholeDay: false };
  }
  if (/^tomorrow$/i.test(word)) return { at: base.plus({ days: 1 }).toMillis(), wholeDay: false };
  return {
    at: (base.toMillis() > now || /^today$/i.test(word) ? base : base.plus({ days: 1 })).toMillis(),
    wholeDay: false,
  };
}

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const SHOWN =
  /^(?:(mon|tue|wed|thu|fri|sat|sun)[a-z]*,?\s+)?(\d{1,2})\s+(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*(?:,?\s+([01]?\d|2[0-3])[:h]([0-5]\d))?$/i;
/** A leap day may be eight years away. */
const MOST_YEARS = 8;

/** `Tue 24 Nov 10:00`, `24 Nov`: of this year, or of the next that has such a day still to come. */
function readShown(organisation: Organisation, text: string, now: number): Moment | undefined {
  const [, weekday, day, month = '', hour, minute] = SHOWN.exec(text) ?? [];
  if (day === undefined) return undefined;
  const today = startOfDay(localTime(organisation, now));
  const fits = (at: DateTime): boolean =>
    weekday === undefined ||
    at.weekday === WEEKDAY_NUMBER[weekday.slice(0, 1).toUpperCase() + weekday.slice(1, 3).toLowerCase()];
  const days = Array.from({ length: MOST_YEARS + 1 }, (_, n) =>
    DateTime.fromObject(
      { year: today.year + n, month: MONTHS.indexOf(month.toLowerCase()) + 1, day: Number(day) },
      { zone: organisation.timezone },
    ),
  ).filter((each) => each.isValid);
  const next = days.find((each) => each >= today);
  // A day that has just passed, with its weekday, is that day: whoever named it hears that it is over.
  const meant = next !== undefined && fits(next) ? next : days.slice(0, 1).find(fits);
  if (meant === undefined) return undefined;
  if (hour === undefined) return { at: startOfDay(meant).toMillis(), wholeDay: true };
  return { at: meant.set({ hour: Number(hour), minute: Number(minute) }).toMillis(), wholeDay: false };
}

/** The moment that a list of words begins with, in as many words as it takes, and the words after it. */
export function momentAt(
  organisation: Organisation,
  words: readonly string[],
  now: number,
): readonly [Moment | undefined, readonly string[]] {
  for (let count = Math.min(4, words.length); count > 0; count -= 1) {
    const moment = readMoment(organisation, words.slice(0, count).join(' '), now);
    if (moment !== undefined) return [moment, words.slice(count)];
  }
  return [undefined, words];
}
