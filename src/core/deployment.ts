import type { Meta } from './item.ts';

/** A deployment that waits on GitHub for a word, and what is known of a repository's way to an environment. */

export interface DeploymentState {
  readonly id: string;
  readonly repository: string;
  readonly environment: string | null;
  readonly callback: string | null;
  readonly sha: string | null;
  readonly version: string | null;
  /** The login of whoever started it. */
  readonly by: string | null;
  readonly item: string | null;
  readonly state: 'asked' | 'held' | 'approved' | 'rejected';
  readonly reason: string | null;
  /** What keeps it, without whose turn it is: what is the same sort is said once. */
  readonly sort: string | null;
  /** The instant at which it is looked at again by itself. */
  readonly until: number | null;
  readonly changes: number;
}

export type DeploymentEvent =
  | {
      type: 'deployment-asked';
      id: string;
      repository: string;
      environment: string | null;
      callback: string | null;
      sha: string | null;
      version: string | null;
      by: string | null;
    }
  /** `forOps`: nobody but OPS can mend it. */
  | {
      type: 'deployment-held';
      reason: string;
      sort: string;
      until: number | null;
      item: string | null;
      forOps: boolean;
    }
  | { type: 'deployment-approved'; item: string | null }
  | { type: 'deployment-rejected'; item: string | null; reason: string };

export function evolveDeployment(before: DeploymentState | undefined, event: DeploymentEvent): DeploymentState {
  if (event.type === 'deployment-asked') {
    const { type: _type, ...asked } = event;
    return { ...asked, item: null, state: 'asked', reason: null, sort: null, until: null, changes: 1 };
  }
  if (before === undefined) throw new Error(`a deployment begins with being asked for, not with ${event.type}`);
  const state = { ...before, changes: before.changes + 1, item: event.item };
  switch (event.type) {
    case 'deployment-held':
      return { ...state, state: 'held', reason: event.reason, sort: event.sort, until: event.until };
    case 'deployment-approved':
      return { ...state, state: 'approved', reason: null, until: null };
    case 'deployment-rejected':
      return { ...state, state: 'rejected', reason: event.reason, until: null };
    default:
      return event satisfies never;
  }
}

/** A release that was said to the bot, whose deployment has not been seen yet. */
export interface Expected {
  readonly item: string;
  readonly version: string | null;
  readonly emergency: boolean;
  readonly at: number;
}

export interface PipelineState {
  readonly expected: readonly Expected[];
  /** The latest deployments: the platform may tell of one twice. */
  readonly seen: readonly string[];
}

export type PipelineEvent =
  | { type: 'release-said'; item: string; version: string | null; emergency: boolean }
  | { type: 'deployment-seen'; mark: string; sha: string; version: string; by: string }
  | { type: 'release-done'; item: string }
  | { type: 'deployment-unknown'; sha: string; version: string; by: string; why: string };

const KEPT = 50;

export function evolvePipeline(
  before: PipelineState = { expected: [], seen: [] },
  event: PipelineEvent,
  meta: Meta,
): PipelineState {
  const others = (item: string) => before.expected.filter((each) => each.item !== item);
  switch (event.type) {
    case 'release-said': {
      const { item, version, emergency } = event;
      return { ...before, expected: [...others(item), { item, version, emergency, at: meta.at }].slice(-KEPT) };
    }
    case 'deployment-seen':
      return { ...before, seen: [...before.seen, event.mark].slice(-KEPT) };
    case 'release-done':
      return { ...before, expected: others(event.item) };
    case 'deployment-unknown':
      return before;
    default:
      return event satisfies never;
  }
}

export const pipelineOf = (repository: string, environment: string): string =>
  `${repository.toLowerCase()} ${environment}`;

/** Is what is deployed the version that was named? A commit may be named by its beginning. */
export function isVersion(named: string, { version, sha }: { version: string | null; sha: string | null }): boolean {
  if (named === version || named === sha) return true;
  return /^[0-9a-f]{7,40}$/i.test(named) && sha?.toLowerCase().startsWith(named.toLowerCase()) === true;
}
