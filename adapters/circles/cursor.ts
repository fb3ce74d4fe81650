import { z } from 'zod';

/** Where asking for changes goes on: a round over all circles, in each over its feeds, in each over its pages. */

/**
 * Stories and issues that were changed; tasks, for a story follows them without being changed itself; stories that were
 * finished, for one that is dragged into another column isn't changed either; and a look at all of them in turn, stories
 * and issues, for one that is dragged back or taken away leaves no trace at all.
 */
const FEEDS = ['stories', 'issues', 'tasks', 'finished', 'all', 'all-issues'] as const;
type Feed = (typeof FEEDS)[number];
/** Those that are looked at in turn have their own name in the cursor. */
const turnOf = (slug: string, feed: Feed): string | undefined =>
  feed === 'all' ? slug : feed === 'all-issues' ? `${slug} issues` : undefined;

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
  /** The highest number on the page before that one. */
  after: z.record(z.string(), z.number().int()).optional(),
  round: Round.optional(),
  /** The circles that could not be asked in this round. */
  failed: z.array(z.string()).optional(),
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

/** The highest number on the page before the present one of those that are looked at in turn. */
export const afterOf = ({ after }: Cursor, { circles: [slug = ''], feed, page }: Round): number =>
  page === 1 ? 0 : (after?.[turnOf(slug, feed) ?? ''] ?? 0);

/** The cursor without a round is one whose round is over. `last`: the highest number on the page. */
export function advance(cursor: Cursor, round: Round, next: Ahead | undefined, date: number, last = 0): Cursor {
  const slug = round.circles[0] ?? '';
  const began = round.began ?? date;
  const name = turnOf(slug, round.feed);
  if (name === undefined) {
    const { from: _, ...same } = round;
    if (next !== undefined) return { ...cursor, round: { ...same, began, ...next } };
    return nextFeed(cursor, { ...same, began });
  }
  const looked = round.looked + 1;
  const after = { ...cursor.after, [name]: next === undefined ? 0 : Math.max(last, afterOf(cursor, round)) };
  const turned = { ...cursor, turn: { ...cursor.turn, [name]: next?.page ?? 1 }, after };
  if (next !== undefined && looked < PAGES_A_ROUND)
    return { ...turned, round: { ...round, began, page: next.page, looked } };
  if (round.feed !== FEEDS.at(-1)) return nextFeed(turned, { ...round, began });
  return leave({ ...turned, told: { ...cursor.told, [slug]: began - OVERLAP } }, round);
}

function nextFeed(cursor: Cursor, round: Round): Cursor {
  const feed = FEEDS[FEEDS.indexOf(round.feed) + 1] ?? round.feed;
  const page = cursor.turn[turnOf(round.circles[0] ?? '', feed) ?? ''] ?? 1;
  return { ...cursor, round: { ...round, feed, page, looked: 0 } };
}

/** To the next circle, whatever was still to be asked in this one. */
export function leave(cursor: Cursor, round: Round): Cursor {
  const { round: _, ...rest } = cursor;
  return round.circles.length <= 1 ? rest : { ...rest, round: firstRound(round.circles.slice(1)) };
}
