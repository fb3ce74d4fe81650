import { randomBytes } from 'node:crypto';
import { once, setMaxListeners } from 'node:events';
import type { ExitCode, Invocation } from '../cli/cli.ts';
import type { Organisation } from '../core/organisation.ts';
import type { Clock, LinkCheck } from '../ports.ts';
import type { Settings } from '../settings.ts';
import type { Engine } from '../shell/engine.ts';
import { createLinkCheck } from '../shell/link-check.ts';
import type { Log } from '../shell/log.ts';
import { createApp } from './app.ts';
import { seed } from './demo/seed.ts';
import type { DemoClock } from './demo-clock.ts';
import { hostsOf } from './guard.ts';
import { startHousekeeping } from './housekeeping.ts';
import { createHub, type Hub } from './hub.ts';
import { openSaySocket, type SaySocket } from './say-socket.ts';
import { listen, type WebServer } from './server.ts';
import { createPageIds } from './session.ts';

/** The process from its start to its end: store, engine, pages, socket, housekeeping; and all of it closed in order. */

const BALLAST = 16 * 1024 * 1024;

export interface RunParts {
  readonly settings: Settings;
  readonly organisation: Organisation;
  readonly processes?: string | undefined;
  readonly database: string;
  readonly clock: Clock;
  /** Set: it is the demonstration; with `seedUntil` its story is played first, up to that instant. */
  readonly demonstration?: { readonly clock: DemoClock; readonly seedUntil: number | undefined };
  readonly platforms: readonly string[];
  greeting(address: string): readonly string[];
}

export async function run(invocation: Invocation, parts: RunParts): Promise<ExitCode> {
  const { settings, database, organisation, demonstration } = parts;
  const log = invocation.createLog(settings.LOG_LEVEL ?? 'info');
  const ending = endOfProcess();
  const address = { origin: '' };
  const opened = await invocation.openEngine({
    path: database,
    organisation,
    processes: parts.processes,
    clock: parts.clock,
    links: demonstration === undefined ? createLinkCheck({ hosts: organisation.link_hosts }) : ownLinks(address),
    log,
    backups: settings.BATON_BACKUPS,
    // Held back for the day on which the disk is full; the demonstration has nothing to lose.
    ballast: demonstration === undefined ? BALLAST : undefined,
  });
  if ('problems' in opened) return invocation.complain(...opened.problems);
  const { engine } = opened;
  const hub = createHub({
    engine, log, clock: parts.clock, demo: demonstration?.clock, database, platforms: parts.platforms,
  }); // biome-ignore format: a list
  const server = await open(parts, hub, address, ending).catch((error: unknown) =>
    String(error instanceof Error ? error.message : error),
  );
  if (typeof server === 'string') {
    await engine.store.close();
    return invocation.complain(
      `${settings.HOST ?? ''}:${settings.PORT ?? ''} can not be listened on (${server}); choose another PORT, 0 takes a free one`,
    );
  }
  const socket = await openSaySocket(hub, `${database}.sock`).catch(
    (error: unknown) => void log.warn('baton say does not reach this process', { why: String(error) }),
  );
  if (demonstration?.seedUntil === undefined) hub.transcript.seeAll();
  else await playStory(hub, demonstration.clock, demonstration.seedUntil, address.origin, log);
  const housekeeping = startHousekeeping({
    hub,
    machine: invocation.machine,
    log,
    environment: invocation.environment,
    backups: demonstration === undefined,
  });
  invocation.print(parts.greeting(`${address.origin}/`).join('\n'));
  if (!ending.aborted) await once(ending, 'abort');
  await close({ server, socket, engine, stop: housekeeping.stop });
  return 0;
}

async function open(parts: RunParts, hub: Hub, address: { origin: string }, ending: AbortSignal): Promise<WebServer> {
  const { settings } = parts;
  const host = (settings.HOST ?? '127.0.0.1').replace(/^\[|\]$/g, '');
  const ids =
    hub.demo === undefined ? undefined : await createPageIds(hub.engine.store, () => randomBytes(32).toString('hex'));
  return listen({
    host,
    port: Number(settings.PORT ?? 8080),
    fetch: (port) => {
      address.origin = `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
      const app = createApp({
        hub,
        ids,
        origin: address.origin,
        isOurs: hostsOf(host, port, settings.BATON_URL),
        ending,
      });
      return (request) => app.fetch(request);
    },
  });
}

/**
 * The demonstration's documentation pages are its own. They are asked over the network like any other page, wherever the
 * console listens today: after a restart on another port, the links of before still mean them.
 */
function ownLinks(address: { readonly origin: string }): LinkCheck {
  const present = (url: string): string => {
    if (!URL.canParse(url)) return url;
    const { hostname, pathname } = new URL(url);
    const isOwn = ['127.0.0.1', 'localhost'].includes(hostname) && pathname.startsWith('/handbook/');
    return isOwn ? `${address.origin}${pathname}` : url;
  };
  return { check: (url) => createLinkCheck({ hosts: [new URL(address.origin).host] }).check(present(url)) };
}

async function playStory(hub: Hub, clock: DemoClock, until: number, origin: string, log: Log): Promise<void> {
  for (const line of await seed(hub, clock, until, origin))
    log.warn('a line of the demonstration’s story went otherwise', { line });
}

interface Open {
  readonly server: WebServer;
  readonly socket: SaySocket | undefined;
  readonly engine: Engine;
  stop(): Promise<void>;
}

/** Nothing new comes in, what came in is finished, and the store is closed last. */
async function close({ server, socket, engine, stop }: Open): Promise<void> {
  await Promise.all([server.close(), socket?.close(), stop()]);
  await engine.drained();
  await engine.store.close();
}

/** Rings at SIGTERM and SIGINT; a second signal ends the process as it always did. */
function endOfProcess(): AbortSignal {
  const controller = new AbortController();
  // Every open page listens to it.
  setMaxListeners(0, controller.signal);
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => controller.abort());
  return controller.signal;
}
