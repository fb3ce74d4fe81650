import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { type Access, type AccessOptions, APP_ID, createAccess } from './access.ts';
import { type Actions, createActions } from './actions.ts';
import { type Fault, isHandled, spoil } from './faults.ts';
import { createHooks, type Hooks } from './hooks.ts';
import { isPageOfApps, type NewApp, servePageOfApps } from './page-of-apps.ts';
import { missing, Refusal } from './refusal.ts';
import type { Result, Route } from './router.ts';
import { type AppSettings, appRoutes } from './routes-app.ts';
import { ISSUE_ROUTES } from './routes-issues.ts';
import { RELEASE_ROUTES } from './routes-releases.ts';
import { addRepo, createWorld, type Repo, type User, type World } from './world.ts';

/** GitHub on loopback. `assumptions.ts` says what it takes for granted about the real one. */

export interface GithubPeerOptions extends AccessOptions {
  readonly repositories?: readonly string[];
  readonly webhookSecret?: string;
  readonly now?: () => number;
}
interface Call {
  /** `POST /repos/{owner}/{repo}/issues`. */
  readonly route: string;
  readonly path: string;
  readonly body: Readonly<Record<string, unknown>>;
  readonly at: number;
  status: number;
}
export interface GithubPeer
  extends Pick<
    Actions,
    | 'open'
    | 'comment'
    | 'edit'
    | 'label'
    | 'unlabel'
    | 'turn'
    | 'rename'
    | 'remove'
    | 'transfer'
    | 'deploy'
    | 'rerun'
    | 'finish'
  > {
  readonly apiUrl: string;
  readonly appId: string;
  readonly webhookSecret: string;
  readonly access: Access;
  readonly world: World;
  readonly hooks: Hooks;
  readonly settings: AppSettings;
  readonly calls: readonly Call[];
  /** The Apps that were made through the page for them. */
  readonly apps: readonly NewApp[];
  repo(name: string): Repo;
  user(login: string, type?: User['type']): User;
  /** Calls of a route, the tries that failed among them. */
  count(route: string): number;
  fault(route: string, fault: Fault, times?: number): void;
  clearFaults(): void;
  away(gone: boolean): Promise<void>;
  stop(): Promise<void>;
}

/** Opens a GitHub with these repositories, the App installed on them. */
export async function createGithubPeer(options: GithubPeerOptions = {}): Promise<GithubPeer> {
  const world = createWorld(options.now ?? Date.now);
  const access = createAccess(world, options);
  const webhookSecret = options.webhookSecret ?? 'a-secret-of-the-webhook';
  const hooks = createHooks(world, webhookSecret);
  const settings: AppSettings = { hookUrl: undefined, hookType: 'json', codes: new Set(), secret: webhookSecret };
  for (const name of options.repositories ?? ['example/grid']) {
    addRepo(world, name);
    access.installation.repositories.add(name);
  }
  let root = '';
  const actions = createActions(
    world,
    hooks,
    () => root,
    () => access.installation.id,
  );
  const routes = [...appRoutes(settings), ...ISSUE_ROUTES, ...RELEASE_ROUTES];
  const calls: Call[] = [];
  const apps: NewApp[] = [];
  let faults: { readonly route: string; readonly fault: Fault; left: number }[] = [];
  const takeFault = (name: string): Fault | undefined => {
    const found = faults.find(({ route }) => route === name || route === '*');
    if (found === undefined) return undefined;
    found.left -= 1;
    if (found.left <= 0) faults = faults.filter((each) => each !== found);
    return found.fault;
  };

  const serve = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    if (isPageOfApps(request.url ?? '/')) return servePageOfApps(request, response, settings.codes, apps);
    const body = await bodyOf(request);
    const url = new URL(request.url ?? '/', 'http://peer');
    const found = match(routes, request.method ?? 'GET', url.pathname);
    const call: Call = {
      route: found?.route.route ?? `${request.method} ${url.pathname}`,
      path: `${url.pathname}${url.search}`,
      body,
      at: world.now(),
      status: 0,
    };
    calls.push(call);
    const fault = takeFault(call.route);
    if (fault !== undefined && !isHandled(fault)) return spoil(fault, response, world.now());
    const result = answer(() => {
      const isOpen = call.route.startsWith('POST /app-manifests/');
      const caller = isOpen ? ({ is: 'app' } as const) : access.caller(request.headers.authorization);
      if (found === undefined) throw missing();
      const { route, params } = found;
      return route.handle({ world, access, actions, hooks, root, caller, params, query: url.searchParams, body });
    });
    call.status = result.status;
    world.changes.emit('change');
    if (fault !== undefined) return spoil(fault, response, world.now());
    call.status = write(request, response, result, world.now());
  };
  const door = createDoor((request, response) => void serve(request, response).catch(() => response.destroy()));
  root = `http://127.0.0.1:${await door.open()}`;

  return {
    ...actions,
    apiUrl: root,
    appId: APP_ID,
    webhookSecret,
    access,
    world,
    hooks,
    settings,
    calls,
    apps,
    repo: (name) => {
      const repo = world.find(name);
      if (repo === undefined) throw new Error(`there is no ${name}`);
      return repo;
    },
    user: world.user,
    count: (route) => calls.filter((call) => call.route === route).length,
    fault: (route, fault, times = 1) => void faults.push({ route, fault, left: times }),
    clearFaults: () => {
      faults = [];
    },
    away: async (gone) => {
      if (gone) await door.shut();
      else await door.open();
    },
    stop: async () => {
      await hooks.settled();
      await door.shut();
    },
  };
}

