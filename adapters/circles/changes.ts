import type { AdapterLog, Changes, Clock, Performed, TrackerNews } from '../../src/forge-ports.ts';
import { Entries, Entry, type Project, Tasks } from './api-schema.ts';
import { type Client, type Kind, PLURAL, readTarget } from './client.ts';
import { type Ahead, advance, afterOf, type Cursor, firstRound, leave, type Round, readCursor } from './cursor.ts';
import { projectOf } from './edit.ts';
import { type Answer, type Failure, isAnswered, isUnauthorised, performedOf } from './failure.ts';
import { nameOfStatus, newsOfEntry } from './inbound.ts';
import { tellOdd } from './odd.ts';

/** What changed since, a page a call. What is told twice does no harm; what is never told would. */

export interface ChangesParts {
  readonly client: Client;
  readonly clock: Clock;
  readonly log: AdapterLog;
  readonly closed: readonly string[];
  circles(): readonly string[];
  /** What is held of a story: is it open? Undefined: it is nobody's business. */
  readonly mirror?: ((ref: string) => boolean | undefined) | undefined;
}

type Told = Changes | Extract<Performed, { readonly is: 'away' | 'later' }>;
type Step =
  | {
      readonly ok: true;
      readonly news: readonly TrackerNews[];
      readonly numbers: readonly number[];
      readonly next: Ahead | undefined;
      readonly date: number | undefined;
    }
  | { readonly ok: false; readonly failure: Failure };

const PAGE = 100;
/** Each task of a page may need its story to be read. */
const PAGE_OF_TASKS = 30;
const MOST_SEEN = 200_000;

export function createChanges(parts: ChangesParts) {
  /** What the last look found, for where nobody says what is held. */
  const seen = new Map<string, boolean>();
  /** Stories, tasks and issues of a circle are numbered together: the highest number that was met, by circle. */
  const highest = new Map<string, number>();
  const remember = (news: TrackerNews): void => {
    if (seen.size >= MOST_SEEN) seen.clear();
    if (news.open !== undefined) seen.set(news.ref, news.open);
  };
  /** Of all stories only those are told that are not what they are held to be. */
  const isNews = (news: TrackerNews): boolean => {
    const held = parts.mirror === undefined ? seen.get(news.ref) : parts.mirror(news.ref);
    return held !== undefined && held !== news.open;
  };

  const askOne = async (cursor: Cursor, round: Round, slug: string, since: number): Promise<Told | Failed> => {
    const project = await parts.client.project(slug);
    if (!project.ok) return passOver(parts.log, cursor, round, slug, project.failure);
    const from = round.from ?? cursor.told[slug] ?? since;
    const step = await stepOf(parts, round, project.body, from);
    if (!step.ok) return passOver(parts.log, cursor, round, slug, step.failure);
    const other = step.news.filter(isNews);
    const top = Math.max(highest.get(slug) ?? 0, ...step.numbers);
    highest.set(slug, top);
    for (const each of step.news) remember(each);
    const kind = round.feed === 'all' ? 'us' : round.feed === 'all-issues' ? 'issue' : undefined;
    const news =
      kind === undefined
        ? step.news
        : [...other, ...(await missing(parts, slug, kind, afterOf(cursor, round), top, step))];
    const last = Math.max(0, ...step.numbers);
    return tell(news, advance(cursor, round, step.next, step.date ?? parts.clock.now(), last));
  };

  return async (text: string | undefined, since: number): Promise<Told> => {
    let cursor = readCursor(text);
    const isBegun = cursor.round !== undefined;
    const all = [...new Set(parts.circles())];
    let round = cursor.round ?? firstRound(all);
    const met: string[] = [];
    for (;;) {
      const [slug] = round.circles;
      const found =
        slug === undefined ? tell([], { ...cursor, round: undefined }) : await askOne(cursor, round, slug, since);
      if ('is' in found) return found;
      if ('news' in found) {
        if (met.length > 0) parts.log.warn('circles can not be followed now', { circles: met });
        return found;
      }
      met.push(`${slug}: ${found.why}`);
      cursor = found.cursor;
      if (cursor.round !== undefined) round = cursor.round;
      // None could be asked in all the round, or there is only this one: it is Circles itself.
      else if (!isBegun || all.length <= 1) return { is: 'away', why: found.why };
      else {
        parts.log.warn('circles can not be followed now', { circles: met });
        return tell([], cursor);
      }
    }
  };
}

