import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { Cron } from 'croner';
import { nearest } from '../core/nearest.ts';
import { type Organisation, OrganisationFile } from '../core/organisation.ts';
import { REMINDER_NAMES } from '../core/reminders.ts';
import { readYaml } from './yaml.ts';

/** Reads the organisation's file. Nothing starts on a file with a mistake: all of them are told, each with its place. */
export function readOrganisation(file: string): { organisation: Organisation } | { problems: readonly string[] } {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    return {
      problems: [
        `${file}: can not be read (${error instanceof Error && 'code' in error ? String(error.code) : 'unknown'}); check the path and its permissions`,
      ],
    };
  }
  return parseOrganisation(file, text);
}

export function parseOrganisation(
  file: string,
  text: string,
): { organisation: Organisation } | { problems: readonly string[] } {
  const schema = OrganisationFile.superRefine((value, context) => {
    for (const [name, cron] of Object.entries(value.reminders)) {
      const issue = (message: string) => context.addIssue({ code: 'custom', path: ['reminders', name], message });
      const guess = nearest(name, REMINDER_NAMES);
      if (!REMINDER_NAMES.includes(name))
        issue(
          `there is no reminder of that name; ${guess === undefined ? `they are ${REMINDER_NAMES.join(', ')}` : `did you mean ${guess}?`}`,
        );
      else if (cron !== false && cron !== 'off' && !isCron(cron))
        issue(`“${cron}” is no cron expression; write "0 9 * * Wed", or off`);
    }
    if (!Array.isArray(value.calendar.holidays) && holidaysOf(value.calendar.holidays).length === 0)
      context.addIssue({
        code: 'custom',
        path: ['calendar', 'holidays'],
        message: `no holidays are known for ${value.calendar.holidays.country}; use a two-letter country code, or list the days`,
      });
  });
  const read = readYaml(file, text, schema);
  if ('problems' in read) return read;
  const { holidays } = read.value.calendar;
  return {
    organisation: { ...read.value, holidayDays: new Set(Array.isArray(holidays) ? holidays : holidaysOf(holidays)) },
  };
}

function isCron(expression: string): boolean {
  try {
    return new Cron(expression, { paused: true }).nextRun(new Date(0)) !== undefined;
  } catch {
    return false;
  }
}

interface HolidayLibrary {
  new (
    country: string,
    state?: string,
    region?: string,
  ): { getHolidays(year: number): { date: string; type: string }[] };
}

/** The public holidays of a country over the years that a process can span. The library is large, and loaded only here. */
function holidaysOf(of: { country: string; state?: string | undefined; region?: string | undefined }): string[] {
  const require = createRequire(import.meta.url);
  const Holidays = require('date-holidays') as HolidayLibrary;
  try {
    const calendar = of.state === undefined ? new Holidays(of.country) : new Holidays(of.country, of.state, of.region);
    const years = Array.from({ length: 30 }, (_, n) => 2020 + n);
    return years.flatMap((year) =>
      (calendar.getHolidays(year) ?? []).filter((day) => day.type === 'public').map((day) => day.date.slice(0, 10)),
    );
  } catch {
    return [];
  }
}
