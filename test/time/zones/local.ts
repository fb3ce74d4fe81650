import { changesOf, dateOf, startOf, wall, weekdayOf } from '../wall.ts';

/**
 * The days around one change of a zone's clock, as somebody would read them off a clock on the wall: every quarter of an
 * hour, or every minute, with what the clock shows. Nothing here knows how the bot works a time out.
 */

export const ZONES = [
  'Europe/Brussels', 'Europe/London', 'Europe/Dublin', 'America/New_York', 'America/Sao_Paulo', 'America/St_Johns',
  'America/Santiago', 'America/Havana', 'America/Nuuk', 'Africa/Cairo', 'Africa/Casablanca', 'Asia/Beirut',
  'Asia/Tehran', 'Asia/Kolkata', 'Asia/Kathmandu', 'Asia/Almaty', 'Australia/Lord_Howe', 'Pacific/Auckland',
  'Pacific/Apia', 'Pacific/Chatham', 'Atlantic/Azores', 'Antarctica/Troll',
] as const; // biome-ignore format: one glance

export const YEARS = [2024, 2025, 2026, 2027, 2028, 2029, 2030] as const;

const DAY = 86_400_000;
const QUARTER = 900_000;
/** A week, and as much again that a freeze of either side is whole. */
const AROUND = 12 * DAY;

/** What the clock on the wall shows at one instant. */
export interface Tick {
  readonly at: number;
  readonly date: string;
  readonly weekday: string;
  readonly minute: number;
}

export interface Span {
  readonly zone: string;
  readonly step: number;
  readonly change: number;
  readonly ticks: readonly Tick[];
  /** The ticks of each whole date, in order. */
  readonly dates: ReadonlyMap<string, readonly Tick[]>;
}

const known = new Map<string, readonly number[]>();

/** The changes of a zone in a year; where there is none, the day on which New York or London changes its own. */
export function edgesOf(zone: string, year: number): readonly number[] {
  const changes = (of: string): readonly number[] => {
    const found = known.get(of) ?? changesOf(of);
    known.set(of, found);
    return found;
  };
  const inYear = (at: number): boolean => new Date(at).getUTCFullYear() === year;
  const own = changes(zone).filter(inYear);
  const isReal = own.some((at) => at !== Date.UTC(year, 0, 1));
  return isReal ? own : [...changes('America/New_York').filter(inYear), ...changes('Europe/London').filter(inYear)];
}

export const addDays = (date: string, days: number): string =>
  new Date(Date.parse(date) + days * DAY).toISOString().slice(0, 10);

export const daysBetween = (from: string, to: string): number => Math.round((Date.parse(to) - Date.parse(from)) / DAY);

export function spanAround(zone: string, change: number, step: number = QUARTER): Span {
  const from = startOf(zone, dateOf(zone, change - AROUND));
  const until = startOf(zone, dateOf(zone, change + AROUND));
  const ticks: Tick[] = [];
  let today = { number: 0, date: '', weekday: '' };
  const dates = new Map<string, Tick[]>();
  for (let at = from; at < until; at += step) {
    const local = wall(zone, at);
    const shownDay = Math.floor(local / DAY);
    if (shownDay !== today.number) today = { number: shownDay, date: dateOf(zone, at), weekday: weekdayOf(zone, at) };
    const { date, weekday } = today;
    const tick = { at, date, weekday, minute: Math.floor((local - shownDay * DAY) / 60_000) };
    ticks.push(tick);
    const day = dates.get(tick.date);
    if (day === undefined) dates.set(tick.date, [tick]);
    else day.push(tick);
  }
  return { zone, step, change, ticks, dates };
}

const minutesOf = (time: string): number => Number(time.slice(0, 2)) * 60 + Number(time.slice(3, 5));

/** When the clock first shows this time on that date, or has skipped it; undefined outside the span. */
export function instantOf(span: Span, date: string, time: string): number | undefined {
  const day = span.dates.get(date);
  const shown = day?.find(({ minute }) => minute >= minutesOf(time));
  return day === undefined ? undefined : (shown?.at ?? endOf(span, date));
}

/** The instant at which the next date begins. */
export const endOf = (span: Span, date: string): number => (span.dates.get(date)?.at(-1)?.at ?? 0) + span.step;
