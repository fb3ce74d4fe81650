import { existsSync, lstatSync, mkdirSync, readlinkSync, realpathSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';

/** As many links as the system itself would follow. */
const MOST_LINKS = 40;

/**
 * The one path of a file that can be named in several ways: two bots must not hold one file under two names. Also of a
 * file that is still to be made. Where no link is on the way it is the path as it was given.
 */
export function realPath(path: string, links = MOST_LINKS): string {
  if (path === '' || path === ':memory:') return path;
  try {
    const real = follow(resolve(path), links);
    return real === resolve(path) ? path : real;
  } catch {
    // Whoever opens it says why that can not be done.
    return path;
  }
}

function follow(path: string, links: number): string {
  if (existsSync(path)) return realpathSync(path);
  const folder = dirname(path);
  if (folder === path) return path;
  const isLink = lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() === true;
  if (isLink && links > 0) return follow(resolve(follow(folder, links), readlinkSync(path)), links - 1);
  return join(follow(folder, links), basename(path));
}

/** Makes a folder with those above it. Step by step: Node's own way never ends where a file system makes none, as /proc. */
export function makeFolder(path: string): void {
  if (existsSync(path)) return;
  makeFolder(dirname(path));
  try {
    mkdirSync(path, { mode: 0o700 });
  } catch (error) {
    // Another process was faster.
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
  }
}
