import type { Unproved } from '../../src/forge-ports.ts';
import { type Allowed, nameOf } from './address.ts';
import type { Client } from './client.ts';
import { Repository, Version } from './schema.ts';

/**
 * Credentials are kept on the same Gitea, and its tokens are not per repository: so it is proved that ours can see
 * none of them. Whatever is not a plain proof is a reason to ask for nothing else; what it can see, not to start.
 */

const MOST_PAGES = 100;
const MEND = 'give the bot a user of its own that reads the documentation and nothing else';

/** Undefined: proved. */
export async function proveBlindness(
  client: Client,
  allowed: readonly Allowed[],
  forbidden: readonly Allowed[],
): Promise<Unproved | undefined> {
  // An address where nothing is would answer 404 to everything, and so prove it all.
  const version = await client.object('/version');
  if (version.is === 'unreached') return unproved(version.why);
  if (version.status !== 200) return unproved(`GITEA_URL answered ${version.status}, which is no Gitea`);
  if (!Version.safeParse(version.object).success) return unproved('GITEA_URL answers, and not as Gitea does');
  let unsure: Unproved | undefined;
  for (const { owner, repo } of forbidden) {
    const answer = await client.object(`/repos/${owner}/${repo}`);
    if (answer.is === 'unreached') return unproved(answer.why);
    // A page of a proxy on the way comes with 200 too.
    if (answer.status === 200 && Repository.safeParse(answer.object).success)
      return seen(`the token of Gitea can see ${owner}/${repo}, which is forbidden; ${MEND}`);
    if (answer.status === 401) return unproved('Gitea does not take the token');
    if (answer.status !== 404) unsure ??= unproved(`${owner}/${repo} answered ${answer.status} instead of 404`);
  }
  return unsure ?? proveSubset(client, allowed);
}

/** All that the user was let into, where the token may ask for it. */
async function proveSubset(client: Client, allowed: readonly Allowed[]): Promise<Unproved | undefined> {
  const known = new Set(allowed.map(nameOf));
  for (let page = 1; page <= MOST_PAGES; page += 1) {
    const answer = await client.list('/user/repos', { page: String(page), limit: '50' });
    if (answer.is === 'unreached') return unproved(answer.why);
    // The scope of the token does not reach that far; the forbidden ones have been looked at.
    if (answer.status === 403) return undefined;
    if (answer.status === 401) return unproved('Gitea does not take the token');
    if (answer.status !== 200 || answer.list === undefined)
      return unproved(`the list of repositories answered ${answer.status}, not as a list`);
    // A server may give fewer at a time than were asked for: only an empty page is the end.
    if (answer.list.length === 0) return undefined;
    for (const each of answer.list) {
      const name = Repository.safeParse(each).data?.full_name;
      if (name === undefined) return unproved('the list of repositories is not understood');
      if (!known.has(name.toLowerCase()))
        return seen(`the token of Gitea can see ${shown(name)}, which is not on the allow-list; ${MEND}`);
    }
  }
  return unproved('there are too many repositories');
}

const seen = (why: string): Unproved => ({ is: 'seen', why });
const unproved = (why: string): Unproved => ({
  is: 'unknown',
  why: `could not prove that credentials can not be seen: ${why}`,
});
const shown = (name: string): string => name.replace(/[^\w./-]/g, '?').slice(0, 120);
