import type { Repositories, Repository } from './repositories.ts';

/** Where a waiting deployment is answered: an address of our own GitHub, of a repository of ours, and no other. */
export interface Callback {
  readonly repository: Repository;
  readonly run: number;
}

/** Reads the address that a webhook brings; undefined where anything about it is odd. */
export function callbackOf(url: string, apiUrl: string, repositories: Repositories): Callback | undefined {
  if (!URL.canParse(url) || /[\s\\%]/.test(url)) return undefined;
  const { origin, pathname, search, hash, username, password } = new URL(url);
  const base = new URL(apiUrl);
  if (origin !== base.origin || search !== '' || hash !== '' || username !== '' || password !== '') return undefined;
  const root = base.pathname.replace(/\/+$/, '');
  if (!pathname.startsWith(`${root}/`)) return undefined;
  const read = /^\/repos\/([\w.-]+\/[\w.-]+)\/actions\/runs\/(\d{1,15})\/deployment_protection_rule$/.exec(
    pathname.slice(root.length),
  );
  const repository = read === null ? undefined : repositories.find(read[1] ?? '');
  return repository === undefined ? undefined : { repository, run: Number(read?.[2]) };
}
