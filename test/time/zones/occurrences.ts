import { expect } from 'vitest';
import type { Organisation } from '../../../src/core/organisation.ts';
import { nextReminder } from '../../../src/shell/world.ts';
import { site } from '../site.ts';
import { instantOf, type Span } from './local.ts';
import { SETTINGS, type Setting } from './settings.ts';

/** Digests and the calendar's reminders: one occurrence for each local date, whatever the clocks do that night. */

/** Times of the day at which clocks are changed somewhere, and those of the default table. */
const TIMES = [
  '00:00', '00:15', '00:30', '01:00', '01:30', '01:45', '02:00', '02:15', '02:30', '02:45', '03:00', '03:15',
  '09:00', '16:00', '18:00', '22:30', '23:00', '23:30', '23:45',
] as const; // biome-ignore format: one glance

const WEEKDAYS = ['*', 'Fri,Sat,Sun'] as const;

const known = new Map<string, Organisation>();
function organisationOf(timezone: string, cron: string): Organisation {
  const name = `${timezone} ${cron}`;
  const organisation = known.get(name) ?? site({ timezone, reminders: `{ digest: "${cron}" }` });
  known.set(name, organisation);
  return organisation;
}

/** How many occurrences were compared; each of the settings has a part of the times. */
export function occurrences(span: Span, setting: Setting): number {
  let compared = 0;
  for (const time of TIMES.filter((_time, n) => n % SETTINGS.length === SETTINGS.indexOf(setting)))
    for (const weekdays of WEEKDAYS) {
      const cron = `${Number(time.slice(3))} ${Number(time.slice(0, 2))} * * ${weekdays}`;
      const organisation = organisationOf(span.zone, cron);
      const from = span.ticks[0]?.at ?? 0;
      const until = span.ticks.at(-1)?.at ?? 0;
      const found: number[] = [];
      for (let at = nextReminder(organisation, 'digest', from - 1); at !== undefined && at <= until; ) {
        found.push(at);
        at = nextReminder(organisation, 'digest', at);
      }
      const wanted = [...span.dates.keys()].filter((date) => {
        const weekday = span.dates.get(date)?.[0]?.weekday ?? '';
        return weekdays === '*' || weekdays.split(',').includes(weekday);
      });
      const what = `${span.zone}, ${cron}, around ${new Date(span.change).toISOString()}`;
      expect(
        found.map((at) => new Date(at).toISOString()),
        what,
      ).toHaveLength(wanted.length);
      for (const [n, date] of wanted.entries()) {
        // What is skipped that night comes as it is skipped.
        expect(found[n], what).toBe(instantOf(span, date, time));
      }
      compared += wanted.length;
    }
  return compared;
}
