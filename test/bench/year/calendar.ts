import { DateTime } from 'luxon';
import { HOLIDAYS, TIMEZONE } from './people.ts';
import type { Life, Stage } from './stage.ts';

/** The calendar as the generator knows it: written down a second time, plainly, so that the two can disagree. */
export interface Calendar {
  isFrozen(at: number): boolean;
  declare(from: number, until: number): () => void;
  /** Goes on when releases are open, from the Monday of that week; what is tried before is refused. */
  untilOpen(stage: Stage, week: number, attempt: (by: string) => void): Life;
  /** What becomes of an alert that is raised now, and when OPS has it at the latest. */
  routeOf(at: number, critical: boolean): { readonly held: boolean; readonly by: number };
}

const local = (at: number): DateTime => DateTime.fromMillis(at, { zone: TIMEZONE });
const OPS_DAYS = [7, 1, 2, 3, 4];

export function createCalendar(): Calendar {
  const declared: { from: number; until: number }[] = [];
  const isFrozen = (at: number): boolean =>
    local(at).weekday >= 4 || declared.some(({ from, until }) => from <= at && at < until);
  return {
    isFrozen,
    declare(from, until) {
      const freeze = { from, until };
      declared.push(freeze);
      return () => void declared.splice(declared.indexOf(freeze), 1);
    },
    *untilOpen(stage, week, attempt) {
      for (let from = week; ; from += 1) {
        yield stage.on(from, stage.random.int(3), 9, 17);
        if (!isFrozen(stage.now())) return;
        if (stage.random.chance(0.5)) attempt(stage.random.pick(stage.people.ops));
      }
    },
    routeOf(at, critical) {
      const day = local(at);
      const isOps = OPS_DAYS.includes(day.weekday) && !HOLIDAYS.includes(day.toISODate() ?? '');
      const inHours = day.hour >= 9 && day.hour < 18;
      if ((isOps && inHours) || (critical && (isOps || inHours))) return { held: false, by: at };
      let next = day.startOf('day').set({ hour: 9 });
      while (next.toMillis() <= at || !OPS_DAYS.includes(next.weekday) || HOLIDAYS.includes(next.toISODate() ?? ''))
        next = next.plus({ days: 1 });
      return { held: true, by: next.toMillis() };
    },
  };
}
