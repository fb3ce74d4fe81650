import { z } from 'zod';
import type { TrackerNews } from '../../src/forge-ports.ts';
import type { Clients } from './clients.ts';
import { isAnswered, Trouble } from './failure.ts';
import type { Issue, Repositories } from './repositories.ts';
import { FullIssue } from './schema.ts';

/** What one issue is now. */

/** The news of an issue as the API shows it: all that it is, and nobody's doing. */
export const newsOf = (repository: string, issue: FullIssue): TrackerNews => ({
  platform: 'github',
  ref: `${repository}#${issue.number}`,
  kind: 'issue',
  title: issue.title,
  open: issue.state !== 'closed',
  labels: issue.labels,
});

/** Null: it is not there; undefined: nobody could tell. Throws nothing of GitHub's. */
export async function look(
  clients: Clients,
  repositories: Repositories,
  ref: string,
): Promise<TrackerNews | null | undefined> {
  const issue = repositories.issue(ref);
  if (issue === undefined) return undefined;
  try {
    return await lookAt(clients, issue);
  } catch (error) {
    if (error instanceof Trouble) return undefined;
    throw error;
  }
}

/** The same, with Trouble where nobody can tell. */
export async function lookAt(clients: Clients, issue: Issue): Promise<TrackerNews | null> {
  const client = await clients.of(issue);
  const place = { owner: issue.owner, repo: issue.repo };
  try {
    const { data } = await clients.read(FullIssue, () =>
      client.rest.issues.get({ ...place, issue_number: issue.number }),
    );
    // Moved to another repository, GitHub leads there; and a pull request is no issue.
    const isElsewhere = data.number !== issue.number || !isIn(data.repository_url, issue.name);
    return isElsewhere || data.pull_request != null ? null : newsOf(issue.name, data);
  } catch (error) {
    if (!(error instanceof Trouble)) throw error;
    if (isAnswered(error.failure, 410)) return null;
    if (!isAnswered(error.failure, 404)) throw error;
    // What we may not see looks the same as what is not there.
    await clients.read(z.object({ full_name: z.string() }), () => client.rest.repos.get(place));
    return null;
  }
}

const isIn = (url: string | undefined, name: string): boolean =>
  url === undefined || url.toLowerCase().endsWith(`/repos/${name.toLowerCase()}`);
