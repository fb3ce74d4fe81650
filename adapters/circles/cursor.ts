import { z } from 'zod';

/** Where asking for changes goes on: a round over all circles, in each over its feeds, in each over its pages. */

/**
 * Stories and issues that were changed; tasks, for a story follows them without being changed itself; stories that were
 * finished, for one that is dragged into another column isn't changed either; and a look at all of them in turn, for one
 * that is dragged back leaves no trace at all.
 */
const FEEDS = ['stories', 'issues', 'tasks', 'finished', 'all'] as const;

const Round = z.object({
  /** The circles that are still to be asked, the first of them now. */
  circles: z.array(z.string()),
  feed: z.enum(FEEDS),
  /** When this circle's part began, by the server's clock. */
  began: z.number().optional(),
  /** The feed goes on from this moment, and from this page on. */
  from: z.number().optional(),
  page: z.number().int().min(1),
  /** How many pages of all stories were looked at. */
  looked: z.number().int(),
});
export type Round = z.infer<typeof Round>;

const Cursor = z.object({
  v: z.literal(1),
  /** Everything up to this moment is told, by circle. */
  told: z.record(z.string(), z.number()),
  /** The page of the turn over all stories that comes next, by circle. */
  turn: z.record(z.string(), z.number().int().min(1)),
  round: Round.optional(),
});
export type Cursor = z.infer<typeof Cursor>;

/** What can not be read begins anew. */
export function readCursor(text: string | undefined): Cursor {
  try {
    const read = Cursor.safeParse(JSON.parse(text ?? ''));
    if (read.success) return read.data;
  } catch {}
  return { v: 1, told: {}, turn: {} };
}

/** A round looks at so many pages of all stories of a circle; what is more has its turn in the next. */
const PAGES_A_ROUND = 10;
/** A change is dated before it can be read: whoever asks in between would never hear of it. */
const OVERLAP = 60_000;

export const firstRound = (circles: readonly string[]): Round => ({
  circles: [...circles],
  feed: 'stories',
  page: 1,
  looked: 0,
});

export interface Ahead {
  readonly from?: number | undefined;
  readonly page: number;
}

/** The cursor without a round is one whose round is over. */
export function advance(cursor: Cursor, round: Round, next: Ahead | undefined, date: number): Cursor {
  const slug = round.circles[0] ?? '';
  const began = round.began ?? date;
  const base = { v: cursor.v, told: cursor.told };
  if (round.feed !== 'all') {
    const { from: _, ...same } = round;
    if (next !== undefined) return { ...base, turn: cursor.turn, round: { ...same, began, ...next } };
    const feed = FEEDS[FEEDS.indexOf(round.feed) + 1] ?? 'all';
    const page = feed === 'all' ? (cursor.turn[slug] ?? 1) : 1;
    return { ...base, turn: cursor.turn, round: { ...same, began, feed, page } };
  }
  const looked = round.looked + 1;
  const turn = { ...cursor.turn, [slug]: next?.page ?? 1 };
  if (next !== undefined && looked < PAGES_A_ROUND)
    return { ...base, turn, round: { ...round, began, page: next.page, looked } };
  return leave({ ...base, turn, told: { ...cursor.told, [slug]: began - OVERLAP } }, round);
}

/** To the next circle, whatever was still to be asked in this one. */
export function leave(cursor: Cursor, round: Round): Cursor {
  const { round: _, ...rest } = cursor;
  return round.circles.length <= 1 ? rest : { ...rest, round: firstRound(round.circles.slice(1)) };
}
