import { z } from 'zod';
import type { AdapterLog, Job, Performed } from '../../src/forge-ports.ts';
import { callbackOf } from './callback.ts';
import type { Clients } from './clients.ts';
import { isAnswered, Trouble } from './failure.ts';
import type { Repositories } from './repositories.ts';
import { CheckRuns, Done } from './schema.ts';
import { harmless } from './words.ts';

/** Deployments that wait for us, and the check that tells of a freeze. Both are for Apps alone. */

export interface ReleaseParts {
  readonly clients: Clients;
  readonly repositories: Repositories;
  readonly apiUrl: string;
  readonly log: AdapterLog;
}
export interface Releases {
  deployment(job: Extract<Job, { do: 'deployment' }>, again: boolean): Promise<Performed>;
  check(job: Extract<Job, { do: 'check' }>, marker: string): Promise<Performed>;
}

const DONE: Performed = { is: 'done' };
const APP_ONLY = 'only a GitHub App may do this: set GITHUB_APP_ID and GITHUB_PRIVATE_KEY (baton setup github)';
const CHECK = 'release-freeze';

/** GitHub takes ten reports of a deployment, of this length; the last one is kept for the decision. */
const MOST_REPORTS = 9;
const MOST_COMMENT = 1_024;
const MOST_KEPT = 1_000;

export function createReleases({ clients, repositories, apiUrl, log }: ReleaseParts): Releases {
  const reports = new Map<string, { count: number; last: string | undefined }>();

  /** Is this report worth one of the ten? */
  const isWorth = (key: string, comment: string): boolean => {
    const known = reports.get(key);
    return known === undefined || (known.count < MOST_REPORTS && known.last !== comment);
  };
  const remember = (key: string, last: string): void =>
    void reports.set(key, { count: reports.get(key)?.count ?? 1, last });
  const note = (key: string, last: string | undefined): void => {
    const count = (reports.get(key)?.count ?? 0) + 1;
    reports.delete(key);
    reports.set(key, { count, last });
    const oldest = reports.keys().next().value;
    if (reports.size > MOST_KEPT && oldest !== undefined) reports.delete(oldest);
  };

  return {
    deployment: async (job, again) => {
      const callback = callbackOf(job.callback, apiUrl, repositories);
      if (callback === undefined) return { is: 'refused', why: 'the deployment’s address is not one of ours' };
      if (!clients.isApp) return { is: 'refused', why: APP_ONLY };
      const { repository, run } = callback;
      const client = await clients.of(repository);
      const comment = harmless(job.comment, MOST_COMMENT);
      if (job.installation !== undefined && !(await clients.isInstalled(repository, job.installation)))
        return { is: 'refused', why: `it was asked through an installation that is not the one of ${repository.name}` };
      const key = `${repository.name} ${run} ${job.environment}`;
      const isHeld = job.decision === 'held';
      if (isHeld && !isWorth(key, comment)) return DONE;
      const place = { owner: repository.owner, repo: repository.repo, run_id: run };
      const state = job.decision === 'held' ? {} : { state: job.decision };
      // One whose answer is lost may have been taken, and counts.
      if (isHeld) note(key, undefined);
      try {
        await clients.write(Done, () =>
          client.rest.actions.reviewCustomGatesForRun({
            ...place,
            environment_name: job.environment,
            comment,
            ...state,
          }),
        );
      } catch (error) {
        if (!(error instanceof Trouble) || !isAnswered(error.failure, 422)) throw error;
        // It goes on waiting without a word of ours.
        if (isHeld) {
          log.warn('a deployment waits, and GitHub takes no report of it', { run, why: error.failure.why });
          return DONE;
        }
        if (!again) throw error;
        // An earlier try may have said so already: then nothing waits there any more.
        const waiting = await clients.read(Waiting, () => client.rest.actions.getPendingDeploymentsForRun(place));
        if (waiting.data.some(({ environment }) => environment.name === job.environment)) throw error;
      }
      if (isHeld) remember(key, comment);
      return DONE;
    },
    check: async (job, marker) => {
      const repository = repositories.find(job.repository);
      if (repository === undefined) return { is: 'refused', why: `${job.repository} is none of our repositories` };
      if (!clients.isApp) return { is: 'refused', why: APP_ONLY };
      const { owner, repo } = repository;
      const client = await clients.of(repository);
      const { data } = await clients.read(CheckRuns, () =>
        client.rest.checks.listForRef({ owner, repo, ref: job.sha, check_name: CHECK, filter: 'latest' }),
      );
      const content = {
        status: 'completed' as const,
        conclusion: job.frozen ? ('failure' as const) : ('success' as const),
        external_id: marker,
        output: { title: job.frozen ? 'Releases are frozen' : 'Releases are open', summary: harmless(job.summary) },
      };
      const known = data.check_runs[0];
      await clients.write(Done, () =>
        known === undefined
          ? client.rest.checks.create({ owner, repo, name: CHECK, head_sha: job.sha, ...content })
          : client.rest.checks.update({ owner, repo, check_run_id: known.id, ...content }),
      );
      return DONE;
    },
  };
}

const Waiting = z.array(z.object({ environment: z.object({ name: z.string() }) }));
