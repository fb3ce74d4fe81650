import { z } from 'zod';
import type { AdapterLog, Listed, Listing, Performed } from '../../src/forge-ports.ts';
import { Entries, type Entry, type Project } from './api-schema.ts';
import { type Client, type Kind, PLURAL } from './client.ts';
import { projectOf } from './edit.ts';
import { type Answer, type Failure, isAnswered, performedOf } from './failure.ts';
import { nameOfStatus, newsOfEntry } from './inbound.ts';
import { tellOdd } from './odd.ts';

/** All open stories and issues, one circle after the other, for an import. */

export interface ListingParts {
  readonly client: Client;
  readonly log: AdapterLog;
  readonly closed: readonly string[];
  circles(): readonly string[];
}
type Unasked = Extract<Performed, { readonly is: 'away' | 'later' }>;

const PAGE = 100;
const KINDS = ['us', 'issue'] as const satisfies readonly Kind[];

/** By the slug: another start may know more circles. */
const Place = z.object({
  done: z.array(z.string()),
  kind: z.enum(KINDS),
  from: z.number().optional(),
  page: z.number().int().min(1),
  pages: z.number().int(),
  /** Those that changed at the very moment from which the next page is asked. */
  seen: z.array(z.number().int()),
});
type Place = z.infer<typeof Place>;

const BEGIN: Place = { done: [], kind: 'us', page: 1, pages: 0, seen: [] };

/** A cursor that is none begins anew. */
function readPlace(text: string | undefined): Place {
  try {
    return Place.parse(JSON.parse(text ?? ''));
  } catch {
    return BEGIN;
  }
}

export function createListing(parts: ListingParts) {
  return async (cursor: string | undefined): Promise<Listing | Unasked> => {
    const place = readPlace(cursor);
    const all = [...new Set(parts.circles())];
    const slug = all.find((each) => !place.done.includes(each));
    if (slug === undefined) return { entries: [], skipped: 0, cursor: JSON.stringify(place), more: false, part: 1 };
    const answer = await ask(parts, slug, place);
    const isOver = !answer.ok || answer.body.next === undefined;
    const next: Place = isOver ? { ...BEGIN, done: [...place.done, slug] } : (answer.body.next ?? place);
    const through = all.filter((each) => next.done.includes(each)).length;
    const share = isOver ? 0 : (KINDS.indexOf(next.kind) + 1 - 1 / (next.pages + 1)) / KINDS.length;
    const ahead = {
      where: slug,
      cursor: JSON.stringify(next),
      more: through < all.length,
      part: (through + share) / all.length,
    };
    if (answer.ok) return { entries: answer.body.entries, skipped: 0, ...ahead };
    const trouble = troubleOf(slug, answer.failure);
    return typeof trouble === 'string' ? { entries: [], skipped: 0, trouble, ...ahead } : trouble;
  };
}

/** A circle that is gone, or hidden from us, holds up no other. */
function troubleOf(slug: string, failure: Failure): string | Unasked {
  if (failure.is === 'answered' && [403, 404, 451].includes(failure.status))
    return `the circle ${slug} can not be looked at (${failure.why})`;
  const became = performedOf(failure, false, false);
  return became.is === 'later' ? became : { is: 'away', why: became.why };
}

async function ask(
  { client, closed, log }: ListingParts,
  slug: string,
  place: Place,
): Promise<Answer<{ readonly entries: readonly Listed[]; readonly next: Place | undefined }>> {
  const { kind, from, page, seen, pages } = place;
  const found = await client.project(slug);
  if (!found.ok) return found;
  const query = new URLSearchParams({
    project: String(found.body.id),
    order_by: 'modified_date',
    page: String(page),
    page_size: String(PAGE),
    ...(from === undefined ? {} : { modified_date__gte: new Date(from).toISOString() }),
  });
  const answer = await client.call({ method: 'GET', path: `/${PLURAL[kind]}?${query}` }, Entries);
  // The list got shorter since the page before.
  const isPastEnd = !answer.ok && page > 1 && isAnswered(answer.failure, 404);
  if (!answer.ok && !isPastEnd) return answer;
  const rows = answer.ok ? answer.body.rows : [];
  if (answer.ok) tellOdd(log, `${slug} ${PLURAL[kind]}`, answer.body.odd);
  const project = await projectFor(client, found.body, kind, rows);
  if (!project.ok) return project;
  const last = answer.ok && !answer.body.isEmpty ? (answer.body.last ?? '') : undefined;
  const next =
    answer.ok && answer.hasNext && last !== undefined
      ? { ...place, pages: pages + 1, ...onwards(place, rows, Date.parse(last)) }
      : kind === 'us'
        ? { ...BEGIN, done: place.done, kind: 'issue' as const }
        : undefined;
  const entries = rows
    .filter(({ id }) => !seen.includes(id))
    .map((entry) => toListed(entry, kind, project.body, closed))
    .filter(({ of }) => of.open !== false);
  return { ok: true, body: { entries, next }, hasNext: false, date: undefined };
}

/** On from the last one's moment: what changes meanwhile goes to the end, and nothing moves into a page before. */
function onwards({ from, page, seen }: Place, rows: readonly Entry[], moment: number): Partial<Place> {
  const atMoment = rows.filter((each) => Date.parse(each.modified_date) === moment).map(({ id }) => id);
  return !Number.isNaN(moment) && (from === undefined || moment > from)
    ? { from: moment, page: 1, seen: atMoment }
    : { ...(from === undefined ? {} : { from }), page: page + 1, seen: [...seen, ...atMoment] };
}

async function projectFor(client: Client, project: Project, kind: Kind, rows: readonly Entry[]) {
  const strange = kind === 'us' ? rows.find((each) => nameOfStatus(each, project) === undefined) : undefined;
  return strange === undefined ? ({ ok: true, body: project } as const) : projectOf(client, project.slug, strange);
}

function toListed(entry: Entry, kind: Kind, project: Project, closed: readonly string[]): Listed {
  const [platform, url = ''] = entry.external_reference ?? [];
  const [, repository, number] = /\/([\w.-]+\/[\w.-]+)\/issues\/(\d{1,9})$/.exec(url) ?? [];
  const isPaired = kind === 'us' && platform === 'github' && repository !== undefined;
  return {
    of: newsOfEntry(entry, kind, project, closed),
    ...(isPaired ? { pair: `${repository}#${number}` } : {}),
  };
}
