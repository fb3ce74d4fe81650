import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { verifyStore } from '../../../src/store/verify.ts';
import { evolve, FOLD, folder, opened } from '../../store/given.ts';
import { SHAPES } from './shapes.ts';
import { countCalls, promisedIn, traced } from './trace.ts';

/** A disk that says no: at the k-th write, or wait for what was written, of a shape of commit; once, or from then on. */

const CHILD = fileURLToPath(new URL('errors-child.ts', import.meta.url));
const COMMITS = 2;
const CALLS = ['pwrite64', 'fsync'] as const;
export const ERRORS = ['ENOSPC', 'EIO'] as const;

export interface No {
  readonly call: (typeof CALLS)[number];
  readonly error: (typeof ERRORS)[number];
  readonly k: number;
  readonly lasts: 'once' | 'for ever';
  /** Only what goes to the journal counts: that is where a commit goes. */
  readonly journal?: true;
}

export interface AfterNo extends No {
  /** As the store calls it; undefined: no commit failed. */
  readonly reason: string | undefined;
  /** Something else was written after the failure. */
  readonly after: boolean;
  /** What is lost, or there by half, once the disk works again. */
  readonly wrong: readonly string[];
}

/** A file to begin with, and how often each call is made by the commits that follow. */
export async function beginning(name: string) {
  const base = folder();
  await opened(join(base, 'baton.db')).close();
  const counting = folder();
  cpSync(base, counting, { recursive: true });
  const path = join(counting, 'baton.db');
  const calls = countCalls(CALLS, [path, name, String(COMMITS)], join(counting, 'trace'), CHILD);
  return { base, counts: CALLS.map((call) => ({ call, count: calls.get(call) ?? 0 })) };
}

/** The same commits on a copy of the same file, on a disk that says no. */
export function saidNo(base: string, name: string, no: No): AfterNo {
  const { call, error, k, lasts } = no;
  const home = mkdtempSync(join(tmpdir(), 'baton-no-'));
  try {
    cpSync(base, home, { recursive: true });
    const path = join(home, 'baton.db');
    const when = `inject=${call}:error=${error}:when=${k}${lasts === 'once' ? '' : '+'}`;
    const { printed } = traced(
      [...(no.journal === true ? ['-P', `${path}-wal`] : []), '-e', `trace=${call}`, '-e', when, '-o', '/dev/null'],
      [path, name, String(COMMITS)],
      CHILD,
    );
    const { problems } = verifyStore(path, { fold: FOLD, evolve });
    const store = opened(path);
    const missing = SHAPES[name]?.missing(store, promisedIn(printed)) ?? ['no such shape'];
    const after = /^after$/m.test(printed);
    const isThere = store.received('slack', 1).length === 1;
    void store.close();
    return {
      ...no,
      reason: /^failed (.*)$/m.exec(printed)?.[1],
      after,
      wrong: [...problems, ...missing, ...(after && !isThere ? ['what came after the failure is lost'] : [])],
    };
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
}
