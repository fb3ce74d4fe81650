import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createGithub, type GithubOptions } from '../../adapters/github/index.ts';
import type { AdapterLog, Changes, ForgeAdapter, ForgeNews, Job } from '../../src/forge-ports.ts';
import { createGithubPeer, type GithubPeer, type GithubPeerOptions } from '../peers/github/peer.ts';

/** The adapter between a GitHub of its peer and an intake that only writes down what it is handed. */

export interface Rig {
  readonly peer: GithubPeer;
  readonly github: ForgeAdapter;
  readonly stored: Map<string, unknown>;
  /** Everything that was logged, as text. */
  readonly logged: string[];
  readonly clock: { now(): number; at: number };
  isFull: boolean;
  /** Pauses that are waited in; calling one ends it. */
  readonly pauses: { readonly milliseconds: number; readonly end: () => void }[];
  start(): Promise<void>;
  /** All that changed, over all pages. */
  drain(cursor?: string): Promise<{ news: ForgeNews[]; cursor: string; pages: number }>;
  stop(): Promise<void>;
}
export interface RigOptions extends GithubPeerOptions {
  /** With a personal token instead of the App. */
  readonly asPerson?: boolean;
  readonly with?: Partial<GithubOptions>;
}

export const START = Date.parse('2026-11-23T09:00:00Z');

export const collect = (logged: string[]): AdapterLog => ({
  info: (message, details) => void logged.push(JSON.stringify([message, details])),
  warn: (message, details) => void logged.push(JSON.stringify([message, details])),
  fault: (message, error) => {
    logged.push(`${message} ${error instanceof Error ? error.stack : String(error)}`);
    return 'E-1';
  },
});

export const logJob = (more: Partial<Extract<Job, { do: 'log' }>> = {}): Job => ({
  do: 'log',
  where: 'example/grid',
  sort: 'issue',
  title: 'The login page is blank',
  body: 'Logged through Baton by Olga.',
  labels: ['bug', 'critical'],
  severity: 'critical',
  ...more,
});

/** Listens for what GitHub calls, as the web server of the bot does. */
async function listen(github: ForgeAdapter) {
  const server = createServer(async (request, response) => {
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part);
    const answer = await github.webhook.handle({ headers: request.headers, body: Buffer.concat(parts) });
    response.writeHead(answer.status).end(answer.body);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}${github.webhook.path}`,
    close: async () => {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

export async function openRig(options: RigOptions = {}): Promise<Rig> {
  const clock = { at: START, now: () => clock.at };
  const peer = await createGithubPeer({ now: clock.now, ...options });
  const logged: string[] = [];
  const pauses: Rig['pauses'] = [];
  const credentials =
    options.asPerson === true
      ? { token: peer.access.token }
      : { appId: peer.appId, privateKey: peer.access.privateKey };
  const github = createGithub({
    ...credentials,
    webhookSecret: peer.webhookSecret,
    apiUrl: peer.apiUrl,
    repositories: options.repositories ?? ['example/grid'],
    clock,
    log: collect(logged),
    throttled: false,
    pause: (milliseconds, signal) =>
      new Promise((end) => {
        pauses.push({ milliseconds, end });
        signal.addEventListener('abort', () => end(), { once: true });
      }),
    ...options.with,
  });
  const web = await listen(github);
  peer.hooks.url = web.url;
  peer.settings.hookUrl = web.url;
  const stored = new Map<string, unknown>();
  const rig: Rig = {
    peer,
    github,
    stored,
    logged,
    clock,
    isFull: false,
    pauses,
    start: async () => {
      github.start({
        receive: async (id, body) => {
          if (rig.isFull) return 'full';
          if (!stored.has(id)) stored.set(id, JSON.parse(JSON.stringify(body)));
          return 'stored';
        },
      });
    },
    drain: async (cursor) => {
      const news: ForgeNews[] = [];
      for (let pages = 1; ; pages += 1) {
        const found = await github.changes(cursor, START - 60_000);
        if (!isFound(found)) throw new Error(`not asked: ${JSON.stringify(found)}`);
        news.push(...found.news);
        cursor = found.cursor;
        if (!found.more) return { news, cursor, pages };
        if (pages > 500) throw new Error('it never ends');
      }
    },
    stop: async () => {
      await github.stop();
      await peer.stop();
      await web.close();
    },
  };
  return rig;
}

export const isFound = (found: Awaited<ReturnType<ForgeAdapter['changes']>>): found is Changes => 'news' in found;
