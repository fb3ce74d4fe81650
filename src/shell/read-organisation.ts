import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { Cron } from 'croner';
import { nearest } from '../core/nearest.ts';
import { type Mistake, type Organisation, OrganisationFile, organisationMistakes } from '../core/organisation.ts';
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
  const read = readYaml(file, text, OrganisationFile, (raw) => [
    ...organisationMistakes(raw),
    ...reminderMistakes(raw),
    ...holidayMistakes(raw),
  ]);
  if ('problems' in read) return read;
  const { holidays } = read.value.calendar;
  return {
    organisation: { ...read.value, holidayDays: new Set(Array.isArray(holidays) ? holidays : holidaysOf(holidays)) },
  };
}

const fieldOf = (raw: unknown, name: string): unknown =>
  typeof raw === 'object' && raw !== null ? (raw as Readonly<Record<string, unknown>>)[name] : undefined;

function reminderMistakes(raw: unknown): Mistake[] {
  const reminders = fieldOf(raw, 'reminders');
  if (typeof reminders !== 'object' || reminders === null) return [];
  return Object.entries(reminders).flatMap(([name, cron]) => {
    const path = ['reminders', name];
    if (!REMINDER_NAMES.includes(name)) {
      const guess = nearest(name, REMINDER_NAMES);
      return [
        {
          path,
          message: `there is no reminder of that name; ${guess === undefined ? `they are ${REMINDER_NAMES.join(', ')}` : `did you mean ${guess}?`}`,
        },
      ];
    }
    const isFine = typeof cron !== 'string' || cron === 'off' || isCron(cron);
    return isFine ? [] : [{ path, message: `“${cron}” is no cron expression; write "0 9 * * Wed", or off` }];
  });
}

function holidayMistakes(raw: unknown): Mistake[] {
  const holidays = fieldOf(fieldOf(raw, 'calendar'), 'holidays');
  const country = fieldOf(holidays, 'country');
  if (Array.isArray(holidays) || typeof country !== 'string' || holidaysOf({ country }).length > 0) return [];
  return [
    {
      path: ['calendar', 'holidays', 'country'],
      message: `no holidays are known for ${country}; use a two-letter country code, or list the days`,
    },
  ];
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
