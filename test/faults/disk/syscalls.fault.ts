import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { verifyStore } from '../../../src/store/verify.ts';
import { evolve, FOLD, folder, opened } from '../../store/given.ts';
import { SHAPES } from './shapes.ts';
import { canTrace, countCalls, promisedIn, traced } from './trace.ts';

/** The process is killed at every single write and every wait for the disk, for each shape of commit. */

const COMMITS = 3;
const CALLS = ['pwrite64', 'fsync', 'ftruncate'] as const;

/** Runs the same thing on a copy of the same file, killed at the k-th call; says what is wrong afterwards. */
function killedAt(base: string, name: string, call: string, k: number): { died: boolean; wrong: readonly string[] } {
  const home = mkdtempSync(join(tmpdir(), 'baton-syscall-'));
  try {
    cpSync(base, home, { recursive: true });
    const path = join(home, 'baton.db');
    const inject = ['-e', `trace=${call}`, '-e', `inject=${call}:signal=KILL:when=${k}`, '-o', '/dev/null'];
    const { printed } = traced(inject, [path, name, String(COMMITS)]);
    const promised = promisedIn(printed);
    const verified = verifyStore(path, { fold: FOLD, evolve });
    const store = opened(path);
    const missing = SHAPES[name]?.missing(store, promised) ?? ['no such shape'];
    void store.close();
    return { died: promised < COMMITS, wrong: [...verified.problems, ...missing] };
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
}

describe.skipIf(!canTrace)('killed at every write', () => {
  it.each(Object.keys(SHAPES))(
    '%s: nothing that was promised is lost, and nothing is there by half',
    { timeout: 600_000 },
    async (name) => {
      const base = folder();
      await opened(join(base, 'baton.db')).close();
      const counting = folder();
      cpSync(base, counting, { recursive: true });
      const calls = countCalls(CALLS, [join(counting, 'baton.db'), name, String(COMMITS)], join(counting, 'trace'));
      const kills = CALLS.flatMap((call) =>
        Array.from({ length: calls.get(call) ?? 0 }, (_, k) => ({ call, k: k + 1 })),
      );
      const ends = kills.map(({ call, k }) => ({ call, k, ...killedAt(base, name, call, k) }));
      expect(ends.filter(({ wrong }) => wrong.length > 0)).toEqual([]);
      // A kill that came after the last promise shows nothing: most must have come before.
      expect(ends.filter(({ died }) => died).length).toBeGreaterThan(kills.length / 2);
      console.log(`${name}: ${kills.length} kills`);
    },
  );
});
