import { z } from 'zod';
import type { AdapterLog, Listed, Listing, Performed } from '../../src/forge-ports.ts';
import type { Clients } from './clients.ts';
import { advance, isoOf, Mark, PAGE, sinceOf } from './cursor.ts';
import { performedOf, Trouble } from './failure.ts';
import { newsOf } from './look.ts';
import type { Repositories, Repository } from './repositories.ts';
import { rowsOf, tellOdd } from './rows.ts';
import { FullIssue } from './schema.ts';

/** All open issues, one repository after the other, for an import. */

export interface ListingParts {
  readonly clients: Clients;
  readonly repositories: Repositories;
  readonly log: AdapterLog;
}
type Unasked = Extract<Performed, { readonly is: 'away' | 'later' }>;

const Place = z.object({
  at: z.number().int(),
  mark: Mark,
  pages: z.number().int(),
  /** Those that changed at the very moment of the mark: the next page begins with them again. */
  seen: z.array(z.number().int()),
});
type Place = z.infer<typeof Place>;

const first = (at: number): Place => ({ at, mark: { at: 0, page: 1, isFirst: true }, pages: 0, seen: [] });

/** A cursor that is none begins anew. */
function readPlace(text: string | undefined): Place {
  try {
    return Place.parse(JSON.parse(text ?? ''));
  } catch {
    return first(0);
  }
}

export function createListing({ clients, repositories, log }: ListingParts) {
  return async (cursor: string | undefined): Promise<Listing | Unasked> => {
    const place = readPlace(cursor);
    const { all } = repositories;
    const repository = all[place.at];
    if (repository === undefined)
      return { entries: [], skipped: 0, cursor: JSON.stringify(place), more: false, part: 1 };
    const following = { cursor: JSON.stringify(first(place.at + 1)), more: place.at + 1 < all.length };
    try {
      const page = await ask(clients, log, repository, place);
      const share = page.next === undefined ? 1 : page.share;
      return {
        where: repository.name,
        entries: page.entries,
        skipped: page.skipped,
        ...(page.next === undefined ? following : { cursor: JSON.stringify(page.next), more: true }),
        part: (place.at + share) / all.length,
      };
    } catch (error) {
      if (!(error instanceof Trouble)) throw error;
      const result = performedOf(error, false);
      if (result.is === 'away' || result.is === 'later') return result;
      const trouble = `${repository.name} can not be looked at (${result.why})`;
      return {
        where: repository.name,
        entries: [],
        skipped: 0,
        trouble,
        ...following,
        part: (place.at + 1) / all.length,
      };
    }
  };
}

interface Page {
  readonly entries: readonly Listed[];
  readonly skipped: number;
  readonly next: Place | undefined;
  /** How much of the repository is through, as far as GitHub tells. */
  readonly share: number;
}

/** In the order of their changes: an issue that is closed meanwhile leaves the list, and no other moves into a page before. */
async function ask(clients: Clients, log: AdapterLog, repository: Repository, place: Place): Promise<Page> {
  const { name, owner, repo } = repository;
  const { mark, seen } = place;
  const client = await clients.of(repository);
  const { data: all, headers } = await clients.read(rowsOf(FullIssue), () =>
    client.rest.issues.listForRepo({
      owner, repo,
      state: 'open', sort: 'updated', direction: 'asc', per_page: PAGE, page: mark.page,
      since: isoOf(sinceOf(mark)),
    }),
  ); // biome-ignore format: one question
  const data = all.rows;
  tellOdd(log, `${name} issues`, all);
  const rows = data.filter(({ number }) => !seen.includes(number));
  const issues = rows.filter((issue) => issue.pull_request == null);
  const next = advance(mark, all.changed);
  const moment = isoOf(sinceOf(next.mark));
  const atMoment = data.filter(({ updated_at: at }) => at === moment).map(({ number }) => number);
  const pages = place.pages + 1;
  return {
    entries: issues.map((issue) => ({ of: newsOf(name, issue) })),
    skipped: rows.length - issues.length + all.odd.length,
    next: next.isFull
      ? { ...place, mark: next.mark, pages, seen: next.mark.page > 1 ? [...seen, ...atMoment] : atMoment }
      : undefined,
    share: shareOf(pages, headers.link),
  };
}

/** GitHub names the last page of what was asked; where it does not, it is guessed that half of what is left is through. */
function shareOf(pages: number, link: unknown): number {
  const last = Number(/[?&]page=(\d+)[^>]*>; rel="last"/.exec(String(link ?? ''))?.[1] ?? Number.NaN);
  return Number.isNaN(last) ? 1 - 1 / (pages + 1) : pages / (pages + Math.max(0, last - 1));
}
