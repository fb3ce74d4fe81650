import { z } from 'zod';
import type { Clock, Job, Performed } from '../../src/forge-ports.ts';
import type { Client, Clients } from './clients.ts';
import { isoOf } from './cursor.ts';
import { isAnswered, Trouble } from './failure.ts';
import type { LabelDesk } from './labels.ts';
import type { Issue, Repository } from './repositories.ts';
import { rowsOf } from './rows.ts';
import { Comment, Done, FullIssue } from './schema.ts';
import { harmless, harmlessTitle, hasMarker, isStatusComment, marked } from './words.ts';

/** What we write on issues. Every piece carries its mark: after a try whose end is unknown it is looked for. */

export interface WriteParts {
  readonly clients: Clients;
  readonly clock: Clock;
  readonly labels: LabelDesk;
}
export interface Writer {
  log(repository: Repository, job: Extract<Job, { do: 'log' }>, marker: string, again: boolean): Promise<Performed>;
  comment(issue: Issue, job: Extract<Job, { do: 'comment' }>, marker: string, again: boolean): Promise<Performed>;
  turn(issue: Issue, to: 'open' | 'closed'): Promise<Performed>;
}

const DONE: Performed = { is: 'done' };

/** An earlier try is not older than this. */
const RECENT = 14 * 24 * 3_600_000;
const MOST_PAGES = 10;
const MOST_KEPT = 2_000;

export function createWriter(parts: WriteParts): Writer {
  const { clients, labels } = parts;
  /** Where the status comments are, as far as we know: each would else be looked for among all. */
  const statuses = new Map<string, number>();
  const keep = (ref: string, id: number): void => {
    statuses.delete(ref);
    statuses.set(ref, id);
    const oldest = statuses.keys().next().value;
    if (statuses.size > MOST_KEPT && oldest !== undefined) statuses.delete(oldest);
  };

  return {
    log: async (repository, job, marker, again) => {
      const { name, owner, repo } = repository;
      const client = await clients.of(repository);
      const known = again ? await findIssue(parts, client, repository, marker) : undefined;
      if (known !== undefined) return { is: 'done', ref: `${name}#${known}` };
      const given = job.labels.length > 0 || job.severity === null ? job.labels : [job.severity];
      const names = await labels.ensure(client, repository, given);
      const made = await clients.write(FullIssue, () =>
        client.rest.issues.create({
          owner,
          repo,
          title: harmlessTitle(job.title),
          body: marked(harmless(job.body), marker),
          labels: [...names],
        }),
      );
      const ref = `${name}#${made.number}`;
      labels.compare(ref, names, made.labels ?? names);
      return { is: 'done', ref };
    },
    comment: async (issue, job, marker, again) => {
      const client = await clients.of(issue);
      const ref = `${issue.name}#${issue.number}`;
      const body = marked(harmless(job.body), marker, job.status);
      const place = { owner: issue.owner, repo: issue.repo };
      if (job.status) {
        const known = statuses.get(ref) ?? (await findComment(parts, client, issue, isStatusComment));
        if (known !== undefined && (await edit(clients, client, place, known, body))) {
          keep(ref, known);
          return DONE;
        }
        statuses.delete(ref);
      }
      // One that was taken away is made anew; but not twice.
      if (again) {
        const found = await findComment(parts, client, issue, (text) => hasMarker(text, marker));
        if (found !== undefined) return DONE;
      }
      const made = await clients.write(z.object({ id: z.number().int() }), () =>
        client.rest.issues.createComment({ ...place, issue_number: issue.number, body }),
      );
      if (job.status) keep(ref, made.id);
      return DONE;
    },
    turn: async (issue, to) => {
      const client = await clients.of(issue);
      const place = { owner: issue.owner, repo: issue.repo, issue_number: issue.number };
      const change =
        to === 'closed' ? ({ state: 'closed', state_reason: 'completed' } as const) : { state: 'open' as const };
      await clients.write(Done, () => client.rest.issues.update({ ...place, ...change }));
      return DONE;
    },
  };
}

/** False: it is not there any more. */
async function edit(
  clients: Clients,
  client: Client,
  place: { owner: string; repo: string },
  id: number,
  body: string,
): Promise<boolean> {
  try {
    await clients.write(Done, () => client.rest.issues.updateComment({ ...place, comment_id: id, body }));
    return true;
  } catch (error) {
    if (error instanceof Trouble && isAnswered(error.failure, 404, 410)) return false;
    throw error;
  }
}

/** An issue of ours that an earlier try made. Anybody may write such a mark: only what we wrote ourselves counts. */
async function findIssue(
  { clients, clock }: WriteParts,
  client: Client,
  { owner, repo }: Repository,
  marker: string,
): Promise<number | undefined> {
  const login = await clients.login();
  const since = clock.now() - RECENT;
  const query = { owner, repo, state: 'all', sort: 'created', direction: 'desc', per_page: 100 } as const;
  for (let page = 1; page <= MOST_PAGES; page += 1) {
    const { data } = await clients.read(rowsOf(FullIssue), () =>
      client.rest.issues.listForRepo({ ...query, since: isoOf(since), page }),
    );
    const found = data.rows.find(({ user, body }) => isSame(user?.login, login) && hasMarker(body ?? '', marker));
    if (found !== undefined) return found.number;
    if (data.length < 100 || data.rows.some(({ created_at: at }) => Date.parse(at) < since)) return undefined;
  }
  return undefined;
}

async function findComment(
  { clients }: WriteParts,
  client: Client,
  { owner, repo, number }: Issue,
  isIt: (body: string) => boolean,
): Promise<number | undefined> {
  const login = await clients.login();
  for (let page = 1; page <= MOST_PAGES; page += 1) {
    const { data } = await clients.read(rowsOf(Comment), () =>
      client.rest.issues.listComments({ owner, repo, issue_number: number, per_page: 100, page }),
    );
    const found = data.rows.find(({ user, body }) => isSame(user?.login, login) && isIt(body ?? ''));
    if (found !== undefined) return found.id;
    if (data.length < 100) return undefined;
  }
  return undefined;
}

const isSame = (one: string | undefined, other: string): boolean => one?.toLowerCase() === other.toLowerCase();
