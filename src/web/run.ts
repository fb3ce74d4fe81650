import { once, setMaxListeners } from 'node:events';
import type { ExitCode, Invocation } from '../cli/cli.ts';
import type { Draft } from '../core/draft.ts';
import { foundAdmin } from '../core/first-admin.ts';
import type { Organisation } from '../core/organisation.ts';
import { membersOf } from '../core/people.ts';
import type { ChatAdapter, Clock, LinkCheck } from '../ports.ts';
import type { Settings } from '../settings.ts';
import { type ConnectionState, type Connections, createConnections, type Outside } from '../shell/connections.ts';
import { withDocuments } from '../shell/document-check.ts';
import { createDocumentGate } from '../shell/document-gate.ts';
import type { Engine } from '../shell/engine.ts';
import { createForgeWatch } from '../shell/forge-watch.ts';
import { createLinkCheck } from '../shell/link-check.ts';
import { holdLog, type Log } from '../shell/log.ts';
import { mailSeal } from '../shell/mail-seal.ts';
import { createTrustedClock } from '../shell/safe-mode-clock.ts';
import { tellUnopened } from '../shell/safe-mode-unopened.ts';
import { accessOf } from './access.ts';
import { createApp } from './app.ts';
import { seed } from './demo/seed.ts';
import type { DemoClock } from './demo-clock.ts';
import { hostsOf } from './guard.ts';
import { createGuardian, type Guardian } from './guardian.ts';
import { startHousekeeping } from './housekeeping.ts';
import { createHub, type Hub } from './hub.ts';
import { createLimits, proxiesOf } from './limits.ts';
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
  greeting(address: string, connections: readonly ConnectionState[], code: string | undefined): readonly string[];
}

export async function run(invocation: Invocation, parts: RunParts): Promise<ExitCode> {
  const { settings, database, demonstration } = parts;
  const organisation = organisationOf(parts);
  const log = invocation.createLog(settings.LOG_LEVEL ?? 'info');
  const held = holdLog(log);
  const ending = endOfProcess();
  const address = { origin: '' };
  let running: Engine | undefined;
  const { adapters, outside } = await connectAll(invocation, parts, held.log, () => running);
  const seen = await outside.gate?.prove();
  if (seen !== undefined) return invocation.complain(`Gitea: ${seen}`);
  const watch = createForgeWatch(outside.adapters);
  // The demonstration's clock is moved by hand.
  const trusted = demonstration === undefined ? createTrustedClock(parts.clock, () => performance.now()) : undefined;
  const clock = trusted ?? parts.clock;
  const opened = await invocation.openEngine({
    path: database,
    organisation,
    processes: parts.processes,
    clock,
    guard: { trusted },
    links: demonstration === undefined ? linksOf(organisation, outside) : ownLinks(address),
    log,
    backups: settings.BATON_BACKUPS,
    // Held back for the day on which the disk is full; the demonstration has nothing to lose.
    ballast: demonstration === undefined ? BALLAST : undefined,
    connected: adapters.map(({ platform }) => platform),
    watch: outside.adapters.length === 0 ? undefined : watch,
    gitea: settings.GITEA_URL,
  });
  if ('problems' in opened) {
    const [why] = opened.problems;
    if (opened.isDamaged && why !== undefined) await tellUnopened({ adapters, organisation, clock, log }, why);
    return invocation.complain(...opened.problems);
  }
  const { engine, safe } = opened;
  running = engine;
  const { chance, environment } = invocation;
  const connections = await createConnections({ engine, watch, chats: adapters, outside, clock, log, chance });
  const hub = createHub({
    engine, log, clock, demo: demonstration?.clock, database, platforms: parts.platforms, 
    chats: () => [...connections.states(), ...connections.services()],
  }); // biome-ignore format: a list
  const guardian = createGuardian({
    engine, safe, connections, adapters, clock, log, settings, environment, database,
    audits: demonstration === undefined, shout: invocation.complain,
  }); // biome-ignore format: a list
  const server = await open(parts, hub, address, ending, { ...connections, probes: guardian.probes }).catch(
    (error: unknown) => String(error instanceof Error ? error.message : error),
  );
  if (typeof server === 'string') {
    await engine.store.close();
    return invocation.complain(
      `${settings.HOST ?? ''}:${settings.PORT ?? ''} can not be listened on (${server}); choose another PORT, 0 takes a free one`,
    );
  }
  const socket = await openSaySocket(hub, `${database}.sock`, safe).catch(
    (error: unknown) => void log.warn('baton say does not reach this process', { why: String(error) }),
  );
  if (demonstration?.seedUntil === undefined) hub.transcript.seeAll();
  else await playStory(hub, demonstration.clock, demonstration.seedUntil, address.origin, log);
  const housekeeping = startHousekeeping({
    hub, log, environment, safe, machine: invocation.machine, backups: demonstration === undefined,
  }); // biome-ignore format: a list
  connections.start();
  guardian.start();
  const states = await settledStates(connections, ending);
  const refused = states.filter(({ is }) => is === 'refused');
  if (refused.length === 0) {
    held.release();
    const isMute = adapters.length === 0 || engine.readOnly() !== undefined;
    const code = isMute ? undefined : await engine.act('start', 'system', firstAdmin);
    invocation.print(parts.greeting(`${address.origin}/`, states, code).join('\n'));
    for (const { ok, line } of connections.services()) if (!ok) invocation.print(`  ${line}.`);
    if (!ending.aborted) await once(ending, 'abort');
  }
  await close({ server, socket, engine, connections, stops: [housekeeping, guardian] });
  return refused.length === 0 ? 0 : invocation.complain(...refused.map(({ line }) => line));
}

