import { dayAt } from './calendar.ts';
import { calendarOf, type World } from './draft.ts';
import { type Duty, dutyOn } from './on-call.ts';
import { hasRole } from './people.ts';

/** The duty of a date, with swaps, of those who are of OPS now: nobody else can acknowledge a page (R7). */
export const dutyOf = (world: World, date: string): Duty =>
  dutyOn(world.organisation, calendarOf(world)?.swaps ?? {}, date, (person) => hasRole(world, person, 'ops'));

/** The duty of today. */
export const dutyNow = (world: World): Duty => dutyOf(world, dayAt(world.organisation, world.now).date);
