import { join } from 'node:path';
import type { Database } from 'better-sqlite3';
import { loadCommands, loadProcesses, loadRules } from '../../src/catalogue.ts';
import type { Catalogue } from '../../src/core/command.ts';
import type { Organisation } from '../../src/core/organisation.ts';
import type { Rule } from '../../src/core/rule.ts';
import { FOLD_VERSION } from '../../src/core/streams.ts';
import type { ForgeAdapter } from '../../src/forge-ports.ts';
import type { ChatAdapter, Clock } from '../../src/ports.ts';
import { routeOf } from '../../src/shell/address.ts';
import { type Connections, createConnections } from '../../src/shell/connections.ts';
import { type Engine, startEngine } from '../../src/shell/engine.ts';
import { createForgeWatch } from '../../src/shell/forge-watch.ts';
import { createLibrary } from '../../src/shell/library.ts';
import type { Log } from '../../src/shell/log.ts';
import { readOrganisation } from '../../src/shell/read-organisation.ts';
import { createSafeMode, type SafeMode } from '../../src/shell/safe-mode.ts';
import { createTrustedClock } from '../../src/shell/safe-mode-clock.ts';
import type { Store } from '../../src/store/port.ts';
import { createStore } from '../../src/store/sqlite.ts';

/** The process: the real parts put together as `src/compose.ts` and `src/web/run.ts` do it, without pages and sockets. */

export interface Bot {
  readonly engine: Engine;
  readonly connections: Connections;
  readonly safe: SafeMode;
}

interface Loaded {
  readonly catalogue: Catalogue;
  readonly rules: readonly Rule[];
  readonly processes: Extract<ReturnType<typeof loadProcesses>, { processes: unknown }>['processes'];
  readonly organisation: Organisation;
}
let kept: Promise<Loaded> | undefined;

/** What is read once from the repository: loading is no part of a history. */
const loadAll = (): Promise<Loaded> => (kept ??= load());

async function load(): Promise<Loaded> {
  const loaded = loadProcesses();
  const read = readOrganisation(join(import.meta.dirname, '../transcripts/organisation.yaml'));
  if ('problems' in loaded) throw new Error(loaded.problems.join('\n'));
  if ('problems' in read) throw new Error(read.problems.join('\n'));
  const [catalogue, rules] = [await loadCommands(), await loadRules()];
  return { catalogue, rules, processes: loaded.processes, organisation: everywhere(read.organisation) };
}

/** Everyone and every chat is on both platforms, everyone has a login on GitHub, and there is an emergency path (R2). */
function everywhere(given: Organisation): Organisation {
  const people = given.people.map((person, at) => ({
    ...person,
    telegram: person.telegram ?? 7_001 + at,
    slack: person.slack ?? `U0P${at}`,
    github: person.github ?? `${person.id}-gh`,
  }));
  const chats = given.chats.map((chat, at) => ({
    ...chat,
    telegram: chat.telegram ?? -(5_001 + at),
    slack: chat.slack ?? `C0P${at}`,
  }));
  const { calendar } = given;
  const withPath = { ...calendar, release_freeze: { ...calendar.release_freeze, emergency: true } };
  return { ...given, people, chats, calendar: withPath };
}

export interface BotParts {
  readonly db: Database;
  readonly path: string;
  /** The machine's clock, which may leap, and the one that does not. */
  readonly machine: Clock;
  steady(): number;
  readonly chats: readonly ChatAdapter[];
  readonly forges: readonly ForgeAdapter[];
  /** What stands between the shell and the store. */
  wrap(store: Store): Store;
  chance(): number;
  /** A fault of ours. */
  onFault(message: string, error: unknown): void;
}

const TICK = 500;
const TIMERS_AT_ONCE = 64;

export async function startBot(parts: BotParts): Promise<Bot> {
  const { db, chance } = parts;
  const { catalogue, rules, processes, organisation } = await loadAll();
  const log: Log = {
    info: () => {},
    warn: () => {},
    fault: (message, error) => {
      parts.onFault(message, error);
      return 'sim';
    },
  };
  const trusted = createTrustedClock(parts.machine, parts.steady);
  const clock: Clock = trusted;
  const { path } = parts;
  const raw = createStore(db, undefined, { path, fold: FOLD_VERSION, now: clock.now, productVersion: 'sim' });
  const { newer, regain } = raw;
  const safe = createSafeMode({ store: { ...parts.wrap(raw), newer, regain }, clock, trusted, log, prove: () => [] });
  const { store } = safe;
  const watch = createForgeWatch(parts.forges);
  const platforms = parts.chats.map(({ platform }) => platform);
  const engine = await startEngine({
    store,
    safe,
    clock,
    policies: { organisation, rules, processes, processOf: await createLibrary(store, processes), forges: watch },
    catalogue,
    links: { check: async () => 200 },
    look: watch.look,
    log,
    route: (world, to) => routeOf(platforms, world, to),
  });
  const outside = { adapters: parts.forges };
  const connections = await createConnections({ engine, watch, chats: parts.chats, outside, clock, log, chance });
  keepHouse(engine, safe, clock);
  connections.start();
  return { engine, connections, safe };
}

/** As housekeeping does it: is it sure again, and is something due? */
function keepHouse(engine: Engine, safe: SafeMode, clock: Clock): void {
  let running = Promise.resolve();
  async function round(): Promise<void> {
    await safe.look();
    if (safe.why() !== undefined) return;
    for (let due = engine.nextDue(); due !== undefined && due <= clock.now(); due = engine.nextDue())
      if ((await engine.fireDue()) < TIMERS_AT_ONCE) return;
  }
  const tick = (): void => {
    // A full disk, say: the next tick tries again.
    running = running.then(round).catch(() => undefined);
  };
  setInterval(tick, TICK);
  tick();
}
