import { rmSync, statfsSync, statSync, writeFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';

export interface Ballast {
  /** Gives its space back to the disk, once; true when there was some. */
  drop(): boolean;
  /** Holds the space back again, where there is room for it and a little more; true where it is held, or never was. */
  regain(): boolean;
}

/**
 * A file beside the database that does nothing but take up space. When the disk is full it goes, so that what has to be
 * recorded then can be. It is made again when there is room, and at the next start; without room for it there is none.
 */
export function createBallast(path: string, bytes: number): Ballast {
  const file = `${path}.ballast`;
  let held = bytes > 0 && make(file, bytes);
  const isWanted = held;
  return {
    drop() {
      if (!held) return false;
      held = false;
      rmSync(file, { force: true });
      return true;
    },
    regain() {
      if (!isWanted || held) return true;
      held = freeBytes(path) > bytes * BESIDE && make(file, bytes);
      return held;
    },
  };
}

/** So much more than the ballast must be free before it is made again: else the disk would be full with it at once. */
const BESIDE = 1.1;

function make(file: string, bytes: number): boolean {
  try {
    if (statSync(file, { throwIfNoEntry: false })?.size !== bytes)
      writeFileSync(file, Buffer.alloc(bytes), { mode: 0o600 });
    return true;
  } catch {
    rmSync(file, { force: true });
    return false;
  }
}

function freeBytes(path: string): number {
  const { bavail, bsize } = statfsSync(dirname(resolve(path)));
  return bavail * bsize;
}

/** Which part of the disk under the database is free, from 0 to 1: below a tenth is worth a warning. */
export function freeShare(path: string): number {
  const { bavail, blocks } = statfsSync(dirname(resolve(path)));
  return blocks === 0 ? 1 : bavail / blocks;
}

/** The bytes of the journal beside the database; 0 where there is none. */
export function journalOf(path: string): number {
  return statSync(`${path}-wal`, { throwIfNoEntry: false })?.size ?? 0;
}