/** One circle that fails by itself; the cursor goes on behind it. */
interface Failed {
  readonly why: string;
  readonly cursor: Cursor;
}

/** Where a round is over, those that could not be asked are named, and the next one begins with all of them. */
function tell(news: readonly TrackerNews[], { failed = [], ...cursor }: Cursor): Changes {
  const more = cursor.round !== undefined;
  return {
    news: news.map((of) => ({ news: 'tracker', of })),
    cursor: JSON.stringify(more && failed.length > 0 ? { ...cursor, failed } : cursor),
    more,
    ...(!more && failed.length > 0 ? { lacking: failed } : {}),
  };
}

/** A circle that is gone, or hidden from us, or that fails by itself, holds up no other. */
function passOver(log: AdapterLog, cursor: Cursor, round: Round, slug: string, failure: Failure): Told | Failed {
  if (failure.is === 'answered' && [403, 404, 451].includes(failure.status)) {
    log.warn(`Circles: ${slug} can not be followed (${failure.why}); see baton doctor`);
    return tell([], leave(cursor, round));
  }
  const became = performedOf(failure, false, false);
  if (became.is === 'later') return became;
  // No connection, or a token that is not taken: no other circle would do better.
  if (failure.is === 'unreached' || isUnauthorised(failure)) return { is: 'away', why: became.why };
  return { why: became.why, cursor: { ...leave(cursor, round), failed: [...(cursor.failed ?? []), slug] } };
}

function stepOf(parts: ChangesParts, round: Round, project: Project, from: number): Promise<Step> {
  const { page } = round;
  const since = new Date(from).toISOString();
  const common = { project: String(project.id), page: String(page), page_size: String(PAGE) };
  const dated = { ...common, modified_date__gte: since, order_by: 'modified_date' };
  switch (round.feed) {
    case 'stories':
      return entries(parts, project, 'us', dated, (last) => onwards(last, from, page));
    case 'issues':
      return entries(parts, project, 'issue', dated, (last) => onwards(last, from, page));
    case 'tasks':
      return tasks(parts, project, { ...dated, page_size: String(PAGE_OF_TASKS) }, from, page);
    case 'finished':
      return entries(parts, project, 'us', { ...common, finish_date__gte: since, order_by: 'created_date' }, () => ({
        from,
        page: page + 1,
      }));
    case 'all':
      return entries(parts, project, 'us', { ...common, order_by: 'created_date' }, () => ({ page: page + 1 }));
    case 'all-issues':
      return entries(parts, project, 'issue', { ...common, order_by: 'created_date' }, () => ({ page: page + 1 }));
  }
}

/**
 * On from the last one's moment, not to a second page: what changes meanwhile goes to the end, and what moves up into a page
 * that was read already would be missed. Only where a whole page has one moment is there a second one of it.
 */
function onwards(last: string, from: number, page: number): Ahead {
  const moment = Date.parse(last);
  return !Number.isNaN(moment) && moment > from ? { from: moment, page: 1 } : { from, page: page + 1 };
}

async function entries(
  { client, closed, log }: ChangesParts,
  project: Project,
  kind: Kind,
  query: Readonly<Record<string, string>>,
  ahead: (last: string) => Ahead,
): Promise<Step> {
  const path = `/${PLURAL[kind]}?${new URLSearchParams(query)}`;
  const answer = await client.call({ method: 'GET', path }, Entries);
  if (!answer.ok) return isPastEnd(answer, query.page) ? NOTHING : answer;
  const { rows, last, odd, isEmpty } = answer.body;
  tellOdd(log, `${project.slug} ${PLURAL[kind]}`, odd);
  const news = await newsOf(client, project, kind, rows, closed);
  if (!news.ok) return news;
  return {
    ok: true,
    news: news.body,
    numbers: rows.map(({ ref }) => ref),
    next: answer.hasNext && !isEmpty ? ahead(last ?? '') : undefined,
    date: answer.date,
  };
}

