import type { ForgeNews, Job } from '../../src/forge-ports.ts';

/** Deployments on GitHub: one that asks waits for a word at its address; one that was made is told, also to who asks later. */

const REPOSITORY = 'example/web';

export interface Deploying {
  /** A login. */
  readonly by: string;
  readonly version: string;
  readonly sha: string;
  /** Does the environment's protection ask the bot? An administrator may pass it by. */
  readonly asks: boolean;
  /** So long its job runs, once it was let go. */
  readonly takes: number;
}
export interface Deployment extends Deploying {
  readonly number: number;
  readonly callback: string;
  state: 'waiting' | 'running' | 'rejected' | 'made';
  /** When it was made. */
  made?: number;
  /** The place of its last change in the order of all changes. */
  changed: number;
}

export const newDeployment = (deploying: Deploying, number: number): Deployment => ({
  ...deploying,
  number,
  callback: `https://api.github.com/repos/${REPOSITORY}/actions/runs/${number}/deployment_protection_rule`,
  state: deploying.asks ? 'waiting' : 'running',
  changed: 0,
});

/** What GitHub tells of it as it stands; nothing of one that runs, or was turned away. */
export function newsOfDeployment({ by, version, sha, number, callback, state, made }: Deployment): ForgeNews[] {
  const common = { repository: REPOSITORY, environment: 'production', sha, version, by, number } as const;
  if (state === 'waiting') return [{ news: 'deployment-asked', ...common, callback }];
  const url = `https://github.com/${REPOSITORY}/deployments/${number}`;
  return state === 'made' ? [{ news: 'deployed', ...common, url, made }] : [];
}

/** The word that was waited for: true where it runs now. A second word on it changes nothing. */
export function decideOn(all: readonly Deployment[], job: Extract<Job, { do: 'deployment' }>): Deployment | undefined {
  const waiting = all.find(({ callback, state }) => callback === job.callback && state === 'waiting');
  if (waiting === undefined || job.decision === 'held') return undefined;
  waiting.state = job.decision === 'approved' ? 'running' : 'rejected';
  return waiting.state === 'running' ? waiting : undefined;
}
