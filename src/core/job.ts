import type { Severity } from './organisation.ts';

/** What is to be done on the places where stories and issues are kept. Decided here, done by their adapters. */

export type ForgePlatform = 'github' | 'circles';

/** Work for a forge. What people wrote in it is plain text: the adapter makes it harmless in one place. */
export type Job =
  /** A new issue, story or piece of feedback in a repository (`owner/name`) or a circle (its slug). */
  | {
      readonly do: 'log';
      readonly where: string;
      readonly sort: 'issue' | 'story' | 'feedback';
      readonly title: string;
      readonly body: string;
      readonly labels: readonly string[];
      readonly severity: Severity | null;
    }
  /** A comment. `status`: the one that tells where its item stands; an earlier one is edited instead. */
  | { readonly do: 'comment'; readonly ref: string; readonly body: string; readonly status: boolean }
  | { readonly do: 'label'; readonly ref: string; readonly add: readonly string[]; readonly remove: readonly string[] }
  | { readonly do: 'turn'; readonly ref: string; readonly to: 'open' | 'closed' }
  /** A story goes to this status (a slug). */
  | { readonly do: 'move'; readonly ref: string; readonly status: string }
  /** A story's issue: kept on the story as well. */
  | { readonly do: 'pair'; readonly story: string; readonly issue: string }
  /** A circle of this name from the template: one that is there already is taken. */
  | { readonly do: 'circle'; readonly name: string; readonly description: string }
  /** A deployment that waits: let through, turned away, or held with the reason. */
  | {
      readonly do: 'deployment';
      readonly callback: string;
      readonly environment: string;
      readonly decision: 'approved' | 'rejected' | 'held';
      readonly comment: string;
      /** The installation through which it was told; it must be the repository's own. */
      readonly installation?: number;
    }
  /** The check run that says whether releases are frozen. */
  | {
      readonly do: 'check';
      readonly repository: string;
      readonly sha: string;
      readonly frozen: boolean;
      readonly summary: string;
    };

/** A job on its way: where it queues, and what it belongs to. */
export interface Order {
  readonly platform: ForgePlatform;
  /** The repository or the circle: what is done there is done in its order. */
  readonly where: string;
  readonly job: Job;
  /** Unique to the job: what an earlier try made is found by it. Small letters, digits and dashes. */
  readonly marker: string;
  /** What hears of its end: a placeholder, an item's key, a deployment's id. */
  readonly of: string;
}

/** What the core knows of the connection to the forges. Without it stories and issues are kept in the embedded tracker. */
export interface Forges {
  connected(platform: ForgePlatform): boolean;
  /** When what we know of the platform was last compared with it, wholly; undefined: never. */
  verifiedAt(platform: ForgePlatform): number | undefined;
}
