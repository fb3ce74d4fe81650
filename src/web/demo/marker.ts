import { existsSync, rmSync } from 'node:fs';
import { isRefusal, type OpenRefusal, openReadOnly } from '../../store/connection.ts';
import { takeLock } from '../../store/lock.ts';
import { readMeta } from '../../store/migrate.ts';
import { OFFSET } from '../demo-clock.ts';

/** What a database says of itself: is it the demonstration's? The two sorts are never mixed up. */

export const MARKER = 'demo.state';

export interface Marker {
  /** `none`: there is no file yet. `real`: an organisation's own. `begun`: the demonstration was not played to its end. */
  readonly sort: 'none' | 'real' | 'begun' | 'ready';
  readonly offset: number;
}

/** Reads the marker without the lock; what can not be read is left to whoever opens the store, who says why. */
export function readMarker(path: string): Marker | OpenRefusal {
  if (!existsSync(path)) return { sort: 'none', offset: 0 };
  const db = openReadOnly(path);
  if (isRefusal(db)) return db.refusal.includes('is empty') ? { sort: 'none', offset: 0 } : db;
  try {
    const state = readMeta(db, MARKER);
    const offset = Number(readMeta(db, OFFSET) ?? 0);
    const isKnown = state === 'begun' || state === 'ready';
    return { sort: isKnown ? state : 'real', offset: Number.isFinite(offset) ? offset : 0 };
  } catch {
    return { sort: 'real', offset: 0 };
  } finally {
    db.close();
  }
}

/** Takes the demonstration's database away, if nobody holds it. Only ever called for one that bears the marker. */
export function removeDemo(path: string, now: number): string | undefined {
  const lock = takeLock(path, now);
  if (isRefusal(lock)) return lock.refusal;
  // The lock's own file stays: whoever waits for it holds it open.
  for (const ending of ['', '-wal', '-shm', '-journal', '.sock', '.ballast'])
    rmSync(`${path}${ending}`, { force: true });
  lock.release();
  return undefined;
}
