import type { Repositories, Repository } from './repositories.ts';

/** Where a waiting deployment is answered: an address of our own GitHub, of a repository of ours, and no other. */
export interface Callback {
  readonly repository: Repository;
  /** The repository in GitHub's own spelling. */
  readonly named: string;
  readonly run: number;
}

/** Reads the address that a webhook brings, letter by letter; undefined where anything about it is odd. */
export function callbackOf(url: string, apiUrl: string, repositories: Repositories): Callback | undefined {
  const { origin, pathname } = new URL(apiUrl);
  const root = `${origin}${pathname.replace(/\/+$/, '')}/repos/`;
  if (!url.startsWith(root)) return undefined;
  const read = /^([\w.-]+\/[\w.-]+)\/actions\/runs\/([1-9]\d{0,14})\/deployment_protection_rule$/.exec(
    url.slice(root.length),
  );
  const [, named = '', run] = read ?? [];
  const repository = repositories.find(named);
  return repository === undefined ? undefined : { repository, named, run: Number(run) };
}
