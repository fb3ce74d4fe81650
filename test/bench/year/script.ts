import { DateTime } from 'luxon';
import { createCalendar } from './calendar.ts';
import { type Agenda, hold, plan, propose } from './calls.ts';
import { alarm, announce, ask, confirm, holidays, incident, lend } from './office.ts';
import { createPeople, type People, TIMEZONE } from './people.ts';
import { createRandom } from './random.ts';
import { createStage, type Item, type Life, type Line, ok, type Stage } from './stage.ts';

export interface Script {
  readonly people: People;
  readonly items: readonly Item[];
  readonly lines: readonly Line[];
  readonly weeks: number;
  readonly calls: number;
}

/** Proposals end two weeks before the year does, so that everything comes to its end. */
const WEEKS = 52;
const TAIL = 3;
const QUESTIONS_A_WEEK = 40;

export interface Size {
  readonly items: number;
  readonly people: number;
  readonly seed: number;
}

export function writeYear(size: Size): Script {
  const random = createRandom(size.seed);
  const people = createPeople(size.people);
  const stage = createStage(random, people, WEEKS);
  const calendar = createCalendar();
  const agenda: Agenda = { items: [], late: undefined, rank: 0 };
  const day = (date: string) => DateTime.fromISO(date, { zone: TIMEZONE }).toMillis();
  const calls = WEEKS - TAIL;
  for (let week = 0; week < WEEKS; week += 1) {
    const share =
      week < calls ? Math.floor(((week + 1) * size.items) / calls) - Math.floor((week * size.items) / calls) : 0;
    for (let n = 0; n < share; n += 1) stage.start(stage.on(week, 1 + random.int(4), 9, 17), propose(stage, agenda));
    if (week > 0 && week <= calls) stage.start(stage.on(week, 0, 14, 14.1), hold(stage, calendar, agenda, week));
    for (let n = 0; n < QUESTIONS_A_WEEK && week > 0; n += 1)
      stage.start(stage.on(week, random.int(7), 8, 20), ask(stage));
    for (let n = 0; n < 2; n += 1) stage.start(stage.on(week, random.int(7), 0, 24), alarm(stage, calendar));
    if (week < calls) stage.start(stage.on(week, 4, 10, 12), plan(stage));
    if (week % 2 === 0) stage.start(stage.on(week, 2, 10, 12), announce(stage));
    if (week % 4 === 1) stage.start(stage.on(week, 2, 10, 12), lend(stage));
    if (week % 4 === 3) stage.start(stage.on(week, 5, 12, 13), restart(stage));
    if (week % 9 === 4) stage.start(stage.on(week, 0, 10, 11), incident(stage, calendar));
    stage.start(stage.on(week, 3, 16.05, 16.1), confirm(stage, week));
  }
  stage.start(stage.on(6, 2, 12, 13), holidays(stage, calendar, day('2026-12-24'), day('2027-01-04')));
  stage.start(stage.on(WEEKS, 0, 9, 10), takeStock(stage));
  stage.run();
  return { people, items: stage.items, lines: stage.lines, weeks: WEEKS, calls };
}

// biome-ignore lint/correctness/useYield: it happens at one instant
function* restart(stage: Stage): Life {
  stage.put({ restart: true }, '(restart)', ok('restarted'));
}

/** At the end every item must stand where the generator has it. */
// biome-ignore lint/correctness/useYield: it happens at one instant
function* takeStock(stage: Stage): Life {
  for (const { key, kind, state } of stage.items) stage.put({ dump: key }, '(dump)', { item: { key, kind, state } });
}
