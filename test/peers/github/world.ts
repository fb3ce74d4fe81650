import { EventEmitter } from 'node:events';

/** What there is on this GitHub. */

export interface User {
  readonly login: string;
  readonly id: number;
  readonly type: 'User' | 'Bot';
}
interface Label {
  readonly name: string;
  readonly color: string;
}
export interface Comment {
  readonly id: number;
  body: string;
  readonly user: User;
  readonly created: number;
  updated: number;
  readonly viaApp: boolean;
}
export interface Issue {
  readonly id: number;
  readonly number: number;
  title: string;
  body: string;
  readonly user: User;
  state: 'open' | 'closed';
  reason: string | null;
  labels: string[];
  readonly created: number;
  updated: number;
  readonly comments: Comment[];
  readonly isPull: boolean;
  gone?: 'deleted' | { readonly to: string };
}
export interface DeploymentState {
  readonly state: string;
  readonly environment: string;
  readonly url: string;
  readonly user: User;
  readonly created: number;
}
export interface Deployment {
  readonly id: number;
  readonly sha: string;
  readonly ref: string;
  readonly environment: string;
  readonly creator: User;
  readonly created: number;
  readonly states: DeploymentState[];
  /** The run of Actions that waits for our word. */
  readonly run: number;
  waits: boolean;
  readonly reports: { readonly state: 'approved' | 'rejected' | undefined; readonly comment: string }[];
}
export interface CheckRun {
  readonly id: number;
  readonly name: string;
  readonly sha: string;
  status: string;
  conclusion: string | null;
  external: string;
  output: { readonly title?: string; readonly summary?: string };
}
export interface Repo {
  readonly id: number;
  /** `owner/name`. */
  readonly name: string;
  readonly issues: Issue[];
  readonly labels: Label[];
  readonly deployments: Deployment[];
  readonly checks: CheckRun[];
  /** Environments that ask our protection rule. */
  readonly guarded: Set<string>;
  hasIssues: boolean;
  hooks: unknown[];
}

export interface World {
  readonly repos: Map<string, Repo>;
  readonly users: Map<string, User>;
  readonly changes: EventEmitter;
  now(): number;
  id(): number;
  find(name: string): Repo | undefined;
  user(login: string, type?: User['type']): User;
}

export function createWorld(now: () => number): World {
  let last = 1_000;
  const repos = new Map<string, Repo>();
  const users = new Map<string, User>();
  const id = (): number => {
    last += 1;
    return last;
  };
  return {
    repos,
    users,
    changes: new EventEmitter(),
    now,
    id,
    find: (name) => repos.get(name.toLowerCase()),
    user: (login, type = 'User') => {
      const known = users.get(login.toLowerCase()) ?? { login, id: id(), type };
      users.set(login.toLowerCase(), known);
      return known;
    },
  };
}

/** GitHub tells times by the second. */
export const iso = (at: number): string => new Date(at).toISOString().replace(/\.\d+Z$/, 'Z');

export function addRepo(world: World, name: string): Repo {
  const repo: Repo = {
    id: world.id(),
    name,
    issues: [],
    labels: [],
    deployments: [],
    checks: [],
    guarded: new Set(),
    hasIssues: true,
    hooks: [],
  };
  world.repos.set(name.toLowerCase(), repo);
  return repo;
}
