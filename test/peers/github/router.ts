import type { Access, Caller } from './access.ts';
import type { Actions } from './actions.ts';
import type { Hooks } from './hooks.ts';
import { forbidden, missing, Refusal } from './refusal.ts';
import type { Issue, Repo, User, World } from './world.ts';

/** Which call does what, and who may make it. */

export interface Context {
  readonly world: World;
  readonly access: Access;
  readonly actions: Actions;
  readonly hooks: Hooks;
  readonly root: string;
  readonly caller: Caller;
  readonly params: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  readonly body: Readonly<Record<string, unknown>>;
}
export interface Result {
  readonly status: number;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}
export interface Route {
  readonly route: string;
  readonly pattern: RegExp;
  readonly names: readonly string[];
  handle(context: Context): Result;
}

export function route(name: string, handle: Route['handle']): Route {
  const path = name.slice(name.indexOf(' ') + 1);
  const names = [...path.matchAll(/\{(\w+)\}/g)].map(([, one = '']) => one);
  const pattern = new RegExp(`^${path.replace(/\{\w+\}/g, '([^/]+)')}$`);
  return { route: name, pattern, names, handle };
}

export const ok = (body: unknown, headers: Readonly<Record<string, string>> = {}): Result => ({
  status: 200,
  body,
  headers,
});

/** The App itself, by its signed token, and nobody else. */
export function appOnly({ caller }: Context): void {
  if (caller.is !== 'app') throw new Refusal(401, 'A JSON web token could not be decoded');
}

/** The repository, for those who may see it, with the right that the call needs. */
export function repoOf(
  context: Context,
  right = 'metadata',
  level: 'read' | 'write' = 'read',
): { repo: Repo; user: User; push: boolean } {
  const { caller, access, world, params } = context;
  if (caller.is === 'app') throw new Refusal(403, 'Resource not accessible by integration');
  const repo = world.find(`${params.owner}/${params.repo}`);
  if (repo === undefined) throw missing();
  if (caller.is === 'installation') {
    if (!access.installation.repositories.has(repo.name)) throw missing();
    if (access.installation.suspended) throw new Refusal(403, 'This installation has been suspended');
    const granted = access.permissions[right];
    if (granted === undefined || (level === 'write' && granted === 'read')) throw forbidden();
  }
  return { repo, user: caller.user, push: caller.push };
}

export function issueOf(context: Context, repo: Repo): Issue {
  if (!repo.hasIssues) throw new Refusal(410, 'Issues are disabled for this repo');
  const issue = repo.issues[Number(context.params.number) - 1];
  if (issue === undefined) throw missing();
  if (issue.gone === 'deleted') throw new Refusal(410, 'This issue was deleted');
  return issue;
}

/** One page of what there is, and where the next one is. */
export function page<T>(
  { query, root }: Context,
  path: string,
  rows: readonly T[],
): { rows: readonly T[]; headers: Record<string, string> } {
  const per = Math.min(100, Math.max(1, Number(query.get('per_page') ?? 30)));
  const at = Math.max(1, Number(query.get('page') ?? 1));
  const next = new URLSearchParams(query);
  next.set('page', String(at + 1));
  const hasNext = rows.length > at * per;
  return {
    rows: rows.slice((at - 1) * per, at * per),
    headers: hasNext ? { link: `<${root}${path}?${next}>; rel="next"` } : {},
  };
}

export const text = (value: unknown): string => (typeof value === 'string' ? value : '');
export const texts = (value: unknown): string[] =>
  Array.isArray(value) ? value.filter((each) => typeof each === 'string') : [];
