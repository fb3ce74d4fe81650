import { z } from 'zod';
import type { AdapterLog, Changes, Clock, ForgeNews, Performed } from '../../src/forge-ports.ts';
import type { Client, Clients } from './clients.ts';
import { advance, type Cursor, freshPlace, isoOf, type Mark, PAGE, type Place, readCursor, sinceOf } from './cursor.ts';
import { lookAtDeployments } from './deployments-since.ts';
import { isAnswered, performedOf, Trouble } from './failure.ts';
import type { Late } from './late.ts';
import { lookAt, newsOf } from './look.ts';
import { commandOf, isMachine, saidOf } from './news.ts';
import type { Repositories, Repository } from './repositories.ts';
import { Comment, FullIssue } from './schema.ts';
import { isMarked } from './words.ts';

/** What changed since: one repository at a time, a page of it. */

export interface ChangesParts {
  readonly clients: Clients;
  readonly repositories: Repositories;
  readonly clock: Clock;
  readonly log: AdapterLog;
  readonly late: Late;
}
type Unasked = Extract<Performed, { readonly is: 'away' | 'later' }>;

/** So many late ones are looked at with one page. */
const MOST_LOOKS = 20;

export function createChanges(parts: ChangesParts) {
  const { repositories, clock, log } = parts;
  const tags = createTags();
  return async (text: string | undefined, since: number): Promise<Changes | Unasked> => {
    const cursor = readCursor(text);
    const at = Math.max(
      0,
      repositories.all.findIndex(({ name }) => name === cursor.next),
    );
    const repository = repositories.all[at];
    if (repository === undefined) return { news: [], cursor: JSON.stringify(cursor), more: false };
    // One that joined the others later has commands and deployments of long ago: nobody waits for those.
    const known = cursor.places[repository.name];
    const said = known !== undefined || Object.keys(cursor.places).length === 0 ? since : clock.now();
    const before = known ?? freshPlace(since, said);
    let found: Found;
    try {
      found = await askOne(parts, tags, repository, before, said);
    } catch (error) {
      if (!(error instanceof Trouble)) throw error;
      const result = performedOf(error, false);
      if (result.is === 'away' || result.is === 'later') return result;
      // One that we may not see holds up no other.
      log.warn('a repository can not be looked at', { repository: repository.name, why: result.why });
      found = { news: [], place: before, more: false };
    }
    const next = found.more ? repository : repositories.all[at + 1];
    const after: Cursor = {
      next: next?.name ?? '',
      places: { ...cursor.places, [repository.name]: found.place },
    };
    return { news: found.news, cursor: JSON.stringify(after), more: next !== undefined };
  };
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
  const issues = await askIssues(clients, client, tags, repository, before.issues);
  const comments = await askComments(clients, client, tags, repository, before.comments);
  const deployments = await lookAtDeployments({ clients, client, repository, since }, before.deployments);
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

async function askIssues(
  clients: Clients,
  client: Client,
  tags: Tags,
  { name, owner, repo }: Repository,
  mark: Mark,
): Promise<Page> {
  const query = { owner, repo, state: 'all', sort: 'updated', direction: 'asc', per_page: PAGE } as const;
  const page = await askPage(clients, tags, `${name} issues`, mark, FullIssue, (since, headers) =>
    client.rest.issues.listForRepo({ ...query, since, page: mark.page, headers }),
  );
  const news = page.rows.map((issue) => ({ news: 'tracker' as const, of: newsOf(name, issue) }));
  return { news, mark: page.mark, isFull: page.isFull };
}

/** Comments are only for the commands that did not reach us: the comments themselves have no name to know them again by. */
async function askComments(
  clients: Clients,
  client: Client,
  tags: Tags,
  { name, owner, repo }: Repository,
  mark: Mark,
): Promise<Page> {
  const query = { owner, repo, sort: 'updated', direction: 'asc', per_page: PAGE } as const;
  const page = await askPage(clients, tags, `${name} comments`, mark, Comment, (since, headers) =>
    client.rest.issues.listCommentsForRepo({ ...query, since, page: mark.page, headers }),
  );
  const news = page.rows.flatMap((comment) => {
    const body = comment.body ?? '';
    const text = commandOf(body);
    const number = /\/issues\/(\d{1,9})$/.exec(comment.issue_url ?? '')?.[1];
    // Who changes their words afterwards gives no command by it.
    const isEdited = comment.created_at !== comment.updated_at;
    const isEarlier = Date.parse(comment.created_at) < sinceOf(mark);
    if (text === undefined || number === undefined || comment.user == null) return [];
    if (isEdited || isEarlier || isMarked(body) || isMachine(comment.user) || comment.performed_via_github_app != null)
      return [];
    return [saidOf(comment.id, `${name}#${number}`, comment.user, text)];
  });
  return { news, mark: page.mark, isFull: page.isFull };
}

async function askPage<T extends { readonly updated_at: string }>(
  clients: Clients,
  tags: Tags,
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
    const { data, headers } = await clients.read(z.array(schema), () =>
      ask(since, known === undefined ? {} : { 'if-none-match': known }),
    );
    const next = advance(
      mark,
      data.map(({ updated_at: at }) => at),
    );
    // A page that is full is not asked for again, so nothing is to be spared there.
    if (!next.isFull) tags.set(what, `${isoOf(sinceOf(next.mark))} ${next.mark.page}`, since, headers.etag);
    return { rows: data, ...next };
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
  for (const [at, number] of numbers.entries()) {
    try {
      const found = await lookAt(clients, repositories, { ...repository, number });
      if (found !== null) news.push({ news: 'tracker', of: found });
    } catch (error) {
      for (const left of numbers.slice(at)) late.again(repository.name, left);
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
