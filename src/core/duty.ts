import { dayAt } from './calendar.ts';
import { calendarOf, type World } from './draft.ts';
import { type Duty, dutyOn } from './on-call.ts';
import { isKnown } from './people.ts';

/** The duty of a date, with swaps, of the people who are still here. */
export const dutyOf = (world: World, date: string): Duty =>
  dutyOn(world.organisation, calendarOf(world)?.swaps ?? {}, date, (person) => isKnown(world, person));

/** The duty of today. */
export const dutyNow = (world: World): Duty => dutyOf(world, dayAt(world.organisation, world.now).date);
