import { addHours, daysBefore, HOUR, sprintEnd, workingHoursOf } from './calendar.ts';
import type { Organisation, Severity } from './organisation.ts';

/** The clocks of the rules: after how long something is said again, and after how long it climbs. */

/** Working hours of the receiving team (R6). */
const REMIND_AFTER_HOURS = 4;
export const ESCALATE_AFTER_HOURS = 8;
/** From an alert's first delivery (R14). */
export const ACKNOWLEDGE_WITHIN_MINUTES = 15;
export const PAGE_EVERY_MINUTES = 10;
/** From the moment the label was set (R15). */
export const RESOLVE_WITHIN_HOURS = 48;
/** Before the end of the sprint in which the label was set (R16). */
const REMIND_DAYS_BEFORE = 2;
/** A vote's own clocks; `agree` votes have none. */
export const REMIND_VOTERS_AFTER_HOURS = 24;
export const ESCALATE_VOTE_AFTER_HOURS = 72;
export const CALL_LASTS_HOURS = 4;
export const AGENDA_BEFORE_HOURS = 1;
/** Working days without a touch after which a thing is in its holder's digest (R5). */
export const STALE_AFTER_DAYS = 5;
/** A reminder this late is still sent, marked late; an older one is dropped and logged. */
export const REMINDER_USE_BY_HOURS = 6;
export const EMERGENCY_SIGNATURES = 2;

export interface Clock {
  readonly remind: number;
  readonly due: number;
}

/** Reminded at half time, breached after 48 hours. */
export const majorClock = (since: number): Clock => ({
  remind: since + (RESOLVE_WITHIN_HOURS / 2) * HOUR,
  due: since + RESOLVE_WITHIN_HOURS * HOUR,
});

/** The end of the sprint in which the label was set, and two days before it. */
export function minorClock(organisation: Organisation, since: number): Clock {
  const due = sprintEnd(organisation, since);
  return { remind: daysBefore(organisation, due, REMIND_DAYS_BEFORE), due };
}

/** The clock of a severity; a critical issue has none of this sort, it is asked for every hour. */
export function clockOf(organisation: Organisation, severity: Severity, since: number): Clock | undefined {
  if (severity === 'critical') return undefined;
  return severity === 'major' ? majorClock(since) : minorClock(organisation, since);
}

/** When an offer that nobody takes is said again, and when it climbs; undefined where the team has no hours at all. */
export function offerClock(organisation: Organisation, role: string, since: number): Clock | undefined {
  const remind = addHours(organisation, since, REMIND_AFTER_HOURS * HOUR, workingHoursOf(role));
  const due = addHours(organisation, since, ESCALATE_AFTER_HOURS * HOUR, workingHoursOf(role));
  return remind === undefined || due === undefined ? undefined : { remind, due };
}