/** Where the file does not say where Circles is, it is where its token is for. */
function organisationOf({ organisation, settings, demonstration }: RunParts): Organisation {
  const { circles } = organisation;
  const { CIRCLES_URL: url } = settings;
  if (demonstration !== undefined || url === undefined || circles.url !== undefined) return organisation;
  return { ...organisation, circles: { ...circles, url } };
}

/** In the demonstration nothing is connected. */
async function connectAll(
  { connectChats, connectForges, complain }: Invocation,
  { settings, organisation, demonstration }: RunParts,
  log: Log,
  engine: () => Engine | undefined,
): Promise<{ readonly adapters: readonly ChatAdapter[]; readonly outside: Outside }> {
  if (demonstration !== undefined) return { adapters: [], outside: { adapters: [] } };
  const adapters = await connectChats(settings, log, engine);
  const outside = await connectForges(settings, organisation, log, engine);
  if (outside.documents === undefined) return { adapters, outside };
  const gate = createDocumentGate({ documents: outside.documents, log, shout: complain });
  return { adapters, outside: { ...outside, documents: gate.documents, gate } };
}

/** Nothing on Gitea's host is asked but through its API, also where a redirect leads to it. */
function linksOf({ link_hosts: hosts }: Organisation, { documents }: Outside): LinkCheck {
  return withDocuments(createLinkCheck({ hosts, isClosed: (url) => documents?.isHere(url) === true }), documents);
}

/** So long it is waited for the platforms' first word before the address is printed; they go on connecting after it. */
const FIRST_WORD = 4_000;

async function settledStates(connections: Connections, ending: AbortSignal): Promise<readonly ConnectionState[]> {
  const until = performance.now() + FIRST_WORD;
  const isStarting = () => connections.states().some(({ is }) => is === 'starting');
  while (isStarting() && performance.now() < until && !ending.aborted)
    await new Promise<void>((resolve) => setTimeout(resolve, 20));
  return connections.states();
}

/** The code by which a fresh organisation gets its first admin; undefined: it has one. */
const firstAdmin = (draft: Draft): string | undefined =>
  membersOf(draft, 'admin').length > 0 ? undefined : foundAdmin(draft);

async function open(
  parts: RunParts,
  hub: Hub,
  address: { origin: string },
  ending: AbortSignal,
  ways: Pick<Connections, 'webhooks'> & Pick<Guardian, 'probes'>,
): Promise<WebServer> {
  const { settings } = parts;
  const host = (settings.HOST ?? '127.0.0.1').replace(/^\[|\]$/g, '');
  const key = await consoleKey(hub.engine.store);
  const seal = await mailSeal(hub.engine.store);
  const { wayIn } = hub.engine.policies;
  return listen({
    host,
    port: Number(settings.PORT ?? 8080),
    webhooks: ways.webhooks,
    probes: ways.probes,
    limits: createLimits(proxiesOf(settings.BATON_URL, settings.BATON_PROXY), () => performance.now()),
    fetch: (port) => {
      address.origin = `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
      const access = accessOf(host, address.origin, settings.BATON_URL);
      // In the demonstration nobody signs in: a visitor is anyone.
      if (wayIn !== undefined && hub.demo === undefined) wayIn.address = access.address;
      const app = createApp({
        hub,
        key,
        seal,
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
  readonly connections: Connections;
  readonly stops: readonly { stop(): Promise<void> }[];
}

/** Nothing new comes in, what came in is finished, and the store is closed last. */
async function close({ server, socket, engine, connections, stops }: Open): Promise<void> {
  await Promise.all([server.close(), socket?.close(), connections.stop(), ...stops.map((each) => each.stop())]);
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