/** The stories of the tasks that changed, as they are now. */
async function tasks(
  { client, closed, log }: ChangesParts,
  project: Project,
  query: Readonly<Record<string, string>>,
  from: number,
  page: number,
): Promise<Step> {
  const answer = await client.call({ method: 'GET', path: `/tasks?${new URLSearchParams(query)}` }, Tasks);
  if (!answer.ok) return isPastEnd(answer, query.page) ? NOTHING : answer;
  const { rows, last, odd, isEmpty } = answer.body;
  tellOdd(log, `${project.slug} tasks`, odd);
  const ids = new Set(rows.flatMap(({ user_story: story }) => (story == null ? [] : [story])));
  const stories: Entry[] = [];
  for (const id of ids) {
    const story = await client.call({ method: 'GET', path: `/userstories/${id}` }, Entry);
    if (story.ok) stories.push(story.body);
    else if (!isAnswered(story.failure, 404) && !isAnswered(story.failure, 403)) return story;
  }
  const ours = stories.filter(({ project_extra_info: of }) => of == null || of.slug === project.slug);
  const news = await newsOf(client, project, 'us', ours, closed);
  if (!news.ok) return news;
  return {
    ok: true,
    news: news.body,
    numbers: [],
    next: answer.hasNext && !isEmpty ? onwards(last ?? '', from, page) : undefined,
    date: answer.date,
  };
}

const NOTHING: Step = { ok: true, news: [], numbers: [], next: undefined, date: undefined };

/** The list got shorter since the page before. */
const isPastEnd = (answer: Extract<Answer<unknown>, { ok: false }>, page: string | undefined): boolean =>
  page !== '1' && isAnswered(answer.failure, 404);

async function newsOf(
  client: Client,
  project: Project,
  kind: Kind,
  rows: readonly Entry[],
  closed: readonly string[],
): Promise<Answer<readonly TrackerNews[]>> {
  const strange = kind === 'us' ? rows.find((each) => nameOfStatus(each, project) === undefined) : undefined;
  const known = strange === undefined ? undefined : await projectOf(client, project.slug, strange);
  if (known !== undefined && !known.ok) return known;
  const body = rows.map((each) => newsOfEntry(each, kind, known?.body ?? project, closed));
  return { ok: true, body, hasNext: false, date: undefined };
}

const MOST_BEYOND = 200;
const MOST_SPAN = 20_000;
const MOST_MISSING = 20;

/** What is held to be open and is not on the page on which it would stand: it was taken away, and nobody told us. */
async function missing(
  { client, closed, mirror }: ChangesParts,
  slug: string,
  kind: Kind,
  after: number,
  top: number,
  { numbers, next }: Extract<Step, { ok: true }>,
): Promise<readonly TrackerNews[]> {
  const there = new Set(numbers);
  const last = next === undefined ? top + MOST_BEYOND : Math.max(after, ...numbers);
  const found: TrackerNews[] = [];
  let asked = 0;
  for (let number = Math.max(after + 1, last - MOST_SPAN); number <= last && asked < MOST_MISSING; number += 1) {
    const ref = `${slug}/${kind}:${number}`;
    if (there.has(number) || mirror?.(ref) !== true) continue;
    asked += 1;
    const now = await lookAt(client, ref, closed);
    if (now === null) found.push({ platform: 'circles', ref, kind: kind === 'us' ? 'story' : 'issue', open: false });
    else if (now?.open === false) found.push(now);
  }
  return found;
}

/** What one of them is now; null: it is not there; undefined: nobody could tell. */
export async function lookAt(
  client: Client,
  ref: string,
  closed: readonly string[],
): Promise<TrackerNews | null | undefined> {
  const target = readTarget(ref);
  if (target === undefined) return undefined;
  const entry = await client.entry(target);
  if (!entry.ok) return undefined;
  if (entry.body === null || entry.body === undefined) return entry.body;
  const project = await projectOf(client, target.slug, target.kind === 'us' ? entry.body : undefined);
  return project.ok ? newsOfEntry(entry.body, target.kind, project.body, closed) : undefined;
}
