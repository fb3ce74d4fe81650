import { createHash } from 'node:crypto';
import type { World } from '../core/draft.ts';
import { menuOf } from '../core/menu.ts';
import { personOfAccount, rosterOf } from '../core/people.ts';
import type { Address, ChatAdapter, MenuEntry, Platform } from '../ports.ts';
import { type Moves, readAddress, routeOf, showAddress } from './address.ts';
import type { Engine } from './engine.ts';
import type { Log } from './log.ts';

/** Command menus: everyone sees what they may say. A menu is set where it differs from what was set last. */

export interface Menus {
  start(): void;
  /** Somebody came, left, or has another role: their menus are set anew. */
  changed(streams: readonly string[]): void;
  /** This account speaks to us in private: a menu that could not be set there can be now. */
  met(account: string): void;
  stop(): Promise<void>;
}

export interface MenusParts {
  readonly engine: Engine;
  readonly adapters: ReadonlyMap<Platform, ChatAdapter>;
  readonly moves: Moves;
  readonly log: Log;
}

const SET = 'menus.';
/** Before the digest of a menu that was refused: who never spoke to us has no conversation that it could be set in. */
const REFUSED = '-';
/** Between two tries while the platform is away. */
const AGAIN_AFTER = 60_000;

export function createMenus({ engine, adapters, moves, log }: MenusParts): Menus {
  const setters = [...adapters.values()].filter(({ menu }) => menu !== undefined);
  let running: Promise<void> | undefined;
  let again = false;
  let stopped = false;
  let timer: NodeJS.Timeout | undefined;
  const met = new Set<string>();

  async function setAll(adapter: ChatAdapter): Promise<boolean> {
    const name = `${SET}${adapter.platform}`;
    const known = knownOf(name);
    const menus = menusOf(engine, adapter.platform);
    let done = true;
    for (const [at, entries] of menus) {
      const digest = createHash('sha256').update(JSON.stringify(entries)).digest('base64url').slice(0, 16);
      if (known[at] === digest || known[at] === `${REFUSED}${digest}` || stopped) continue;
      const address: Address | undefined = at === '' ? undefined : readAddress(at);
      const sent = await adapter.menu?.(entries, address === undefined ? undefined : moves.now(address));
      if (sent?.is === 'sent') known[at] = digest;
      else if (sent?.is === 'refused') known[at] = `${REFUSED}${digest}`;
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

  const knownOf = (name: string): Record<string, string> =>
    JSON.parse(engine.store.meta(name) ?? '{}') as Record<string, string>;

  let testers = 0;
  function hasNewTester(): boolean {
    const now = testersOf(engine.world()).length;
    const changed = now !== testers;
    testers = now;
    return changed;
  }

  function retry(): void {
    timer = undefined;
    run();
  }

  return {
    start: run,
    changed: (streams) => {
      if (streams.some((stream) => stream.startsWith('people/'))) run();
      else if (setters.length > 0 && streams.some((stream) => stream.startsWith('item/')) && hasNewTester()) run();
    },
    met: (account) => {
      const adapter = setters.find(({ platform }) => account.startsWith(`${platform}:`));
      if (adapter === undefined || met.has(account)) return;
      met.add(account);
      const name = `${SET}${adapter.platform}`;
      const { [account]: set, ...others } = knownOf(name);
      if (set?.startsWith(REFUSED) === false) return;
      if (set !== undefined)
        void engine.store.setMeta(name, JSON.stringify(others)).then(run, () => met.delete(account));
      else if (personOfAccount(engine.world(), account) !== undefined) run();
    },
    stop: async () => {
      stopped = true;
      clearTimeout(timer);
      await running;
    },
  };
}

/** Testers who are nobody of the organisation are known by their accounts. */
const testersOf = (world: World): string[] => [
  ...new Set(world.open('item').flatMap((item) => Object.keys(item.testers).filter((id) => id.includes(':')))),
];

/** Every menu of a platform, by its address; '' is everyone else's. */
function menusOf({ world: worldOf, catalogue }: Engine, platform: Platform): Map<string, readonly MenuEntry[]> {
  const world = worldOf();
  const menus = new Map<string, readonly MenuEntry[]>([['', menuOf(world, catalogue, undefined, 'private')]]);
  for (const person of rosterOf(world).people.keys())
    for (const account of routeOf([platform], world, { person }) ?? [])
      menus.set(account, menuOf(world, catalogue, person, 'private'));
  for (const account of testersOf(world))
    if (account.startsWith(`${platform}:`)) menus.set(account, menuOf(world, catalogue, account, 'private'));
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
