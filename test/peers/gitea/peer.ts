import { createHmac, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { type Answered, routes } from './routes.ts';

/** A Gitea of our own on loopback, after what is known of the real one: see `assumptions.ts`. */

export interface Commit {
  readonly sha: string;
  readonly message: string;
  readonly at: string;
  readonly changed: readonly string[];
}

interface RepositorySettings {
  /** `owner/repo`. */
  readonly name: string;
  /** Has the bot's user been let in? Public ones are seen by everybody. */
  readonly isVisible?: boolean;
  readonly isPublic?: boolean;
  /** What files say, by their paths. */
  readonly files?: Readonly<Record<string, string>>;
  readonly wiki?: Readonly<Record<string, string>>;
  readonly branches?: readonly string[];
  /** It has another name now. */
  readonly movedTo?: string;
}
export interface Repository extends RepositorySettings {
  isVisible: boolean;
  readonly files: Record<string, string>;
  readonly wiki: Record<string, string>;
  readonly branches: readonly string[];
  /** The newest first. */
  readonly commits: Commit[];
}

interface Call {
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  readonly authorization: string | undefined;
  status: number;
  /** Did the answer hold what a file or a page says? */
  hasContent: boolean;
}

export type Fault =
  | { readonly status: number; readonly body?: string; readonly headers?: Readonly<Record<string, string>> }
  | 'reset'
  | 'hang';

export interface GiteaPeer {
  readonly url: string;
  readonly token: string;
  readonly secret: string;
  readonly calls: Call[];
  repository(settings: RepositorySettings): Repository;
  /** Writes files (null: takes one away) and makes a commit of it. */
  commit(repository: Repository, files: Readonly<Record<string, string | null>>, at: string, message?: string): Commit;
  /** The webhook that this push makes, signed over its bytes. */
  delivery(
    repository: Repository,
    commit: Commit,
  ): { readonly headers: Readonly<Record<string, string>>; readonly body: Buffer };
  /** May the token ask for the user's own list of repositories? */
  readsUser(may: boolean): void;
  /** The next call whose path contains this fails so. */
  fault(path: string, fault: Fault, times?: number): void;
  clearFaults(): void;
  close(): Promise<void>;
}

export interface World {
  readonly token: string;
  readonly repositories: Map<string, Repository>;
  readsUser: boolean;
}

/** The server below a path of its own, as many have it. */
const ROOT = '/gitea';

export async function createGiteaPeer(): Promise<GiteaPeer> {
  const world: World = { token: 'f00dcafe0123456789abcdef0123456789abcdef', repositories: new Map(), readsUser: true };
  const calls: Call[] = [];
  const faults: { readonly path: string; readonly fault: Fault; left: number }[] = [];
  const sockets = new Set<Socket>();
  const server: Server = createServer((request, response) => serve(world, calls, faults, request, response));
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('error', () => socket.destroy());
    socket.on('close', () => sockets.delete(socket));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const secret = 'a secret of the tests';
  let serial = 0;
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}${ROOT}`,
    token: world.token,
    secret,
    calls,
    repository: (settings) => {
      const repository: Repository = {
        branches: ['main'],
        ...settings,
        isVisible: settings.isVisible ?? true,
        files: { ...settings.files },
        wiki: { ...settings.wiki },
        commits: [],
      };
      world.repositories.set(settings.name.toLowerCase(), repository);
      return repository;
    },
    commit: (repository, files, at, message = 'a commit') => {
      serial += 1;
      const commit = { sha: String(serial).padStart(40, '0'), message, at, changed: Object.keys(files) };
      for (const [path, words] of Object.entries(files)) {
        if (words === null) delete repository.files[path];
        else repository.files[path] = words;
      }
      repository.commits.unshift(commit);
      return commit;
    },
    delivery: (repository, commit) => signed(secret, repository, commit),
    readsUser: (may) => {
      world.readsUser = may;
    },
    fault: (path, fault, times = 1) => void faults.push({ path, fault, left: times }),
    clearFaults: () => void faults.splice(0),
    close: async () => {
      const closed = once(server, 'close');
      server.close();
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}

function signed(secret: string, { name }: Repository, commit: Commit) {
  const body = Buffer.from(
    JSON.stringify({
      ref: 'refs/heads/main',
      commits: [{ id: commit.sha, message: commit.message, added: [], removed: [], modified: commit.changed }],
      repository: { id: 1, full_name: name, private: true },
      pusher: { login: 'writer' },
    }),
  );
  const signature = createHmac('sha256', secret).update(body).digest('hex');
  const id = randomUUID();
  const headers = {
    'content-type': 'application/json',
    'x-gitea-event': 'push',
    'x-gitea-delivery': id,
    'x-gitea-signature': signature,
    'x-gogs-signature': signature,
    'x-github-event': 'push',
    'x-github-delivery': id,
    'x-hub-signature-256': `sha256=${signature}`,
  };
  return { headers, body };
}

function serve(
  world: World,
  calls: Call[],
  faults: { readonly path: string; readonly fault: Fault; left: number }[],
  request: IncomingMessage,
  response: ServerResponse,
): void {
  // As it was sent: what `URL` would tidy up is what matters here.
  const [path = '', search = ''] = (request.url ?? '').split('?');
  const query = Object.fromEntries(new URLSearchParams(search));
  const { authorization } = request.headers;
  const call: Call = { path, query, authorization, status: 0, hasContent: false };
  calls.push(call);
  const planned = faults.find((each) => each.left > 0 && path.includes(each.path));
  if (planned !== undefined) planned.left -= 1;
  const fault = planned?.fault;
  if (fault === 'hang') return;
  if (fault === 'reset') return void request.socket.resetAndDestroy();
  const answered: Answered =
    fault === undefined
      ? answer(world, path, query, authorization, request.method)
      : { status: fault.status, body: fault.body ?? '', headers: fault.headers ?? {} };
  call.status = answered.status;
  call.hasContent = answered.hasContent ?? false;
  const body = typeof answered.body === 'string' ? answered.body : JSON.stringify(answered.body);
  response.writeHead(answered.status, { 'content-type': 'application/json', ...answered.headers }).end(body);
}

function answer(
  world: World,
  path: string,
  query: Readonly<Record<string, string>>,
  authorization: string | undefined,
  method: string | undefined,
): Answered {
  const api = `${ROOT}/api/v1/`;
  if (method !== 'GET' || !path.startsWith(api)) return { status: 404, body: { message: 'Not Found' } };
  const isKnown = authorization === `token ${world.token}` || authorization === `Bearer ${world.token}`;
  if (authorization !== undefined && !isKnown) return { status: 401, body: { message: 'user does not exist' } };
  return routes(world, path.slice(api.length).split('/').map(decodeURIComponent), query, isKnown);
}
