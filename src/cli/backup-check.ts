import { accessSync, constants, existsSync, statfsSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import type { Settings } from '../settings.ts';

/** Whether the hourly backups have a place to go to, and one of their own. */

interface Finding {
  readonly problem: string;
  readonly remedy: string;
}

/** The copy, and beside it the trial on which it is restored. */
const COPIES = 2;
const MEGABYTE = 1_048_576;

export function backupFindings({ BATON_BACKUPS: folder }: Settings, database: string): Finding[] {
  if (folder === undefined) return [];
  const remedy = 'write a folder into BATON_BACKUPS in which this user may write';
  const place = nearestFolder(resolve(folder));
  if (existsSync(folder) && !statSync(folder).isDirectory())
    return [{ problem: `BATON_BACKUPS is ${folder}, and that is no folder`, remedy }];
  if (!mayWrite(place)) return [{ problem: `nothing can be written in ${place}, where the backups go`, remedy }];
  const { bavail, bsize } = statfsSync(place);
  const needed = COPIES * (statSync(database, { throwIfNoEntry: false })?.size ?? 0);
  if (bavail * bsize >= needed) return [];
  const inMegabytes = (bytes: number) => Math.ceil(bytes / MEGABYTE);
  return [
    {
      problem: `there is no room for a backup in ${folder}: ${inMegabytes(needed)} MB are needed, ${Math.floor((bavail * bsize) / MEGABYTE)} MB are free`,
      remedy: 'make room there, or write a folder on another disk into BATON_BACKUPS',
    },
  ];
}

/** No fault by itself, for the folder may be copied elsewhere; undefined: it is on a disk of its own. */
export function onOneDisk({ BATON_BACKUPS: folder }: Settings, database: string): string | undefined {
  if (folder === undefined) return undefined;
  const diskOf = (path: string) => statSync(nearestFolder(resolve(path))).dev;
  if (diskOf(folder) !== diskOf(dirname(resolve(database)))) return undefined;
  return `the backups in ${folder} are on the disk of the database, and are lost with it; name a folder on another one in BATON_BACKUPS, or copy them elsewhere`;
}

/** The folder itself, or the one above it in which it would be made. */
export function nearestFolder(path: string): string {
  return existsSync(path) || dirname(path) === path ? path : nearestFolder(dirname(path));
}

export function mayWrite(path: string): boolean {
  try {
    accessSync(path, statSync(path).isDirectory() ? constants.W_OK | constants.X_OK : constants.R_OK | constants.W_OK);
    return true;
  } catch {
    return false;
  }
}
