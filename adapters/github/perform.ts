import type { Job, Performed } from '../../src/forge-ports.ts';
import { performedOf, Trouble } from './failure.ts';
import type { Writer } from './issues.ts';
import type { LabelDesk } from './labels.ts';
import type { Releases } from './releases.ts';
import type { Issue, Repositories } from './repositories.ts';

/** Does a job, and says what became of it. */

export interface PerformParts {
  readonly repositories: Repositories;
  readonly writer: Writer;
  readonly labels: LabelDesk;
  readonly releases: Releases;
}

export function createPerform(parts: PerformParts) {
  return async (job: Job, marker: string, again: boolean): Promise<Performed> => {
    try {
      return await run(parts, job, marker, again);
    } catch (error) {
      if (error instanceof Trouble) return performedOf(error, again);
      throw error;
    }
  };
}

async function run(parts: PerformParts, job: Job, marker: string, again: boolean): Promise<Performed> {
  const { repositories, writer, labels, releases } = parts;
  const on = (ref: string, work: (issue: Issue) => Promise<Performed>): Promise<Performed> | Performed => {
    const issue = repositories.issue(ref);
    return issue === undefined ? { is: 'refused', why: `${ref} is no issue of our repositories` } : work(issue);
  };
  switch (job.do) {
    case 'log': {
      const repository = repositories.find(job.where);
      if (repository === undefined) return { is: 'refused', why: `${job.where} is none of our repositories` };
      return writer.log(repository, job, marker, again);
    }
    case 'comment':
      return on(job.ref, (issue) => writer.comment(issue, job, marker, again));
    case 'label':
      return on(job.ref, async (issue) => {
        await labels.change(issue, job.add, job.remove);
        return { is: 'done' };
      });
    case 'turn':
      return on(job.ref, (issue) => writer.turn(issue, job.to));
    case 'deployment':
      return releases.deployment(job, again);
    case 'check':
      return releases.check(job, marker);
    case 'move':
    case 'pair':
    case 'circle':
      return { is: 'refused', why: 'GitHub keeps no stories and no circles' };
  }
}
