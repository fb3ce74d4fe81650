import { expect, vi } from 'vitest';
import { loadCommands, loadProcesses, loadRules } from '../../src/catalogue.ts';
import { FOLD_VERSION } from '../../src/core/streams.ts';
import type { Clock } from '../../src/ports.ts';
import { routeOf } from '../../src/shell/address.ts';
import { type Connections, createConnections } from '../../src/shell/connections.ts';
import { withDocuments } from '../../src/shell/document-check.ts';
import { type Engine, startEngine } from '../../src/shell/engine.ts';
import { createForgeWatch } from '../../src/shell/forge-watch.ts';
import { createLibrary } from '../../src/shell/library.ts';
import { createLinkCheck } from '../../src/shell/link-check.ts';
import { createLog } from '../../src/shell/log.ts';
import { mailSeal } from '../../src/shell/mail-seal.ts';
import { keepSecret } from '../../src/shell/redact.ts';
import { createWayIn } from '../../src/shell/way-in.ts';
import type { OutboxRow, OutboxState } from '../../src/store/port.ts';
import { openSqliteStore } from '../../src/store/sqlite.ts';
import { accessOf } from '../../src/web/access.ts';
import { createApp } from '../../src/web/app.ts';
import { hostsOf } from '../../src/web/guard.ts';
import { createHub } from '../../src/web/hub.ts';
import { listen } from '../../src/web/server.ts';
import { consoleKey } from '../../src/web/session.ts';
import { chatsOf, outsideOf, type Parts, type Secrets, secretsOf } from './whole-adapters.ts';
import type { Platform } from './whole-bot.ts';
import type { Peers } from './whole-peers.ts';

/** The process of the bot inside this one: put together as `src/compose.ts` and `src/web/run.ts` do it. */

export interface WholeProcess {
  readonly engine: Engine;
  readonly connections: Connections;
  readonly origin: string;
  readonly port: number;
  readonly path: string;
  /** Every route of the pages, as the app itself knows them. */
  readonly routes: readonly { readonly method: string; readonly path: string }[];
  /** What the settings hold that nobody may ever read anywhere. */
  readonly secrets: Secrets;
  /** Rows of the outbox in these states. */
  rows(...states: readonly OutboxState[]): readonly OutboxRow[];
  /** Resolves when every platform is connected; tells what is wrong where one is not. */
  connected(): Promise<void>;
  /** Compares the forges with what is known, at the instant that it is now. */
  reconcile(): Promise<boolean>;
  sweep(): Promise<void>;
  stop(): Promise<void>;
}

export interface ProcessOptions {
  readonly peers: Peers;
  readonly clock: Clock;
  readonly path: string;
  /** 0 takes a free one. */
  readonly port: number;
  readonly connected: readonly Platform[];
  readonly chats: 'webhooks' | undefined;
  readonly publicUrl: string;
  /** Every line that is logged comes here. */
  readonly logged: string[];
}

let kept: Promise<[Awaited<ReturnType<typeof loadCommands>>, Awaited<ReturnType<typeof loadRules>>]> | undefined;
const catalogues = () => (kept ??= Promise.all([loadCommands(), loadRules()]));

export async function openWholeBot(options: ProcessOptions): Promise<WholeProcess> {
  const { peers, clock, path } = options;
  const { organisation } = peers;
  const secrets = secretsOf(peers);
  for (const secret of Object.values(secrets)) keepSecret(secret);
  const log = createLog('info', { write: (line: string) => void options.logged.push(line) });
  const loaded = loadProcesses();
  if ('problems' in loaded) throw new Error(loaded.problems.join('\n'));
  const store = openSqliteStore({ path, fold: FOLD_VERSION, now: clock.now, productVersion: 'test' });
  if ('refusal' in store) throw new Error(store.refusal);
  const [catalogue, rules] = await catalogues();

  let webhooks: Connections['webhooks'] = new Map();
  let answer: (request: Request) => Response | Promise<Response> = () => new Response('not yet\n', { status: 503 });
  const server = await listen({
    host: '127.0.0.1',
    port: options.port,
    fetch: () => (request) => answer(request),
    webhooks: { get: (name: string) => webhooks.get(name) } as Connections['webhooks'],
  });
  const origin = `http://127.0.0.1:${server.port}`;
  let running: Engine | undefined;
  const parts: Parts = { ...options, secrets, store, origin, log, engine: () => running };
  const chats = chatsOf(parts, catalogue.names);
  const pauses = new Set<() => void>();
  const outside = outsideOf(parts, pauses);
  const seen = await outside.documents?.proveBlindness();
  if (seen !== undefined) throw new Error(seen.why);
  const watch = createForgeWatch(outside.adapters);
  const wayIn = createWayIn(clock);
  const names = chats.map(({ platform }) => platform);
  const engine = await startEngine({
    store,
    clock,
    policies: {
      organisation,
      rules,
      processes: loaded.processes,
      processOf: await createLibrary(store, loaded.processes),
      wayIn,
      giteaAddress: peers.gitea.url,
      ...(outside.adapters.length === 0 ? {} : { forges: watch }),
    },
    catalogue,
    links: withDocuments(createLinkCheck({ hosts: organisation.link_hosts }), outside.documents),
    look: outside.adapters.length === 0 ? undefined : watch.look,
    log,
    route: (world, to) => routeOf(names, world, to),
  });
  running = engine;
  const connections = await createConnections({ engine, watch, chats, outside, clock, log, chance: Math.random });
  const ending = new AbortController();
  const hub = createHub({
    engine, log, clock, database: path, platforms: options.connected, chats: connections.states,
  }); // biome-ignore format: a list
  const access = accessOf('127.0.0.1', origin, options.publicUrl);
  wayIn.address = access.address;
  const app = createApp({
    hub,
    key: await consoleKey(store),
    seal: await mailSeal(store),
    origin,
    access,
    isOurs: hostsOf('127.0.0.1', server.port, options.publicUrl),
    ending: ending.signal,
  });
  answer = (request) => app.fetch(request);
  webhooks = connections.webhooks;
  connections.start();
  // The one that the start has begun.
  const first = connections.reconcile();
  if (options.chats === 'webhooks' && options.connected.includes('slack'))
    await peers.stage.slack.deliverTo(`${origin}/slack/events`);
  return {
    engine,
    connections,
    origin,
    port: server.port,
    path,
    routes: app.routes,
    secrets,
    rows: (...states) =>
      store.late(Number.MAX_SAFE_INTEGER, 10_000).filter(({ state }) => states.length === 0 || states.includes(state)),
    connected: () =>
      vi.waitFor(() => {
        const away = connections.states().filter(({ is }) => is !== 'connected');
        if (away.length > 0) throw new Error(away.map(({ line }) => line).join('\n'));
      }, 10_000),
    reconcile: async () => {
      await first;
      return connections.reconcile();
    },
    sweep: async () => {
      if (pauses.size === 0) return;
      for (const end of pauses) end();
      // It rests again when it is done.
      await vi.waitFor(() => expect(pauses.size).toBeGreaterThan(0), { timeout: 10_000, interval: 2 });
    },
    stop: async () => {
      ending.abort();
      await Promise.all([server.close(), connections.stop()]);
      await engine.drained();
      await store.close();
    },
  };
}
