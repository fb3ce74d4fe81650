import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Database } from 'better-sqlite3';
import { isRefusal, openWritable } from '../../src/store/connection.ts';
import type { Chance } from './chance.ts';
import { remembersSyncs } from './shim.ts';

/** The file system under the store: it can die with the process, or with the power, and then keeps what was synced. */

type Part = '' | '-wal';
const PARTS: readonly Part[] = ['', '-wal'];
type Files = Readonly<Record<Part, Buffer>>;

export interface Disk {
  /** Opens what is on the disk, as the process does at its start. */
  open(): Database;
  path(): string;
  /** What has been written until now, to be compared with later. */
  look(): Files;
  /**
   * The process dies, or the power goes. `during`: in the middle of what was written since then, of which nobody was told.
   */
  crash(how: 'kill' | 'power', during?: Files): void;
  remove(): void;
}

const NOTHING = Buffer.alloc(0);
const SECTOR = 512;
const HEADER = 32;
const read = (path: string): Buffer => (existsSync(path) ? readFileSync(path) : NOTHING);
let disks = 0;

export function createDisk(folder: string, start: Buffer, chance: Chance, synchronous: 'full' | 'normal'): Disk {
  disks += 1;
  const disk = disks;
  let generation = 0;
  let opened: Files = { '': start, '-wal': NOTHING };
  const pathOf = (): string => join(folder, `${disk}-${generation}.db`);
  const look = (): Files => ({ '': read(pathOf()), '-wal': read(`${pathOf()}-wal`) });
  const write = (files: Files): void => {
    for (const part of PARTS)
      if (files[part].length > 0) writeFileSync(`${pathOf()}${part}`, files[part], { mode: 0o600 });
    opened = files;
  };
  const clean = (): void => {
    for (const part of [...PARTS, '-shm'])
      for (const end of ['', '.synced']) rmSync(`${pathOf()}${part}${end}`, { force: true });
  };
  /** What the disk holds for sure: what was there at the start, and what was synced since. */
  function synced(now: Files): Files {
    if (!remembersSyncs()) return synchronous === 'full' ? now : opened;
    const of = (part: Part): Buffer => {
      const copy = `${pathOf()}${part}.synced`;
      return existsSync(copy) ? readFileSync(copy) : opened[part];
    };
    return { '': of(''), '-wal': of('-wal') };
  }
  const torn = (before: Buffer, after: Buffer, inOrder: boolean): Buffer => tear(chance, before, after, inOrder);
  function left(how: 'kill' | 'power', during: Files | undefined): Files {
    const now = look();
    // The journal is synced before the database is written, and all that goes on there stands in it.
    const isCopying = during !== undefined && !during[''].equals(now['']);
    if (isCopying) return { '': torn(during[''], now[''], how === 'kill'), '-wal': now['-wal'] };
    if (how === 'power') {
      const safe = synced(now);
      // What was synced by this very write was not yet, in its middle.
      const isMid = during !== undefined && safe['-wal'].equals(now['-wal']);
      const journal = isMid ? begun(during['-wal'], now['-wal']) : safe['-wal'];
      return { '': torn(safe[''], now[''], false), '-wal': torn(journal, now['-wal'], false) };
    }
    if (during === undefined) return now;
    return { '': now[''], '-wal': torn(during['-wal'], now['-wal'], true) };
  }
  write(opened);
  return {
    open() {
      const db = openWritable(pathOf());
      if (isRefusal(db)) throw new Error(`I11: ${db.refusal}`);
      // A short journal: it is copied into the database often, also in the middle of things.
      db.pragma('wal_autocheckpoint = 64');
      if (synchronous === 'normal') db.pragma('synchronous = normal');
      return db;
    },
    path: pathOf,
    look,
    crash(how, during) {
      const files = left(how, during);
      clean();
      generation += 1;
      write(files);
    },
    remove: clean,
  };
}

function differing(before: Buffer, after: Buffer): number[] {
  const found: number[] = [];
  const until = Math.max(before.length, after.length);
  for (let from = 0; from < until; from += SECTOR) {
    const end = from + SECTOR;
    if (end > after.length || end > before.length || before.compare(after, from, end, from, end) !== 0)
      found.push(from);
  }
  return found;
}

/** Each sector as it was or as it is: in the order of writing up to somewhere, or any of them. */
function tear(chance: Chance, before: Buffer, after: Buffer, inOrder: boolean): Buffer {
  const result = Buffer.alloc(Math.max(before.length, after.length));
  before.copy(result);
  const sectors = differing(before, after);
  const until = chance.below('disk.torn', sectors.length + 1);
  for (const [at, from] of sectors.entries()) {
    const isKept = inOrder ? at < until : chance.is('disk.sector', until / (sectors.length + 1));
    if (isKept) after.copy(result, from, from, Math.min(from + SECTOR, after.length));
  }
  return result;
}

/** A journal that begins anew has its header synced before anything else of it. */
function begun(before: Buffer, after: Buffer): Buffer {
  if (before.length === 0 || after.subarray(0, HEADER).equals(before.subarray(0, HEADER))) return before;
  return Buffer.concat([after.subarray(0, HEADER), before.subarray(HEADER)]);
}
