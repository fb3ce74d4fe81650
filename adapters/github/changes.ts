import type { z } from 'zod';
import type { AdapterLog, Changes, Clock, ForgeNews, Performed } from '../../src/forge-ports.ts';
import type { Client, Clients } from './clients.ts';
import { advance, type Cursor, freshPlace, isoOf, type Mark, PAGE, type Place, readCursor, sinceOf } from './cursor.ts';
import { lookAtDeployments } from './deployments-since.ts';
import { isAnswered, performedOf, Trouble } from './failure.ts';
import type { Late } from './late.ts';
import { lookAt, newsOf } from './look.ts';
import { commandOf, isMachine, saidOf } from './news.ts';
import type { Repositories, Repository } from './repositories.ts';
import { rowsOf, tellOdd } from './rows.ts';
import { Comment, FullIssue } from './schema.ts';
import { isMarked } from './words.ts';

/** What changed since: one repository at a time, a page of it. */

export interface ChangesParts {
  readonly clients: Clients;
  readonly repositories: Repositories;
  readonly clock: Clock;
  readonly log: AdapterLog;
  readonly late: Late;
  /** Comes when nothing more is to be asked. */
  readonly signal: AbortSignal;
}
type Unasked = Extract<Performed, { readonly is: 'away' | 'later' }>;

/** So many late ones are looked at with one page. */
const MOST_LOOKS = 20;

export function createChanges(parts: ChangesParts) {
  const { repositories, clock, log } = parts;
  const tags = createTags();
  /** What one repository tells. One that we may not see, or that fails by itself, holds up no other. */
  const tryOne = async (repository: Repository, before: Place, said: number): Promise<Found | Failed | Unasked> => {
    try {
      return await askOne(parts, tags, repository, before, said);
    } catch (error) {
      if (!(error instanceof Trouble)) throw error;
      // What was read before it failed is told by nobody: it is to come once more.
      tags.forget(repository.name);
      const result = performedOf(error, false);
      if (result.is === 'later' || (result.is === 'away' && isOfAll(error))) return result;
      return { why: result.why, isRefused: result.is === 'refused' };
    }
  };
  return async (text: string | undefined, since: number): Promise<Changes | Unasked> => {
    const cursor = readCursor(text);
    const { all } = repositories;
    const from = all.findIndex(({ name }) => name === cursor.next);
    const isBegun = from > 0;
    const isNew = Object.keys(cursor.places).length === 0;
    const places = { ...cursor.places };
    const failed = from < 0 ? [] : [...(cursor.failed ?? [])];
    const met: string[] = [];
    for (const [at, repository] of all.entries()) {
      if (at < from) continue;
      const { name } = repository;
      // One that joined the others later has commands and deployments of long ago: nobody waits for those.
      const said = places[name] !== undefined || isNew ? since : clock.now();
      const before = places[name] ?? freshPlace(since, said);
      const found = await tryOne(repository, before, said);
      if ('is' in found) return found;
      places[name] = 'news' in found ? found.place : before;
      if ('why' in found) met.push(`${name}: ${found.why}`);
      if ('why' in found && !found.isRefused) {
        failed.push(name);
        // None was there to be asked in all the round: it is GitHub itself.
        const isLast = at === all.length - 1;
        if (parts.signal.aborted || (isLast && !isBegun)) return { is: 'away', why: found.why };
        if (!isLast) continue;
      }
      if (met.length > 0) log.warn('a repository can not be looked at', { repositories: met });
      const next = 'news' in found && found.more ? repository : all[at + 1];
      return tell('news' in found ? found.news : [], places, next?.name, failed);
    }
    return { news: [], cursor: JSON.stringify(cursor), more: false };
  };
}

/** Where a round is over, those that it could not look at are named, and the next one begins with all of them. */
function tell(
  news: readonly ForgeNews[],
  places: Cursor['places'],
  next: string | undefined,
  failed: readonly string[],
): Changes {
  const isOver = next === undefined;
  const after: Cursor = { next: next ?? '', places, ...(isOver || failed.length === 0 ? {} : { failed: [...failed] }) };
  return {
    news,
    cursor: JSON.stringify(after),
    more: !isOver,
    ...(isOver && failed.length > 0 ? { lacking: failed } : {}),
  };
}

/** No connection, or credentials that are not taken: no other repository would do better. */
const isOfAll = ({ failure }: Trouble): boolean => failure.is === 'unreached' || isAnswered(failure, 401);

interface Failed {
  readonly why: string;
  /** We may not see it: that is as it is, and no failure. */
  readonly isRefused: boolean;
}

interface Found {
  readonly news: readonly ForgeNews[];
  readonly place: Place;
  readonly more: boolean;
}

async function askOne(
  parts: ChangesParts,
  tags: Tags,
  repository: Repository,
  before: Place,
  since: number,
): Promise<Found> {
  const { clients, late } = parts;
  const client = await clients.of(repository);
  if (late.takeStirred(repository.name)) tags.forget(repository.name);
  const asking = { clients, client, tags, log: parts.log };
  const issues = await askIssues(asking, repository, before.issues);
  const comments = await askComments(asking, repository, before.comments);
  const { log } = parts;
  const deployments = await lookAtDeployments({ clients, client, log, repository, since }, before.deployments);
  const looked = await askLate(parts, repository);
  late.known(repository.name, issues.mark.at);
  return {
    news: [...issues.news, ...looked, ...comments.news, ...deployments.news],
    place: { issues: issues.mark, comments: comments.mark, deployments: deployments.place },
    more: issues.isFull || comments.isFull || deployments.more || late.has(repository.name),
  };
}

