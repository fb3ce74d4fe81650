import { DateTime } from 'luxon';
import { dayAt, isIn } from './calendar.ts';
import type { Organisation } from './organisation.ts';

/** Who is on call (R7). The rotation is in the organisation's file; duties that were swapped stand by their day. */

export interface Swap {
  readonly from: string;
  readonly to: string;
}

export interface Duty {
  readonly first: string | undefined;
  readonly second: string | undefined;
}

/** The duty of one day (a date such as 2026-11-27). Before the rotation starts it counts backwards. */
export function dutyOn(
  organisation: Organisation,
  swaps: Readonly<Record<string, Swap>>,
  date: string,
  isKnown: (person: string) => boolean,
): Duty {
  const rotation = organisation.on_call;
  const people = rotation?.people.filter(isKnown) ?? [];
  const swap = swaps[date];
  if (swap !== undefined && isKnown(swap.to))
    return { first: swap.to, second: isKnown(swap.from) ? swap.from : undefined };
  if (rotation === undefined || people.length === 0) return { first: undefined, second: undefined };
  const days = DateTime.fromISO(date, { zone: 'utc' }).diff(
    DateTime.fromISO(rotation.starts, { zone: 'utc' }),
    'days',
  ).days;
  const turn = Math.floor(days / (rotation.rotates === 'weekly' ? 7 : 1));
  const at = ((turn % people.length) + people.length) % people.length;
  return { first: people[at], second: people.length > 1 ? people[(at + 1) % people.length] : undefined };
}

export type Watch = 'ops-hours' | 'ops-night' | 'on-call-hours' | 'nobody';

/** Who watches at this instant: OPS in its hours, the week's person in the nights of OPS's days, the person on call, nobody. */
export function watchAt(organisation: Organisation, at: number): Watch {
  const day = dayAt(organisation, at);
  if (isIn(day.ops, at)) return 'ops-hours';
  if (isIn(day.onCall, at)) return 'on-call-hours';
  return day.ops !== undefined && organisation.calendar.critical_nights ? 'ops-night' : 'nobody';
}
