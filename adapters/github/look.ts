import { z } from 'zod';
import type { TrackerNews } from '../../src/forge-ports.ts';
import type { Clients } from './clients.ts';
import { isAnswered, Trouble } from './failure.ts';
import { pullOf } from './pulls.ts';
import type { Issue, Repositories } from './repositories.ts';
import { FullIssue } from './schema.ts';

/** What one issue is now. */

/** The news of an issue, or a pull request, as the API shows it: all that it is, and nobody's doing. */
export function newsOf(repository: string, issue: FullIssue): TrackerNews {
  const { number, title, state, labels, milestone } = issue;
  const named = title === undefined ? {} : { title };
  const common = { platform: 'github', ref: `${repository}#${number}`, ...named } as const;
  if (issue.pull_request != null) return { ...common, kind: 'pull', pull: pullOf(repository, issue) };
  const due = milestone === undefined ? {} : { milestone: milestone?.title ?? null };
  const open = state === undefined ? {} : { open: state !== 'closed' };
  return { ...common, kind: 'issue', ...open, ...(labels === undefined ? {} : { labels }), ...due };
}

/** Null: it is not there; undefined: nobody could tell. Throws nothing of GitHub's. */
export async function look(
  clients: Clients,
  repositories: Repositories,
  ref: string,
): Promise<TrackerNews | null | undefined> {
  const issue = repositories.issue(ref);
  if (issue === undefined) return undefined;
  try {
    return await lookAt(clients, repositories, issue);
  } catch (error) {
    if (error instanceof Trouble) return undefined;
    throw error;
  }
}

/** The same, with Trouble where nobody can tell. */
export async function lookAt(clients: Clients, repositories: Repositories, issue: Issue): Promise<TrackerNews | null> {
  const client = await clients.of(issue);
  const place = { owner: issue.owner, repo: issue.repo };
  try {
    const { data } = await clients.read(FullIssue, () =>
      client.rest.issues.get({ ...place, issue_number: issue.number }),
    );
    // Moved to another repository, GitHub leads there, and it goes by the name that it has there. Where we do not follow
    // that repository, nobody tells us more than how it is at this moment.
    const there = repositoryOf(data.repository_url) ?? issue.name;
    const ours = repositories.find(there);
    return ours === undefined
      ? { ...newsOf(issue.name, data), ref: `${issue.name}#${issue.number}` }
      : newsOf(ours.name, data);
  } catch (error) {
    if (!(error instanceof Trouble)) throw error;
    if (isAnswered(error.failure, 410)) return null;
    if (!isAnswered(error.failure, 404)) throw error;
    // What we may not see looks the same as what is not there.
    await clients.read(z.object({ full_name: z.string() }), () => client.rest.repos.get(place));
    return null;
  }
}

const repositoryOf = (url: string | undefined): string | undefined =>
  /\/repos\/([\w.-]+\/[\w.-]+)$/.exec(url ?? '')?.[1];
