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

/**
 * The duty of one day (a date such as 2026-11-27). Before the rotation starts it counts backwards. Whoever can not serve
 * is passed over for the next, and the turns of the others stay as they are.
 */
export function dutyOn(
  organisation: Organisation,
  swaps: Readonly<Record<string, Swap>>,
  date: string,
  serves: (person: string) => boolean,
): Duty {
  const swap = swaps[date];
  const swapped = swap === undefined ? [] : [swap.to, swap.from];
  const [first, second] = new Set([...swapped, ...turnsOf(organisation, date)].filter(serves));
  return { first, second };
}

/** The rotation as it stands on a day, whose turn it is first. */
function turnsOf({ on_call: rotation }: Organisation, date: string): readonly string[] {
  if (rotation === undefined || rotation.people.length === 0) return [];
  const { people, starts, rotates } = rotation;
  const days = DateTime.fromISO(date, { zone: 'utc' }).diff(DateTime.fromISO(starts, { zone: 'utc' }), 'days').days;
  const turn = Math.floor(days / (rotates === 'weekly' ? 7 : 1));
  const at = ((turn % people.length) + people.length) % people.length;
  return [...people.slice(at), ...people.slice(0, at)];
}

interface Arranged {
  readonly offers: readonly (Swap & { readonly date: string })[];
  readonly swaps: Readonly<Record<string, Swap>>;
  readonly tests: Readonly<
    Record<string, { readonly at: number; readonly confirmed: boolean; readonly refused?: true }>
  >;
}

/** What was arranged, without somebody who left: a day that they gave away stays with whoever took it. */
export function dutiesWithout(person: string, { offers, swaps, tests }: Arranged): Arranged {
  const kept = Object.entries(swaps).filter(([, { to }]) => to !== person);
  return {
    offers: offers.filter(({ from, to }) => from !== person && to !== person),
    swaps: Object.fromEntries(kept.map(([date, { from, to }]) => [date, { from: from === person ? to : from, to }])),
    tests: Object.fromEntries(Object.entries(tests).filter(([id]) => id !== person)),
  };
}

export type Watch = 'ops-hours' | 'ops-night' | 'on-call-hours' | 'nobody';

/** Who watches at this instant: OPS in its hours, the week's person in the nights of OPS's days, the person on call, nobody. */
export function watchAt(organisation: Organisation, at: number): Watch {
  const day = dayAt(organisation, at);
  if (isIn(day.ops, at)) return 'ops-hours';
  if (isIn(day.onCall, at)) return 'on-call-hours';
  return day.ops !== undefined && organisation.calendar.critical_nights ? 'ops-night' : 'nobody';
}