interface Page {
  readonly news: readonly ForgeNews[];
  readonly mark: Mark;
  readonly isFull: boolean;
}

interface Asking {
  readonly clients: Clients;
  readonly client: Client;
  readonly tags: Tags;
  readonly log: AdapterLog;
}

async function askIssues(asking: Asking, { name, owner, repo }: Repository, mark: Mark): Promise<Page> {
  const query = { owner, repo, state: 'all', sort: 'updated', direction: 'asc', per_page: PAGE } as const;
  const page = await askPage(asking, `${name} issues`, mark, FullIssue, (since, headers) =>
    asking.client.rest.issues.listForRepo({ ...query, since, page: mark.page, headers }),
  );
  const news = page.rows.map((issue) => ({ news: 'tracker' as const, of: newsOf(name, issue) }));
  return { news, mark: page.mark, isFull: page.isFull };
}

/** Comments are only for the commands that did not reach us: the comments themselves have no name to know them again by. */
async function askComments(asking: Asking, { name, owner, repo }: Repository, mark: Mark): Promise<Page> {
  const query = { owner, repo, sort: 'updated', direction: 'asc', per_page: PAGE } as const;
  const page = await askPage(asking, `${name} comments`, mark, Comment, (since, headers) =>
    asking.client.rest.issues.listCommentsForRepo({ ...query, since, page: mark.page, headers }),
  );
  const news = page.rows.flatMap((comment) => {
    const body = comment.body ?? '';
    const text = commandOf(body);
    const number = /\/issues\/(\d{1,9})$/.exec(comment.issue_url ?? '')?.[1];
    // Who changes their words afterwards gives no command by it.
    const isEdited = comment.created_at !== comment.updated_at;
    const isEarlier = !(Date.parse(comment.created_at) >= sinceOf(mark));
    if (text === undefined || number === undefined || comment.user == null) return [];
    if (isEdited || isEarlier || isMarked(body) || isMachine(comment.user) || comment.performed_via_github_app != null)
      return [];
    return [saidOf(comment.id, `${name}#${number}`, comment.user, text)];
  });
  return { news, mark: page.mark, isFull: page.isFull };
}

async function askPage<T>(
  { clients, tags, log }: Asking,
  what: string,
  mark: Mark,
  schema: z.ZodType<T>,
  ask: (
    since: string,
    headers: Record<string, string>,
  ) => Promise<{ data: unknown; headers: Readonly<Record<string, string | number | undefined>> }>,
): Promise<{ rows: readonly T[]; mark: Mark; isFull: boolean }> {
  const since = isoOf(sinceOf(mark));
  const known = tags.get(what, `${since} ${mark.page}`);
  try {
    const { data, headers } = await clients.read(rowsOf(schema), () =>
      ask(since, known === undefined ? {} : { 'if-none-match': known }),
    );
    tellOdd(log, what, data);
    const next = advance(mark, data.changed);
    // A page that is full is not asked for again, so nothing is to be spared there.
    if (!next.isFull) tags.set(what, `${isoOf(sinceOf(next.mark))} ${next.mark.page}`, since, headers.etag);
    return { rows: data.rows, ...next };
  } catch (error) {
    if (!(error instanceof Trouble) || !isAnswered(error.failure, 304)) throw error;
    return { rows: [], ...advance(mark, []) };
  }
}

async function askLate(
  { clients, repositories, late }: ChangesParts,
  repository: Repository,
): Promise<readonly ForgeNews[]> {
  const numbers = late.take(repository.name, MOST_LOOKS);
  const news: ForgeNews[] = [];
  for (const number of numbers) {
    try {
      const found = await lookAt(clients, repositories, { ...repository, number });
      if (found !== null) news.push({ news: 'tracker', of: found });
    } catch (error) {
      // Those before it too: nobody is told of them now.
      for (const each of numbers) late.again(repository.name, each);
      throw error;
    }
  }
  return news;
}

interface Tags {
  get(what: string, query: string): string | undefined;
  set(what: string, next: string, since: string, tag: unknown): void;
  forget(repository: string): void;
}

/** What GitHub called its last answer: asked with that name, the same answer costs neither of us anything. */
function createTags(): Tags {
  const kept = new Map<string, { readonly query: string; readonly tag: string }>();
  return {
    get: (what, query) => {
      const found = kept.get(what);
      return found?.query === query ? found.tag : undefined;
    },
    // The name is that of this question: it is good where the next one asks from the same moment on.
    set: (what, next, since, tag) => {
      if (typeof tag === 'string' && next === `${since} 1`) kept.set(what, { query: next, tag });
      else kept.delete(what);
    },
    forget: (repository) => {
      for (const what of kept.keys()) if (what.startsWith(`${repository} `)) kept.delete(what);
    },
  };
}