function answer(work: () => Result): Result {
  try {
    return work();
  } catch (error) {
    if (error instanceof Refusal) return { status: error.status, body: error.body, headers: error.headers };
    return {
      status: 500,
      body: { message: `the peer itself failed: ${error instanceof Error ? error.stack : error}` },
    };
  }
}

function match(routes: readonly Route[], method: string, path: string) {
  for (const route of routes) {
    const read = route.route.startsWith(`${method} `) ? route.pattern.exec(path) : null;
    if (read === null) continue;
    const params = Object.fromEntries(route.names.map((name, at) => [name, decodeURIComponent(read[at + 1] ?? '')]));
    return { route, params };
  }
  return undefined;
}

/** Answers; where nothing is new since the tag that the caller has, with that. */
function write(request: IncomingMessage, response: ServerResponse, result: Result, now: number): number {
  const body = result.body === undefined ? '' : JSON.stringify(result.body);
  const tag = `W/"${createHash('sha1').update(body).digest('hex')}"`;
  const headers = {
    date: new Date(now).toUTCString(),
    'x-ratelimit-limit': '5000',
    'x-ratelimit-remaining': '4999',
    ...result.headers,
  };
  const isRead = request.method === 'GET' && result.status === 200;
  const isKnown = isRead && request.headers['if-none-match'] === tag;
  const status = isKnown ? 304 : result.status;
  const tagged = isRead ? { ...headers, etag: tag } : headers;
  if (isKnown || status === 204) response.writeHead(status, tagged).end();
  else response.writeHead(status, { 'content-type': 'application/json; charset=utf-8', ...tagged }).end(body);
  return status;
}

async function bodyOf(request: IncomingMessage): Promise<Readonly<Record<string, unknown>>> {
  const parts: Buffer[] = [];
  for await (const part of request as AsyncIterable<Buffer>) parts.push(part);
  const text = Buffer.concat(parts).toString('utf8');
  const parsed: unknown = text === '' ? {} : JSON.parse(text);
  return typeof parsed === 'object' && parsed !== null ? Object.fromEntries(Object.entries(parsed)) : {};
}

/** The peer's port: it may be shut and opened again. */
function createDoor(handle: (request: IncomingMessage, response: ServerResponse) => void) {
  const sockets = new Set<Socket>();
  let server: Server | undefined;
  let port = 0;
  return {
    open: async (): Promise<number> => {
      if (server !== undefined) return port;
      server = createServer(handle);
      server.keepAliveTimeout = 0;
      server.on('connection', (socket: Socket) => {
        sockets.add(socket);
        socket.on('close', () => sockets.delete(socket));
        socket.on('error', () => socket.destroy());
      });
      server.listen(port, '127.0.0.1');
      await once(server, 'listening');
      port = (server.address() as AddressInfo).port;
      return port;
    },
    shut: async (): Promise<void> => {
      if (server === undefined) return;
      const closed = once(server, 'close');
      server.close();
      server = undefined;
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}
