import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { verifyStore } from '../../../src/store/verify.ts';
import { evolve, FOLD, folder, opened } from '../../store/given.ts';
import { cutAt, FATES, type Fate, RECORD, stepsIn } from './power-cut.ts';
import { SHAPES } from './shapes.ts';
import { promisedIn, traced } from './trace.ts';

/** A run of commits that was recorded, and what is left of it when the power goes at any of its steps. */

export interface Recorded {
  readonly base: string;
  readonly steps: ReturnType<typeof stepsIn>;
}

export interface End {
  readonly at: number;
  readonly fate: Fate;
  readonly lost: readonly string[];
  readonly broken: readonly string[];
}

/** Makes so many commits and records what reaches the disk; throws where not all of them were promised. */
export async function recorded(name: string, commits: number, synchronous: 'full' | 'normal'): Promise<Recorded> {
  const base = folder();
  const run = join(folder(), 'run');
  await opened(join(base, 'baton.db')).close();
  cpSync(base, run, { recursive: true });
  const trace = join(base, 'trace');
  const { printed, said } = traced(
    [...RECORD, '-o', trace],
    [join(run, 'baton.db'), name, String(commits), synchronous],
  );
  if (promisedIn(printed) !== commits) throw new Error(`${promisedIn(printed)} of ${commits} were promised: ${said}`);
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

function cut({ base, steps }: Recorded, name: string, at: number, fate: Fate): End {
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

/** A cut before each step at which `isWanted`, with each fate of what was not waited for. */
export const cutsOf = (
  run: Recorded,
  name: string,
  isWanted: (at: number) => boolean = () => true,
  fates: readonly Fate[] = FATES,
): readonly End[] => run.steps.flatMap((_, at) => (isWanted(at) ? fates.map((fate) => cut(run, name, at, fate)) : []));
