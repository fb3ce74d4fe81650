import { createHash } from 'node:crypto';
import { menuOf } from '../core/menu.ts';
import { rosterOf } from '../core/people.ts';
import type { Address, ChatAdapter, MenuEntry, Platform } from '../ports.ts';
import { type Moves, readAddress, routeOf, showAddress } from './address.ts';
import type { Engine } from './engine.ts';
import type { Log } from './log.ts';

/** Command menus: everyone sees what they may say. A menu is set where it differs from what was set last. */

export interface Menus {
  start(): void;
  /** Somebody came, left, or has another role: their menus are set anew. */
  changed(streams: readonly string[]): void;
  stop(): Promise<void>;
}

export interface MenusParts {
  readonly engine: Engine;
  readonly adapters: ReadonlyMap<Platform, ChatAdapter>;
  readonly moves: Moves;
  readonly log: Log;
}

const SET = 'menus.';
/** Between two tries while the platform is away. */
const AGAIN_AFTER = 60_000;

export function createMenus({ engine, adapters, moves, log }: MenusParts): Menus {
  const setters = [...adapters.values()].filter(({ menu }) => menu !== undefined);
  let running: Promise<void> | undefined;
  let again = false;
  let stopped = false;
  let timer: NodeJS.Timeout | undefined;

  /** Every menu of a platform, by its address; '' is everyone else's. */
  function wanted(platform: Platform): Map<string, readonly MenuEntry[]> {
    const world = engine.world();
    const { catalogue } = engine;
    const menus = new Map<string, readonly MenuEntry[]>([['', menuOf(world, catalogue, undefined, 'private')]]);
    for (const person of rosterOf(world).people.keys())
      for (const account of routeOf([platform], world, { person }) ?? [])
        menus.set(account, menuOf(world, catalogue, person, 'private'));
    for (const { name, team } of world.organisation.chats) {
      if (team === 'testers') continue;
      for (const address of routeOf([platform], world, { chat: name }) ?? []) {
        const there = readAddress(address);
        // A menu is a whole chat's: its topics share it.
        if (there !== undefined)
          menus.set(showAddress({ platform, chat: there.chat }), menuOf(world, catalogue, undefined, 'group'));
      }
    }
    return menus;
  }

  async function setAll(adapter: ChatAdapter): Promise<boolean> {
    const name = `${SET}${adapter.platform}`;
    const known = JSON.parse(engine.store.meta(name) ?? '{}') as Record<string, string>;
    const menus = wanted(adapter.platform);
    let done = true;
    for (const [at, entries] of menus) {
      const digest = createHash('sha256').update(JSON.stringify(entries)).digest('base64url').slice(0, 16);
      if (known[at] === digest || stopped) continue;
      const address: Address | undefined = at === '' ? undefined : readAddress(at);
      const sent = await adapter.menu?.(entries, address === undefined ? undefined : moves.now(address));
      // A person who never spoke to us has no conversation that a menu could be set in.
      if (sent?.is === 'sent' || sent?.is === 'refused') known[at] = digest;
      else {
        done = false;
        break;
      }
    }
    for (const at of Object.keys(known)) if (!menus.has(at)) delete known[at];
    await engine.store.setMeta(name, JSON.stringify(known));
    return done;
  }

  function run(): void {
    if (stopped || setters.length === 0) return;
    again = true;
    running ??= (async () => {
      while (again && !stopped) {
        again = false;
        for (const adapter of setters)
          if (!(await setAll(adapter)) && !stopped) timer ??= setTimeout(retry, AGAIN_AFTER).unref();
      }
    })()
      .catch((error: unknown) => void log.fault('a command menu could not be set', error))
      .finally(() => {
        running = undefined;
      });
  }

  function retry(): void {
    timer = undefined;
    run();
  }

  return {
    start: run,
    changed: (streams) => {
      if (streams.some((stream) => stream.startsWith('people/'))) run();
    },
    stop: async () => {
      stopped = true;
      clearTimeout(timer);
      await running;
    },
  };
}
