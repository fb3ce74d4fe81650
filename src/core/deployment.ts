import type { Meta } from './item.ts';
import { Environment } from './organisation.ts';

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
  /** What stays when that login goes to somebody else; null: it was not told. */
  readonly byNumber?: string | null;
  readonly item: string | null;
  readonly state: 'asked' | 'held' | 'approved' | 'rejected';
  readonly reason: string | null;
  /** What keeps it, without whose turn it is: what is the same sort is said once. */
  readonly sort: string | null;
  /** The instant at which it is looked at again by itself. */
  readonly until: number | null;
  /** The platform's number of it, and the installation through which it was told; null: it did not say. */
  readonly number: number | null;
  readonly installation: number | null;
  /** Why it is never let through, whatever else holds. */
  readonly unsure: string | null;
  /** How often it was held since it was asked for. */
  readonly holds: number;
  /** Whether releases were frozen when that was told last, and when that ends. */
  readonly frozen: boolean | null;
  readonly turns: number | null;
  readonly changes: number;
  /** When it was let go: that does not hold for ever. */
  readonly approvedAt?: number;
}

/** A deployment that asks for a word, as the platform tells of it. */
export interface Asked {
  readonly repository: string;
  readonly environment: string | null;
  readonly callback: string | null;
  readonly sha: string | null;
  readonly version: string | null;
  readonly by: string | null;
  readonly byNumber?: string | null;
  readonly number: number | null;
  readonly installation: number | null;
  readonly unsure: string | null;
}

export type DeploymentEvent =
  /** Said again of the same place: it was started anew, and nothing that was decided before is of use. */
  | ({ type: 'deployment-asked'; id: string } & Asked)
  /** `forOps`: nobody but OPS can mend it. */
  | {
      type: 'deployment-held';
      reason: string;
      sort: string;
      until: number | null;
      item: string | null;
      forOps: boolean;
      frozen: boolean;
      turns: number;
    }
  /** It goes on waiting for the same reason, and the window opened or closed meanwhile. */
  | { type: 'window-turned'; frozen: boolean; turns: number }
  /** The platform does not take the approval: it is not said again by itself. */
  | { type: 'approval-refused'; item: string | null; why: string }
  | { type: 'deployment-approved'; item: string | null }
  | { type: 'deployment-rejected'; item: string | null; reason: string };

export function evolveDeployment(
  before: DeploymentState | undefined,
  event: DeploymentEvent,
  { at }: Meta,
): DeploymentState {
  if (event.type === 'deployment-asked') {
    const { type: _type, ...asked } = event;
    const fresh = { item: null, state: 'asked', reason: null, sort: null, until: null } as const;
    return { ...asked, ...fresh, holds: 0, frozen: null, turns: null, changes: (before?.changes ?? 0) + 1 };
  }
  if (before === undefined) throw new Error(`a deployment begins with being asked for, not with ${event.type}`);
  const state = { ...before, changes: before.changes + 1, item: 'item' in event ? event.item : before.item };
  switch (event.type) {
    case 'deployment-held': {
      const { reason, sort, until, frozen, turns } = event;
      return { ...state, state: 'held', reason, sort, until, frozen, turns, holds: before.holds + 1 };
    }
    case 'window-turned':
      return { ...state, frozen: event.frozen, turns: event.turns };
    case 'approval-refused':
      return { ...state, state: 'held', reason: event.why, sort: event.why, until: null, unsure: event.why };
    case 'deployment-approved':
      return { ...state, state: 'approved', reason: null, until: null, approvedAt: at };
    case 'deployment-rejected':
      return { ...state, state: 'rejected', reason: event.reason, until: null };
    default:
      return event satisfies never;
  }
}

/** A run may be started again at the same address, by somebody else. Undefined: it is what was asked before, or older. */
export function askedAnew(before: DeploymentState, asked: Asked): Asked | undefined {
  const isKnown = before.number !== null && asked.number !== null;
  if (isKnown && asked.number !== before.number)
    return Number(asked.number) > Number(before.number) ? asked : undefined;
  const facts = ['sha', 'version', 'by', 'number', 'installation'] as const;
  const isSame = before.byNumber == null || asked.byNumber == null || before.byNumber === asked.byNumber;
  if (isSame && facts.every((fact) => before[fact] === asked[fact])) return undefined;
  // Nobody can say which of the two is what waits there.
  return { ...asked, unsure: 'It was told twice, and not the same; start it again in a run of its own.' };
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
  /** `was`: it stood there under this mark, from before its number was kept. */
  | { type: 'deployment-seen'; mark: string; sha: string; version: string; by: string; was?: string }
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
      return { ...before, seen: [...before.seen.filter((mark) => mark !== event.was), event.mark].slice(-KEPT) };
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

/** The environment that GitHub means: it takes `Production` and `production` for one. */
export const environmentOf = (name: string | null): Environment | undefined =>
  Environment.safeParse(name?.toLowerCase()).data;

/** Is what is deployed the version that was named? A commit may be named by its beginning. */
export function isVersion(named: string, { version, sha }: { version: string | null; sha: string | null }): boolean {
  if (named === version || named === sha) return true;
  return /^[0-9a-f]{7,40}$/i.test(named) && sha?.toLowerCase().startsWith(named.toLowerCase()) === true;
}
