import { once, setMaxListeners } from 'node:events';
import type { ExitCode, Invocation } from '../cli/cli.ts';
import type { Draft } from '../core/draft.ts';
import { foundAdmin } from '../core/first-admin.ts';
import type { Organisation } from '../core/organisation.ts';
import { membersOf } from '../core/people.ts';
import type { Clock, LinkCheck } from '../ports.ts';
import type { Settings } from '../settings.ts';
import { type ChatState, type Chats, createChats } from '../shell/chats.ts';
import type { Engine } from '../shell/engine.ts';
import { createLinkCheck } from '../shell/link-check.ts';
import { holdLog, type Log } from '../shell/log.ts';
import { accessOf } from './access.ts';
import { createApp } from './app.ts';
import { seed } from './demo/seed.ts';
import type { DemoClock } from './demo-clock.ts';
import { hostsOf } from './guard.ts';
import { startHousekeeping } from './housekeeping.ts';
import { createHub, type Hub } from './hub.ts';
import { openSaySocket, type SaySocket } from './say-socket.ts';
import { listen, type WebServer } from './server.ts';
import { consoleKey } from './session.ts';

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
  /** The first lines: where the board is, how the chats are, and the code of the first admin where there is none yet. */
  greeting(address: string, chats: readonly ChatState[], code: string | undefined): readonly string[];
}

export async function run(invocation: Invocation, parts: RunParts): Promise<ExitCode> {
  const { settings, database, organisation, demonstration } = parts;
  const log = invocation.createLog(settings.LOG_LEVEL ?? 'info');
  const held = holdLog(log);
  const ending = endOfProcess();
  const address = { origin: '' };
  const adapters = demonstration === undefined ? await invocation.connectChats(settings, held.log) : [];
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
    connected: adapters.map(({ platform }) => platform),
  });
  if ('problems' in opened) return invocation.complain(...opened.problems);
  const { engine } = opened;
  const { clock } = parts;
  const chats = await createChats({ engine, adapters, clock, log, chance: invocation.chance });
  const hub = createHub({
    engine, log, clock, demo: demonstration?.clock, database, platforms: parts.platforms, chats: chats.states,
  }); // biome-ignore format: a list
  const server = await open(parts, hub, address, ending, chats).catch((error: unknown) =>
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
  chats.start();
  const states = await settledStates(chats, ending);
  const refused = states.filter(({ is }) => is === 'refused');
  if (refused.length === 0) {
    held.release();
    const code = adapters.length === 0 ? undefined : await engine.act('start', 'system', firstAdmin);
    invocation.print(parts.greeting(`${address.origin}/`, states, code).join('\n'));
    if (!ending.aborted) await once(ending, 'abort');
  }
  await close({ server, socket, engine, chats, stop: housekeeping.stop });
  return refused.length === 0 ? 0 : invocation.complain(...refused.map(({ line }) => line));
}

/** So long it is waited for the platforms' first word before the address is printed; they go on connecting after it. */
const FIRST_WORD = 4_000;

async function settledStates(chats: Chats, ending: AbortSignal): Promise<readonly ChatState[]> {
  const until = performance.now() + FIRST_WORD;
  const isStarting = () => chats.states().some(({ is }) => is === 'starting');
  while (isStarting() && performance.now() < until && !ending.aborted)
    await new Promise<void>((resolve) => setTimeout(resolve, 20));
  return chats.states();
}

/** The code by which a fresh organisation gets its first admin; undefined: it has one. */
const firstAdmin = (draft: Draft): string | undefined =>
  membersOf(draft, 'admin').length > 0 ? undefined : foundAdmin(draft);

async function open(
  parts: RunParts,
  hub: Hub,
  address: { origin: string },
  ending: AbortSignal,
  chats: Chats,
): Promise<WebServer> {
  const { settings } = parts;
  const host = (settings.HOST ?? '127.0.0.1').replace(/^\[|\]$/g, '');
  const key = await consoleKey(hub.engine.store);
  const { wayIn } = hub.engine.policies;
  return listen({
    host,
    port: Number(settings.PORT ?? 8080),
    webhooks: chats.webhooks,
    fetch: (port) => {
      address.origin = `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
      const access = accessOf(host, address.origin, settings.BATON_URL);
      // In the demonstration nobody signs in: a visitor is anyone.
      if (wayIn !== undefined && hub.demo === undefined) wayIn.address = access.address;
      const app = createApp({
        hub,
        key,
        origin: address.origin,
        access,
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
  readonly chats: Chats;
  stop(): Promise<void>;
}

/** Nothing new comes in, what came in is finished, and the store is closed last. */
async function close({ server, socket, engine, chats, stop }: Open): Promise<void> {
  await Promise.all([server.close(), socket?.close(), stop(), chats.stop()]);
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
