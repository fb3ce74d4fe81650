import { closeSync, fsyncSync, openSync, renameSync } from 'node:fs';
import { dirname, resolve } from 'node:path';

/** On the disk first, then under its name, then the name on the disk. No connection is open to either file. */
export function putInPlace(draft: string, target: string): void {
  sync(draft);
  renameSync(draft, target);
  sync(dirname(resolve(target)));
}

function sync(path: string): void {
  const file = openSync(path, 'r');
  try {
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}
