import type { Store } from '../../src/store/port.ts';
import type { Disk } from './disk.ts';

/** Where the process may die, and the store that dies there: before, in the middle of and after everything it writes. */

type Place = 'before' | 'during' | 'after';
export interface Crash {
  /** `store.write`, `telegram.send` … */
  readonly point: string;
  readonly place: Place;
  /** The so-and-so-many-th time that it is come by. */
  readonly nth: number;
  readonly how: 'kill' | 'power';
  /** Milliseconds until it begins anew. */
  readonly down: number;
}

export interface Mortality {
  arm(crash: Crash): void;
  /** Has it died, by now or just here? */
  dies(point: string, place: Place, during?: ReturnType<Disk['look']>): boolean;
  isDead(): boolean;
  revive(): void;
  /** Is it worth a look at the disk before it? */
  mayDieIn(point: string): boolean;
  /** Nobody dies any more. */
  disarm(): void;
}

export function createMortality(onDeath: (crash: Crash, during?: ReturnType<Disk['look']>) => void): Mortality {
  let armed: { readonly crash: Crash; count: number }[] = [];
  let dead = false;
  return {
    arm(crash) {
      armed.push({ crash, count: 0 });
    },
    dies(point, place, during) {
      if (dead) return true;
      const here = armed.filter(({ crash }) => crash.point === point && crash.place === place);
      for (const each of here) each.count += 1;
      const due = here.find(({ crash, count }) => count >= crash.nth);
      if (due === undefined) return false;
      armed = armed.filter((each) => each !== due);
      dead = true;
      onDeath(due.crash, during);
      return true;
    },
    isDead: () => dead,
    revive() {
      dead = false;
    },
    mayDieIn: (point) => armed.some(({ crash }) => crash.point === point && crash.place === 'during'),
    disarm() {
      armed = [];
    },
  };
}

const forever = (): Promise<never> => new Promise(() => {});

/** What a process that died in the middle of it is never told. */
async function mortally<T>(point: string, mortality: Mortality, disk: Disk, run: () => Promise<T>): Promise<T> {
  if (mortality.dies(point, 'before')) return forever();
  const before = mortality.mayDieIn(point) ? disk.look() : undefined;
  // What writes does so at once, before it gives its promise back.
  const running = run();
  running.catch(() => undefined);
  if (before !== undefined && mortality.dies(point, 'during', before)) return forever();
  const result = await running;
  return mortality.dies(point, 'after') ? forever() : result;
}

/** The points of the store, by what it is asked. */
export const STORE_POINTS = [
  'store.receive', 'store.decide', 'store.fire', 'store.write', 'store.claim', 'store.mark', 'store.meta', 'store.buttons',
  'store.shown',
] as const; // biome-ignore format: a list

export function mortalStore(store: Store, mortality: Mortality, disk: Disk): Store {
  const at = <T>(point: (typeof STORE_POINTS)[number], run: () => Promise<T>): Promise<T> =>
    mortally(point, mortality, disk, run);
  return {
    ...store,
    write: (turn) => {
      const point = turn.some((work) => 'receive' in work)
        ? 'store.receive'
        : turn.some((work) => 'timer' in work && work.timer !== undefined)
          ? 'store.fire'
          : turn.some((work) => 'inbox' in work && work.inbox !== undefined)
            ? 'store.decide'
            : 'store.write';
      return at(point, () => store.write(turn));
    },
    claim: (...given) => at('store.claim', () => store.claim(...given)),
    mark: (...given) => at('store.mark', () => store.mark(...given)),
    setMeta: (...given) => at('store.meta', () => store.setMeta(...given)),
    keepButtons: (...given) => at('store.buttons', () => store.keepButtons(...given)),
    shown: (...given) => at('store.shown', () => store.shown(...given)),
    reposted: (...given) => at('store.shown', () => store.reposted(...given)),
    faulted: (...given) => at('store.meta', () => store.faulted(...given)),
    prune: (...given) => at('store.meta', () => store.prune(...given)),
  };
}
