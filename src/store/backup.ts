import { existsSync, realpathSync, rmSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import type { Database } from 'better-sqlite3';
import { isRefusal, makeFile, type OpenRefusal, openReadOnly } from './connection.ts';
import { makeFolder } from './paths.ts';
import { putInPlace } from './put-in-place.ts';
import { checkCopy } from './verify.ts';

export interface Backup {
  readonly target: string;
  readonly bytes: number;
  /** The last event in it. */
  readonly seq: number;
}

/**
 * Writes a copy of a database that may be in use: made under another name, checked by opening it and by whatever else is
 * asked of it, and only then given the name of `target`. A backup that is there already stays until then. Reads without
 * the lock.
 */
export function backup(
  path: string,
  target: string,
  prove: (draft: string) => OpenRefusal | undefined = () => undefined,
): Backup | OpenRefusal {
  const inTheWay = problemWithTarget(path, target);
  if (inTheWay !== undefined) return { refusal: inTheWay };
  const db = openReadOnly(path);
  if (isRefusal(db)) return db;
  const draft = `${target}.part`;
  try {
    // A copy has indexes of its own: those of the file itself are looked at here.
    const line = db.pragma('quick_check(1)', { simple: true });
    if (line !== 'ok')
      return { refusal: `${path} is not whole (${String(line).replaceAll('\n', ', ')}): verify it`, doubt: 'corrupt' };
    copyInto(db, draft);
  } catch (error) {
    removeDraft(draft);
    return { refusal: uncopied(path, target, error) };
  } finally {
    db.close();
  }
  const [problem] = checkCopy(draft);
  if (problem !== undefined) {
    removeDraft(draft);
    return { refusal: `the copy of ${path} is not whole (${problem}): verify the database`, doubt: 'corrupt' };
  }
  try {
    const unproved = prove(draft);
    if (unproved !== undefined) return unproved;
    const seq = lastSeq(draft);
    putInPlace(draft, target);
    return { target, bytes: statSync(target).size, seq };
  } catch (error) {
    return { refusal: uncopied(path, target, error) };
  } finally {
    removeDraft(draft);
  }
}

/** Where no backup can go: a folder, and whatever is there and is no backup. */
function problemWithTarget(path: string, target: string): string | undefined {
  if (target.trim() === '') return 'say where the backup goes: baton backup TARGET';
  if (isSameFile(path, target)) return `${target} is the database itself: name another file`;
  try {
    makeFolder(dirname(target));
    const present = statSync(target, { throwIfNoEntry: false });
    if (present === undefined) return undefined;
    if (present.isDirectory()) return `${target} is a folder: name a file in it`;
    if (!present.isFile()) return `${target} is no file: name another one`;
  } catch (error) {
    return `${target} can not be written (${reasonOf(error)}): check who may write there, or name another file`;
  }
  // A bot has run on it: what is beside it would be read into the copy.
  if (existsSync(`${target}.lock`) || existsSync(`${target}-wal`))
    return `${target} is a database that a bot works on: name another file`;
  const there = openReadOnly(target);
  if (isRefusal(there)) return `${target} is there and is no backup of Baton: name another file`;
  there.close();
  return undefined;
}

export function copyInto(db: Database, target: string): void {
  rmSync(target, { force: true });
  makeFile(target);
  // The connection cannot write to its own file in any case; the setting would forbid the copy as well.
  db.pragma('query_only = off');
  db.prepare('vacuum into ?').run(target);
}

function lastSeq(path: string): number {
  const db = openReadOnly(path);
  if (isRefusal(db)) return 0;
  const seq = db.prepare<[], number>('select coalesce(max(seq), 0) from events').pluck().get() ?? 0;
  db.close();
  return seq;
}

/** One line, whatever was in the way. A mistake of our own is not the disk's fault. */
export function uncopied(from: string, to: string, error: unknown): string {
  if (error instanceof TypeError || error instanceof ReferenceError) throw error;
  return `${from} could not be copied to ${to} (${reasonOf(error)}): check the space there, and who may write there`;
}

/** Also what SQLite put beside it. What can not be taken away is left: the refusal says more than that would. */
export function removeDraft(draft: string): void {
  for (const part of ['', '-journal', '-wal', '-shm'])
    try {
      rmSync(draft + part, { force: true });
    } catch {}
}

export function isSameFile(left: string, right: string): boolean {
  if (existsSync(left) && existsSync(right)) return realpathSync(left) === realpathSync(right);
  return resolve(left) === resolve(right);
}

export function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
