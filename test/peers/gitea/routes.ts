import type { Commit, Repository, World } from './peer.ts';

/** The calls of the API that the peer has, each answered as the real one does. */

export interface Answered {
  readonly status: number;
  readonly body: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  readonly hasContent?: boolean;
}

type Query = Readonly<Record<string, string>>;

const absent: Answered = {
  status: 404,
  body: { message: 'The target couldn’t be found.', errors: [], url: '/api/swagger' },
};
const PAGE = 2;

export function routes(world: World, [area, ...rest]: readonly string[], query: Query, isKnown: boolean): Answered {
  if (area === 'version') return { status: 200, body: { version: '1.23.1' } };
  if (area === 'user' && rest[0] === 'repos') return ownRepositories(world, query, isKnown);
  if (area !== 'repos') return absent;
  const [owner, name, what, ...path] = rest;
  const repository = world.repositories.get(`${owner}/${name}`.toLowerCase());
  if (repository === undefined) return absent;
  if (repository.movedTo !== undefined)
    return { status: 301, body: '', headers: { location: `/gitea/api/v1/repos/${repository.movedTo}` } };
  if (repository.isPublic !== true && !(isKnown && repository.isVisible)) return absent;
  if (what === undefined) return { status: 200, body: toRepository(repository) };
  if (what === 'contents')
    return contents(
      repository,
      path.filter((part) => part !== ''),
      query,
    );
  if (what === 'commits') return commits(repository, query);
  return what === 'wiki' ? wiki(repository, path) : absent;
}

const toRepository = ({ name, isPublic }: Repository) => ({
  full_name: name,
  private: isPublic !== true,
  description: 'documents',
  updated_at: '2026-01-01T00:00:00Z',
});

/** Those it was let into; public ones of others are not among them. */
function ownRepositories(world: World, query: Query, isKnown: boolean): Answered {
  if (!isKnown) return { status: 401, body: { message: 'token is required' } };
  if (!world.readsUser)
    return { status: 403, body: { message: 'token does not have at least one of required scope(s): [read:user]' } };
  const all = [...world.repositories.values()].filter(({ isVisible, isPublic }) => isVisible && isPublic !== true);
  const from = (Number(query.page ?? '1') - 1) * PAGE;
  return { status: 200, body: all.slice(from, from + PAGE).map(toRepository) };
}

function contents(repository: Repository, parts: readonly string[], query: Query): Answered {
  if (query.ref !== undefined && !hasRef(repository, query.ref)) return absent;
  const path = parts.join('/');
  const words = repository.files[path];
  if (words !== undefined) {
    const content = Buffer.from(words).toString('base64');
    return {
      status: 200,
      body: { name: parts.at(-1), path, type: 'file', encoding: 'base64', content },
      hasContent: true,
    };
  }
  const below = path === '' ? '' : `${path}/`;
  const names = new Map(
    Object.keys(repository.files)
      .filter((each) => each.startsWith(below))
      .map((each) => each.slice(below.length).split('/'))
      .map(([name = '', ...more]) => [name, more.length === 0 ? 'file' : 'dir']),
  );
  if (names.size === 0 && path !== '') return absent;
  return {
    status: 200,
    body: [...names].map(([name, type]) => ({ name, path: `${below}${name}`, type, encoding: null, content: null })),
  };
}

const hasRef = ({ branches, commits: all }: Repository, ref: string): boolean =>
  branches.includes(ref) || all.some(({ sha }) => sha.startsWith(ref));

function commits(repository: Repository, { path, sha }: Query): Answered {
  if (repository.commits.length === 0) return { status: 409, body: { message: 'Git Repository is empty.' } };
  if (sha !== undefined && !hasRef(repository, sha)) return absent;
  const touching = repository.commits.filter(
    ({ changed }) => path === undefined || changed.some((each) => each === path || each.startsWith(`${path}/`)),
  );
  return touching.length === 0 ? absent : { status: 200, body: touching.map(toCommit) };
}

const toCommit = ({ sha, message, at }: Commit) => ({
  sha,
  created: at,
  commit: { message, author: { date: '2001-01-01T00:00:00Z' }, committer: { name: 'W', date: at } },
});

function wiki(repository: Repository, [what, name]: readonly string[]): Answered {
  if (what === 'pages') {
    const pages = Object.keys(repository.wiki).map((title) => ({ title, sub_url: encodeURIComponent(title) }));
    return { status: 200, body: pages };
  }
  const words = name === undefined ? undefined : repository.wiki[name];
  if (words === undefined) return absent;
  if (what === 'page')
    return {
      status: 200,
      body: { title: name, content_base64: Buffer.from(words).toString('base64') },
      hasContent: true,
    };
  if (what !== 'revisions') return absent;
  const revision = {
    sha: '1'.repeat(40),
    author: { date: '2001-01-01T00:00:00Z' },
    commiter: { date: '2026-02-01T08:00:00Z' },
  };
  return { status: 200, body: { commits: [revision], count: 1 } };
}
