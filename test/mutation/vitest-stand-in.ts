import { expect } from 'vitest';

/**
 * What a test file imports as `vitest` while mutants are tried: it only writes down the tests, so that one process can run
 * any of them again and again, with one mutant after the other. `expect` is vitest's own.
 */

type Work = (...args: readonly unknown[]) => unknown;
type Hooks = Record<'beforeAll' | 'beforeEach' | 'afterEach' | 'afterAll', Work[]>;

interface Group {
  readonly parent: Group | undefined;
  readonly name: string;
  readonly hooks: Hooks;
}

export interface Noted {
  readonly id: string;
  readonly file: string;
  run(): Promise<void>;
}

export const noted: Noted[] = [];
let file = '';
let group: Group = groupOf(undefined, '');
let finished: Work[] = [];

function groupOf(parent: Group | undefined, name: string): Group {
  return { parent, name, hooks: { beforeAll: [], beforeEach: [], afterEach: [], afterAll: [] } };
}

/** All that is written down from now on belongs to this file. */
export function beginFile(name: string): void {
  file = name;
  group = groupOf(undefined, '');
}

const outward = (from: Group | undefined): Group[] => (from === undefined ? [] : [from, ...outward(from.parent)]);

/** A test as if it stood alone in its file: with all hooks around it. */
async function runAlone(own: Group, work: Work): Promise<void> {
  const inner = outward(own);
  const outer = inner.toReversed();
  finished = [];
  try {
    for (const each of outer) for (const hook of each.hooks.beforeAll) await hook();
    for (const each of outer) for (const hook of each.hooks.beforeEach) await hook();
    await work();
  } finally {
    for (const hook of finished.toReversed()) await hook();
    for (const each of inner) for (const hook of each.hooks.afterEach.toReversed()) await hook();
    for (const each of inner) for (const hook of each.hooks.afterAll.toReversed()) await hook();
  }
}

function note(name: string, first: unknown, second?: unknown): void {
  const work = (typeof first === 'function' ? first : second) as Work;
  const own = group;
  const names = outward(own).toReversed();
  const path = [...names.map((each) => each.name), name].filter(Boolean).join(' > ');
  const before = noted.filter((each) => each.file === file && each.id.startsWith(`${file}: ${path}`)).length;
  const id = `${file}: ${path}${before === 0 ? '' : ` #${before + 1}`}`;
  noted.push({ id, file, run: () => runAlone(own, work) });
}

function within(name: string, first: unknown, second?: unknown): void {
  const outer = group;
  group = groupOf(outer, name);
  ((typeof first === 'function' ? first : second) as Work)();
  group = outer;
}

const each =
  (of: typeof note, spread = true) =>
  (cases: readonly unknown[]) =>
  (name: string, first: unknown, second?: unknown): void => {
    const work = (typeof first === 'function' ? first : second) as Work;
    for (const one of cases) of(name, () => (spread && Array.isArray(one) ? work(...one) : work(one)));
  };

const asTest = () =>
  Object.assign((name: string, first: unknown, second?: unknown): void => note(name, first, second), {
    each: each(note),
    for: each(note, false),
    skip: (): void => undefined,
    skipIf: (skip: boolean) => (skip ? (): void => undefined : note),
    runIf: (run: boolean) => (run ? note : (): void => undefined),
  });
export const test = asTest();
export const it = asTest();
export const describe = Object.assign(within, { each: each(within) });

const hook = (when: keyof Hooks) => (work: Work) => void group.hooks[when].push(work);
export const beforeAll = hook('beforeAll');
export const beforeEach = hook('beforeEach');
export const afterEach = hook('afterEach');
export const afterAll = hook('afterAll');
export const onTestFinished = (work: Work): void => void finished.push(work);

export const vi = {
  async waitFor<T>(look: () => T | Promise<T>, { timeout = 1000, interval = 20 } = {}): Promise<T> {
    const until = performance.now() + timeout;
    for (;;)
      try {
        return await look();
      } catch (error) {
        if (performance.now() > until) throw error;
        await new Promise((resolve) => setTimeout(resolve, interval));
      }
  },
};

export { expect };
