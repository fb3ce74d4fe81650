/** Local time worked out a second way, for the properties: offsets asked of Intl, everything else by counting. */

const MINUTE = 60_000;
const QUARTER = 15 * MINUTE;
const DAY = 24 * 60 * MINUTE;

export const ZONES = [
  'Europe/Brussels', 'America/New_York', 'Asia/Kolkata', 'Pacific/Auckland', 'Africa/Cairo', 'Australia/Lord_Howe',
  'America/Havana', 'Asia/Beirut', 'America/Santiago', 'Atlantic/Azores', 'Pacific/Chatham', 'UTC',
] as const; // biome-ignore format: one glance

const offsets = new Map<string, number>();
const formats = new Map<string, Intl.DateTimeFormat>();

/** What the wall clock shows, as if it were UTC. Clocks are changed at whole quarters of an hour everywhere. */
export function wall(zone: string, at: number): number {
  const quarter = Math.floor(at / QUARTER) * QUARTER;
  const name = `${zone} ${quarter}`;
  let offset = offsets.get(name);
  if (offset === undefined) {
    offset = offsetAt(zone, quarter);
    offsets.set(name, offset);
  }
  return at + offset;
}

function offsetAt(zone: string, at: number): number {
  let format = formats.get(zone);
  if (format === undefined) {
    const parts = { year: 'numeric', month: 'numeric', day: 'numeric', hour: 'numeric', minute: 'numeric' } as const;
    format = new Intl.DateTimeFormat('en-US', { timeZone: zone, hourCycle: 'h23', ...parts });
    formats.set(zone, format);
  }
  const found = new Map(format.formatToParts(at).map(({ type, value }) => [type, Number(value)]));
  const part = (type: Intl.DateTimeFormatPartTypes) => found.get(type) ?? 0;
  return Date.UTC(part('year'), part('month') - 1, part('day'), part('hour'), part('minute')) - at;
}

export const dateOf = (zone: string, at: number): string => new Date(wall(zone, at)).toISOString().slice(0, 10);
export const minuteOfDay = (zone: string, at: number): number => Math.floor((wall(zone, at) % DAY) / MINUTE);
const NAMES = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'] as const;
export const weekdayOf = (zone: string, at: number) => NAMES[new Date(wall(zone, at)).getUTCDay()] ?? 'Sun';
/** The minute of the week, from Monday 00:00 on. */
export const minuteOfWeek = (zone: string, at: number): number =>
  ((new Date(wall(zone, at)).getUTCDay() + 6) % 7) * 1440 + minuteOfDay(zone, at);

/** The first instant of a local date: a quarter of an hour at most is looked at twice. */
export function startOf(zone: string, date: string): number {
  for (let at = Date.parse(`${date}T00:00Z`) - 20 * 60 * MINUTE; ; at += QUARTER)
    if (dateOf(zone, at) >= date) return at;
}

/** The instants at which a zone changes its clock, 2024 to 2030; a zone that never does has its New Years. */
export function changesOf(zone: string): readonly number[] {
  const found: number[] = [];
  for (let at = Date.UTC(2024, 0, 1); at < Date.UTC(2031, 0, 1); at += DAY)
    if (wall(zone, at) - at !== wall(zone, at + DAY) - at - DAY) {
      let quarter = at;
      while (wall(zone, quarter) - quarter === wall(zone, at) - at) quarter += QUARTER;
      found.push(quarter);
    }
  return found.length > 0 ? found : [2024, 2025, 2026, 2027, 2028, 2029, 2030].map((year) => Date.UTC(year, 0, 1));
}
