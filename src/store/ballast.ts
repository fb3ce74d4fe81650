import { rmSync, statfsSync, statSync, writeFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';

export interface Ballast {
  /** Gives its space back to the disk, once; true when there was some. */
  drop(): boolean;
}

/**
 * A file beside the database that does nothing but take up space. When the disk is full it goes, so that what has to be
 * recorded then can be. It is made again at the next start; without room for it there is none.
 */
export function createBallast(path: string, bytes: number): Ballast {
  const file = `${path}.ballast`;
  let held = bytes > 0;
  try {
    if (held && statSync(file, { throwIfNoEntry: false })?.size !== bytes) {
      writeFileSync(file, Buffer.alloc(bytes), { mode: 0o600 });
    }
  } catch {
    held = false;
    rmSync(file, { force: true });
  }
  return {
    drop() {
      if (!held) return false;
      held = false;
      rmSync(file, { force: true });
      return true;
    },
  };
}

/** Which part of the disk under the database is free, from 0 to 1: below a tenth is worth a warning. */
export function freeShare(path: string): number {
  const { bavail, blocks } = statfsSync(dirname(resolve(path)));
  return blocks === 0 ? 1 : bavail / blocks;
}
