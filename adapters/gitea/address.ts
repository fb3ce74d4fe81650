/** Addresses of Gitea's pages, and which of them may be asked after at all: decided on the address alone, before any request. */

export interface Page {
  readonly owner: string;
  readonly repo: string;
  readonly sort: 'repository' | 'file' | 'wiki';
  /** The folders and the file, decoded; a wiki's page has one. */
  readonly path: readonly string[];
  /** The branch, tag or commit that the address names. */
  readonly ref?: string;
}

/** Letters of ASCII alone: a name that only becomes one of ours when it is made small is none of ours. */
const NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/;

/** Reads an address below `base`; undefined: not on this Gitea, or written in a way that could mean two things. */
export function readPage(base: URL, text: string): Page | undefined {
  if (!URL.canParse(text)) return undefined;
  const url = new URL(text);
  if (url.origin !== base.origin || url.username !== '' || url.password !== '') return undefined;
  const root = base.pathname.replace(/\/+$/, '');
  if (!url.pathname.startsWith(`${root}/`)) return undefined;
  const segments = url.pathname
    .slice(root.length + 1)
    .replace(/\/$/, '')
    .split('/')
    .map(decoded);
  const [owner, repo, area, ...rest] = segments;
  if (!segments.every((each) => each !== undefined)) return undefined;
  if (owner === undefined || repo === undefined || !NAME.test(owner) || !NAME.test(repo)) return undefined;
  const path = rest.filter((each) => each !== undefined);
  if (area === undefined) return { owner, repo, sort: 'repository', path: [] };
  if (area === 'wiki') return wikiPage(owner, repo, path);
  return area === 'src' ? filePage(owner, repo, path) : undefined;
}

function filePage(owner: string, repo: string, [kind, ref, ...path]: readonly string[]): Page | undefined {
  if (ref === undefined || (kind !== 'branch' && kind !== 'tag' && kind !== 'commit')) return undefined;
  if (kind === 'commit' && !/^[0-9a-f]{7,64}$/.test(ref)) return undefined;
  return { owner, repo, sort: 'file', path, ref };
}

function wikiPage(owner: string, repo: string, [name = 'Home', ...more]: readonly string[]): Page | undefined {
  // What begins so is one of Gitea's own pages: the list, the form for a new one.
  if (more.length > 0 || name.startsWith('_')) return undefined;
  return { owner, repo, sort: 'wiki', path: [name] };
}

/**
 * One part of a path as Gitea reads it. A slash or a step up that is hidden in an escape, also in one that is escaped
 * once more, may be read in another way by a proxy on the way: such a part is none.
 */
function decoded(segment: string): string | undefined {
  try {
    const part = decodeURIComponent(segment);
    const isOdd = part === '' || part === '.' || part === '..' || /[/\\\p{Cc}]|%[0-9a-f]{2}/iu.test(part);
    return isOdd ? undefined : part;
  } catch {
    return undefined;
  }
}

/** Is this address on Gitea's host at all, by either protocol and however the host is written? */
export function isOnHost(base: URL, text: string): boolean {
  if (!URL.canParse(text)) return false;
  const url = new URL(text);
  return /^https?:$/.test(url.protocol) && hostOf(url) === hostOf(base) && portOf(url) === portOf(base);
}

const hostOf = ({ hostname }: URL): string => hostname.replace(/\.$/, '');
/** One that is not written is the usual one of either protocol: both lead to the same server. */
const portOf = ({ port }: URL): string => (port === '80' || port === '443' ? '' : port);

export interface Allowed {
  readonly owner: string;
  readonly repo: string;
  readonly prefix: readonly string[];
}

/** Reads a line of the allow-list: `owner/repo` or `owner/repo/folder`. */
export function readAllowed(line: string): Allowed | undefined {
  const [owner, repo, ...prefix] = line.trim().replace(/\/$/, '').split('/');
  if (owner === undefined || repo === undefined || !NAME.test(owner) || !NAME.test(repo)) return undefined;
  const isPlain = prefix.every((part) => decoded(part) === part && !/[*?]/.test(part));
  return isPlain ? { owner, repo, prefix } : undefined;
}

/** Gitea takes the names of owners and repositories in any case, but not those of files. */
export const nameOf = ({ owner, repo }: { readonly owner: string; readonly repo: string }): string =>
  `${owner}/${repo}`.toLowerCase();

/** May this path of the repository be asked after? A wiki and the repository itself only where all of it is allowed. */
export function allows(list: readonly Allowed[], page: Page): boolean {
  return list.some(
    (each) =>
      nameOf(each) === nameOf(page) &&
      (each.prefix.length === 0 || (page.sort === 'file' && begins(page.path, each.prefix))),
  );
}

const begins = (path: readonly string[], prefix: readonly string[]): boolean =>
  prefix.every((part, index) => path[index] === part);
