import { z } from 'zod';

/** Where the question for changes goes on: a JSON text that the shell keeps. */

/** `at`: asked from this moment on. `page`: of those that changed at that very moment. `isFirst`: a new round begins. */
export const Mark = z.object({ at: z.number(), page: z.number().int().min(1), isFirst: z.boolean() });
export type Mark = z.infer<typeof Mark>;

const Place = z.object({
  issues: Mark,
  comments: Mark,
  /** The newest deployment that was seen, those that have not ended, and those to be looked at in this round. */
  deployments: z.object({
    last: z.number().int(),
    open: z.array(z.number().int()),
    due: z.array(z.number().int()),
    isListed: z.boolean(),
  }),
});
export type Place = z.infer<typeof Place>;

export const Cursor = z.object({
  next: z.string(),
  places: z.record(z.string(), Place),
  /** Those that could not be looked at in this round. */
  failed: z.array(z.string()).optional(),
});
export type Cursor = z.infer<typeof Cursor>;

const freshMark = (at: number): Mark => ({ at, page: 1, isFirst: true });

/** `said`: commands and deployments are news from then on, and before that they are history. */
export const freshPlace = (since: number, said: number): Place => ({
  issues: freshMark(since),
  comments: freshMark(said),
  deployments: { last: 0, open: [], due: [], isListed: false },
});

/** Reads a cursor; one that is none begins anew. */
export function readCursor(text: string | undefined): Cursor {
  try {
    return Cursor.parse(JSON.parse(text ?? ''));
  } catch {
    return { next: '', places: {} };
  }
}

export const PAGE = 100;

/** Whatever reaches GitHub's lists a little late is found too. */
export const MARGIN = 60_000;

export const isoOf = (at: number): string => new Date(at).toISOString().replace(/\.\d+Z$/, 'Z');

/** From when on to ask. */
export const sinceOf = (mark: Mark): number =>
  Math.max(0, Math.floor((mark.isFirst ? mark.at - MARGIN : mark.at) / 1000) * 1000);

/**
 * Where to go on after a page of what changed, the oldest first. Not by the number of the page: what changes meanwhile
 * moves to the end, and the rest a place forward.
 */
export function advance(mark: Mark, changed: readonly string[]): { mark: Mark; isFull: boolean } {
  const dates = changed.map((each) => Date.parse(each)).filter((each) => !Number.isNaN(each));
  const isFull = changed.length >= PAGE;
  const since = sinceOf(mark);
  // A row may have no date: then the last one that has counts, and without any the pages do.
  const last = dates.at(-1) ?? 0;
  if (!isFull) return { mark: { at: Math.max(mark.at, last), page: 1, isFirst: true }, isFull };
  const page = last > since ? 1 : mark.page + 1;
  return { mark: { at: Math.max(last, since), page, isFirst: false }, isFull };
}
