import { accessSync, constants, existsSync, linkSync, realpathSync, renameSync, rmSync, statSync } from 'node:fs';
import { basename, dirname, resolve } from 'node:path';
import type { Database } from 'better-sqlite3';
import { digestOf, EMPTY_HEAD, type Head, hashOf } from './chain.ts';
import { isRefusal, makeFile, type OpenRefusal, openReadOnly, openWritable } from './connection.ts';
import { isStale } from './fold.ts';
import { takeLock } from './lock.ts';
import { makeFolder, realPath } from './paths.ts';
import { putInPlace } from './put-in-place.ts';
import { OWN_TYPE, toText } from './rows.ts';
import { checkCopy, type VerifyOptions, verifyStore } from './verify.ts';

export interface Backup {
  readonly target: string;
  readonly bytes: number;
  /** The last event in it. */
  readonly seq: number;
}

export interface Restored {
  readonly path: string;
  readonly bytes: number;
  /** Where the database that was replaced is now; null when there was none. */
  readonly replaced: string | null;
  /** The `restored` event. */
  readonly seq: number;
}

/** With how events fold: a backup whose states say something else is none. */
export interface RestoreOptions extends Pick<VerifyOptions, 'fold' | 'evolve'> {
  now(): number;
  readonly actor: string;
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
    if (line !== 'ok') return { refusal: `${path} is not whole (${String(line)}): verify it`, doubt: 'corrupt' };
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

/**
 * Puts a backup in the database's place and records that as an event. What was there stays beside it under another
 * name. A backup that is not whole is refused, and so is a database that is in use.
 */
export function restore(file: string, named: string, options: RestoreOptions): Restored | OpenRefusal {
  // A link to the database stays one.
  const path = realPath(named);
  if (isSameFile(file, path)) return { refusal: `${file} is the database itself: name a backup` };
  const problem = unreadable(file) ?? unusable(path);
  if (problem !== undefined) return { refusal: problem };
  const now = options.now();
  const lock = takeLock(path, now);
  if (isRefusal(lock)) return lock;
  try {
    return replace(file, path, options, now);
  } catch (error) {
    return { refusal: uncopied(file, path, error) };
  } finally {
    removeDraft(`${path}.restoring`);
    lock.release();
  }
}

function replace(file: string, path: string, options: RestoreOptions, now: number): Restored | OpenRefusal {
  const [problem] = checkCopy(file, options);
  if (problem !== undefined) return { refusal: `${file} is not whole (${problem}): take another backup` };
  const source = openReadOnly(file);
  if (isRefusal(source)) return source;
  const draft = `${path}.restoring`;
  try {
    copyInto(source, draft);
  } catch (error) {
    return { refusal: uncopied(file, path, error) };
  } finally {
    source.close();
  }
  const copy = openWritable(draft);
  if (isRefusal(copy)) return copy;
  const seq = recordRestore(copy, { from: basename(file) }, options.actor, now);
  const alone = closeWithoutJournal(copy);
  if (!alone) return { refusal: `${draft} is in use: stop what reads it` };
  const replaced = existsSync(path) ? setAside(path, now) : null;
  putInPlace(draft, path);
  return { path, bytes: statSync(path).size, replaced, seq };
}

/**
 * Restores a backup beside itself, as one would on the day on which it is needed, proves what came out of it, and takes
 * that away again. What is wrong with it, a line each.
 */
export function tryRestore(file: string, options: RestoreOptions & VerifyOptions): readonly string[] {
  const trial = `${file}.trial`;
  const away = (): void => {
    for (const part of ['', '-wal', '-shm', '.lock', '.lock-journal']) rmSync(trial + part, { force: true });
  };
  away();
  try {
    const restored = restore(file, trial, options);
    if (isRefusal(restored)) return [restored.refusal];
    // States of an earlier fold are folded anew at the next start; the chain was proved by then.
    return isOfFold(trial, options.fold) ? verifyStore(trial, options).problems : [];
  } finally {
    away();
  }
}

/** With statements of its own: a backup from before a migration lacks what those of the present version ask for. */
function recordRestore(db: Database, data: { from: string }, actor: string, now: number): number {
  const head = db.prepare<[], Head>('select seq, at, hash from events order by seq desc limit 1').get() ?? EMPTY_HEAD;
  const stream = `${OWN_TYPE}/store`;
  const versionOf = db.prepare<[string], number | null>('select max(version) from events where stream = ?').pluck();
  const text = toText({ ...data, at: head.seq });
  const event = {
    seq: head.seq + 1,
    stream,
    version: (versionOf.get(stream) ?? 0) + 1,
    type: 'restored',
    at: Math.max(now, head.at),
    actor,
    via: 'cli',
    digest: digestOf(text),
  };
  db.transaction(() => {
    db.prepare(
      `insert into events (seq, stream, version, type, at, actor, via, data, digest, hash)
       values (:seq, :stream, :version, :type, :at, :actor, :via, :data, :digest, :hash)`,
    ).run({ ...event, data: text, hash: hashOf(head.hash, event) });
    // What the replaced file was in doubt about is not of this one.
    db.prepare("delete from mirrors where key = 'safe-mode'").run();
  }).immediate();
  return event.seq;
}

/**
 * Gives the present database a second name, so that at no moment there is none under its own. Its journal must be gone
 * first: beside another file under that name it would be read into it.
 */
function setAside(path: string, now: number): string {
  const aside = `${path}.before-restore-${new Date(now).toISOString().replaceAll(/[-:]|\.\d+/g, '')}`;
  const present = openWritable(path);
  if (!isRefusal(present)) closeWithoutJournal(present);
  for (const part of ['-wal', '-shm']) if (existsSync(path + part)) renameSync(path + part, aside + part);
  linkSync(path, aside);
  return aside;
}

/** Takes the journal into the file; the next start turns it on again. False when another process reads the file. */
function closeWithoutJournal(db: Database): boolean {
  try {
    return db.pragma('journal_mode = delete', { simple: true }) === 'delete';
  } catch {
    return false;
  } finally {
    db.close();
  }
}

function copyInto(db: Database, target: string): void {
  rmSync(target, { force: true });
  makeFile(target);
  // The connection cannot write to its own file in any case; the setting would forbid the copy as well.
  db.pragma('query_only = off');
  db.prepare('vacuum into ?').run(target);
}

function isOfFold(path: string, fold: number): boolean {
  const db = openReadOnly(path);
  if (isRefusal(db)) return true;
  const isOld = isStale(db, fold);
  db.close();
  return !isOld;
}

function lastSeq(path: string): number {
  const db = openReadOnly(path);
  if (isRefusal(db)) return 0;
  const seq = db.prepare<[], number>('select coalesce(max(seq), 0) from events').pluck().get() ?? 0;
  db.close();
  return seq;
}

function unreadable(file: string): string | undefined {
  try {
    accessSync(file, constants.R_OK);
    return statSync(file).isFile() ? undefined : `${file} is no file: name a backup`;
  } catch (error) {
    return `${file} can not be read (${reasonOf(error)}): check its permissions and those of its folder`;
  }
}

function unusable(path: string): string | undefined {
  if (path.trim() === '') return 'say which file the backup becomes: --db FILE';
  const isOther = existsSync(path) && !statSync(path).isFile();
  return isOther ? `${path} is no file: name the database with --db FILE` : undefined;
}

/** One line, whatever was in the way. A mistake of our own is not the disk's fault. */
function uncopied(from: string, to: string, error: unknown): string {
  if (error instanceof TypeError || error instanceof ReferenceError) throw error;
  return `${from} could not be copied to ${to} (${reasonOf(error)}): check the space there, and who may write there`;
}

/** Also what SQLite put beside it. What can not be taken away is left: the refusal says more than that would. */
function removeDraft(draft: string): void {
  for (const part of ['', '-journal', '-wal', '-shm'])
    try {
      rmSync(draft + part, { force: true });
    } catch {}
}

function isSameFile(left: string, right: string): boolean {
  if (existsSync(left) && existsSync(right)) return realpathSync(left) === realpathSync(right);
  return resolve(left) === resolve(right);
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
