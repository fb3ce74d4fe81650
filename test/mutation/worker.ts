import { existsSync, globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { patience } from './patience.ts';
import type { FromWorker, KnownTest, Survey, ToWorker, Trial, Tried } from './protocol.ts';
import { beginFile, type Noted, noted } from './vitest-stand-in.ts';

/**
 * Loads the tests once and runs them with one mutant after the other. `MUTANT` is active from the start, for what is
 * evaluated when a file is loaded. The instrumented sources ask `stryMutAct_9fa48` which mutant is active.
 */

const MOST_HITS = 3_000_000;
const { MUTANT, TEST_FILES = '[]' } = process.env;
const knownFile = join(process.cwd(), 'known.json');
const known = existsSync(knownFile)
  ? (JSON.parse(readFileSync(knownFile, 'utf8')) as Readonly<Record<string, number>>)
  : {};

let active: string | undefined = MUTANT;
let hits = 0;
let seen: Set<string> | undefined = new Set();
let broken = false;

/** A loop that a mutant made endless ends here. */
function hit(): true {
  hits += 1;
  if (hits > MOST_HITS) throw new Error('a mutant was asked for too often');
  return true;
}

Object.assign(globalThis, {
  stryMutAct_9fa48: (id: string): boolean => id === active && hit(),
  stryCov_9fa48: (...ids: readonly string[]): void => {
    if (seen !== undefined) for (const id of ids) seen.add(id);
  },
  /** The caches of the core are forgotten from mutant to mutant. */
  ForgetfulMap: class<K extends object, V> {
    readonly #round = { at: -1, map: new WeakMap<K, V>() };
    get #map(): WeakMap<K, V> {
      if (this.#round.at !== round) Object.assign(this.#round, { at: round, map: new WeakMap<K, V>() });
      return this.#round.map;
    }
    get(key: K): V | undefined {
      return this.#map.get(key);
    }
    set(key: K, value: V): this {
      this.#map.set(key, value);
      return this;
    }
  },
});
let round = 0;

const say = (message: FromWorker): void => void process.send?.(message);
process.on('unhandledRejection', () => {
  broken = true;
});
process.on('disconnect', () => process.exit());
process.on('uncaughtException', () => {
  broken = true;
});

class TooLong extends Error {}

async function within(test: Noted, limit: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new TooLong(`${test.id} took longer than ${limit} ms`)), limit);
  });
  try {
    await Promise.race([test.run(), late]);
    if (broken) throw new Error('an error that nobody caught');
  } finally {
    clearTimeout(timer);
  }
}

async function survey(): Promise<Survey> {
  const tests: KnownTest[] = [];
  const reached: Record<string, number[]> = {};
  for (const [at, test] of noted.entries()) {
    round += 1;
    seen = new Set();
    broken = false;
    const begun = performance.now();
    const problem = await within(test, 60_000).catch((error: unknown) => String(error));
    const milliseconds = performance.now() - begun;
    tests.push({ id: test.id, file: test.file, milliseconds, ...(typeof problem === 'string' ? { problem } : {}) });
    if (typeof problem !== 'string') for (const id of seen) reached[id] = [...(reached[id] ?? []), at];
  }
  seen = undefined;
  return { tests, reached, loaded: [...loaded] };
}

const tests = new Map<string, Noted>();

async function attempt({ mutant, tests: ids }: Trial): Promise<Tried> {
  for (const id of ids) {
    const test = tests.get(id);
    if (test === undefined) continue;
    say({ say: 'begins', test: id });
    round += 1;
    hits = 0;
    broken = false;
    active = mutant;
    const problem = await within(test, patience(known[id])).catch((error: unknown) => error);
    active = MUTANT;
    if (problem === undefined) continue;
    if (problem instanceof TooLong) return { mutant, verdict: 'timeout', by: id, clean: false };
    return { mutant, verdict: 'killed', by: id, clean: await passes(test) };
  }
  return { mutant, verdict: 'survived', clean: true };
}

/** Whether the test passes without the mutant: otherwise the mutant, or one before it, left something behind. */
async function passes(test: Noted): Promise<boolean> {
  if (MUTANT !== undefined) return false;
  round += 1;
  broken = false;
  return within(test, 60_000).then(
    () => true,
    () => false,
  );
}

process.on('message', async (message: ToWorker) => {
  if (message.ask === 'survey') say({ say: 'survey', survey: await survey() });
  else {
    seen = undefined;
    say({ say: 'tried', tried: await attempt(message.trial) });
  }
});

/** What is evaluated when the sources are loaded, before any test asks anything of them. */
let loaded: ReadonlySet<string> = new Set();

try {
  for (const file of globSync('src/{core,rules}/*.ts')) await import(pathToFileURL(join(process.cwd(), file)).href);
  loaded = new Set(seen);
  for (const file of JSON.parse(TEST_FILES) as string[]) {
    beginFile(file);
    await import(pathToFileURL(join(process.cwd(), file)).href);
  }
  for (const test of noted) tests.set(test.id, test);
  say({ say: 'ready' });
} catch (error) {
  if (MUTANT === undefined) {
    process.stderr.write(`${String(error)}\n`);
    process.exit(1);
  }
  // What can not even be loaded is found at once.
  say({ say: 'tried', tried: { mutant: MUTANT, verdict: 'killed', by: 'loading', clean: false } });
}
