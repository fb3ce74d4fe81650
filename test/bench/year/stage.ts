import { DateTime } from 'luxon';
import { FIRST_DAY, type People, TIMEZONE } from './people.ts';
import type { Random } from './random.ts';

/** The script of the year as it is written: lines in order of time, each with the answer that must come. */

export interface Expected {
  readonly ok?: boolean;
  readonly code?: string;
  readonly rule?: string;
  readonly needs?: readonly string[];
  readonly key?: string;
  readonly completed?: true;
  /** Of a dump. */
  readonly item?: Readonly<Record<string, unknown>>;
}
export interface Line {
  readonly json: string;
  /** The command that it says, for the table of times. */
  readonly command: string;
  readonly expected: Expected;
}

export interface Item {
  readonly key: string;
  readonly kind: Kind;
  readonly proposer: string;
  state: 'proposed' | 'active' | 'completed' | 'rejected' | 'dropped';
  owner: string;
  team: readonly string[];
  stated: boolean;
  /** Not developed in its own week: it stands in the way of the next call (R11). */
  late: boolean;
}
export const KINDS = ['product', 'service', 'web', 'project'] as const;
type Kind = (typeof KINDS)[number];

/** Something that goes on over time: it says its lines, and yields the instant at which it goes on. */
export type Life = Generator<number, void, undefined>;

export interface Stage {
  readonly random: Random;
  readonly people: People;
  readonly items: Item[];
  readonly lines: Line[];
  readonly weeks: number;
  now(): number;
  /** An instant in a week (0 is the first), on a day (0 is Monday), between two hours; never before now. */
  on(week: number, day: number, from: number, until: number): number;
  say(as: string, words: string, expected: Expected, place?: string): void;
  press(as: string, command: string, item: Item, expected: Expected, args?: string): void;
  put(line: object, command: string, expected: Expected): void;
  start(at: number, life: Life): void;
  /** The next number of a series. */
  count(series: string): number;
  run(): void;
}

export const ok = (code: string, key?: string): Expected => ({ ok: true, code, ...(key === undefined ? {} : { key }) });
export const no = (code: string, more: Omit<Expected, 'ok' | 'code'> = {}): Expected => ({ ok: false, code, ...more });
export const refused = (rule: string): Expected => no('refused', { rule });
export const needs = (...names: string[]): Expected => no('refused', { needs: names });

const first = DateTime.fromISO(FIRST_DAY, { zone: TIMEZONE });

export function createStage(random: Random, people: People, weeks: number): Stage {
  const lines: Line[] = [];
  const counters = new Map<string, number>();
  const waiting = createQueue();
  let now = first.toMillis();
  let shown = -1;

  function put(line: object, command: string, expected: Expected): void {
    if (shown !== now) {
      shown = now;
      const at = DateTime.fromMillis(now, { zone: TIMEZONE }).toISO({ suppressMilliseconds: true });
      lines.push({ json: JSON.stringify({ at }), command: '(clock)', expected: ok('moved') });
    }
    lines.push({ json: JSON.stringify(line), command, expected });
  }

  return {
    random,
    people,
    items: [],
    lines,
    weeks,
    now: () => now,
    on: (week, day, from, until) => {
      const seconds = Math.floor((from + random.next() * (until - from)) * 3_600);
      const base = first.plus({ days: week * 7 + day });
      return Math.max(now + 1_000, base.set({ hour: 0 }).plus({ seconds }).toMillis());
    },
    say: (as, words, expected, place) =>
      put(
        { as, say: words, ...(place === undefined ? {} : { via: 'slack', in: place }) },
        words.startsWith('/') ? (words.split(' ')[0] ?? '') : '(chatter)',
        expected,
      ),
    press: (as, command, item, expected, args = '') =>
      put({ press: command, as, on: item.key, ...(args === '' ? {} : { args }) }, `/${command}`, expected),
    put,
    start: (at, life) => waiting.push({ at, life }),
    count: (series) => {
      counters.set(series, (counters.get(series) ?? 0) + 1);
      return counters.get(series) ?? 0;
    },
    run: () => {
      for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
        now = Math.max(now, next.at);
        const { value, done } = next.life.next();
        if (done !== true) waiting.push({ at: value ?? now, life: next.life });
      }
    },
  };
}

interface Waiting {
  readonly at: number;
  readonly life: Life;
}

/** A heap by instant and, at the same instant, by the order in which they came. */
function createQueue(): { push(waiting: Waiting): void; pop(): Waiting | undefined } {
  const heap: (Waiting & { readonly n: number })[] = [];
  let count = 0;
  const isBefore = (a: number, b: number): boolean => {
    const [left, right] = [heap[a], heap[b]];
    if (left === undefined || right === undefined) return left !== undefined;
    return left.at < right.at || (left.at === right.at && left.n < right.n);
  };
  const swap = (a: number, b: number): void => {
    const [left, right] = [heap[a], heap[b]];
    if (left === undefined || right === undefined) return;
    heap[a] = right;
    heap[b] = left;
  };
  return {
    push(waiting) {
      count += 1;
      heap.push({ ...waiting, n: count });
      for (let at = heap.length - 1; at > 0 && isBefore(at, (at - 1) >> 1); at = (at - 1) >> 1) swap(at, (at - 1) >> 1);
    },
    pop() {
      swap(0, heap.length - 1);
      const top = heap.pop();
      for (let at = 0; ; ) {
        const child = isBefore(2 * at + 2, 2 * at + 1) ? 2 * at + 2 : 2 * at + 1;
        if (child >= heap.length || !isBefore(child, at)) return top;
        swap(at, child);
        at = child;
      }
    },
  };
}
