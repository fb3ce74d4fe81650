import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { verifyStore } from '../../../src/store/verify.ts';
import { evolve, FOLD, folder, opened } from '../../store/given.ts';
import { cutAt, FATES, type Fate, RECORD, stepsIn } from './power-cut.ts';
import { SHAPES } from './shapes.ts';
import { canTrace, promisedIn, traced } from './trace.ts';

/**
 * The power goes at every single step of a recorded run: what the disk had been waited for is there, of the rest nothing,
 * all, some, or some sectors. With the setting that SQLite would use by itself the same test loses what was promised.
 */

const COMMITS = 6;

function recorded(name: string, synchronous: string) {
  const base = folder();
  const run = join(folder(), 'run');
  void opened(join(base, 'baton.db')).close();
  cpSync(base, run, { recursive: true });
  const trace = join(base, 'trace');
  const { printed, said } = traced(
    [...RECORD, '-o', trace],
    [join(run, 'baton.db'), name, String(COMMITS), synchronous],
  );
  expect(`${promisedIn(printed)} ${said}`.trim()).toBe(String(COMMITS));
  return { base, steps: stepsIn(trace, 'baton.db') };
}

/** A little generator of its own, so that a cut can be made again. */
function chanceFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

interface End {
  readonly at: number;
  readonly fate: Fate;
  readonly lost: readonly string[];
  readonly broken: readonly string[];
}

function cut({ base, steps }: ReturnType<typeof recorded>, name: string, at: number, fate: Fate): End {
  const home = mkdtempSync(join(tmpdir(), 'baton-power-'));
  try {
    cpSync(join(base, 'baton.db'), join(home, 'baton.db'));
    const promises = cutAt(steps, at, fate, base, home, chanceFrom(at));
    const path = join(home, 'baton.db');
    const store = opened(path);
    const lost = SHAPES[name]?.missing(store, promises) ?? ['no such shape'];
    void store.close();
    return { at, fate, lost, broken: verifyStore(path, { fold: FOLD, evolve }).problems };
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
}

const allCuts = (run: ReturnType<typeof recorded>, name: string): readonly End[] =>
  run.steps.flatMap((_, at) => FATES.map((fate) => cut(run, name, at, fate)));

describe.skipIf(!canTrace)('the power goes', () => {
  it.each(Object.keys(SHAPES))(
    '%s: what was promised is there, and the file is whole',
    { timeout: 600_000 },
    (name) => {
      const run = recorded(name, 'full');
      expect(run.steps.filter((step) => step.do === 'sync').length).toBeGreaterThanOrEqual(COMMITS);
      const ends = allCuts(run, name);
      expect(ends.filter(({ lost, broken }) => lost.length + broken.length > 0)).toEqual([]);
      console.log(`${name}: ${ends.length} cuts`);
    },
  );

  it.each(Object.keys(SHAPES))(
    '%s: the same at synchronous=NORMAL loses what was promised',
    { timeout: 600_000 },
    (name) => {
      const ends = allCuts(recorded(name, 'normal'), name);
      const losing = ends.filter(({ lost }) => lost.length > 0);
      expect(losing.length).toBeGreaterThan(0);
      console.log(`${name}: ${losing.length} of ${ends.length} cuts lose what was promised`);
    },
  );
});
