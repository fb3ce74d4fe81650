import { accessSync, chownSync, constants, existsSync, linkSync, renameSync, rmSync, statSync } from 'node:fs';
import { basename, dirname, resolve } from 'node:path';
import type { Database } from 'better-sqlite3';
import { copyInto, isSameFile, reasonOf, removeDraft, uncopied } from './backup.ts';
import { digestOf, EMPTY_HEAD, type Head, hashOf } from './chain.ts';
import { isRefusal, type OpenRefusal, openReadOnly, openWritable } from './connection.ts';
import { isStale } from './fold.ts';
import { takeLock } from './lock.ts';
import { whatIsNewer } from './migrate.ts';
import { realPath } from './paths.ts';
import { putInPlace } from './put-in-place.ts';
import { OWN_TYPE, toText } from './rows.ts';
import { isBusy } from './sqlite-errors.ts';
import { checkCopy, type VerifyOptions, verifyStore } from './verify.ts';

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
  /** A backup of a later version is refused: nothing could be decided on it. */
  readonly productVersion: string;
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
    belongLikeItsFolder(`${path}.lock`);
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
  const newer = whatIsNewer(source, { ...options, path: file });
  if (newer !== undefined) {
    source.close();
    return newer;
  }
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
  if (closeWithoutJournal(copy) !== 'alone') return { refusal: `${draft} is in use: stop what reads it` };
  belongLikeItsFolder(draft);
  const replaced = existsSync(path) ? setAside(path, now) : null;
  if (typeof replaced === 'object' && replaced !== null) return replaced;
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
function setAside(path: string, now: number): string | OpenRefusal {
  const aside = `${path}.before-restore-${new Date(now).toISOString().replaceAll(/[-:]|\.\d+/g, '')}`;
  const present = openWritable(path);
  // Killed between the two names, a file would stand there whose journal has gone.
  if (!isRefusal(present) && closeWithoutJournal(present) === 'in use')
    return { refusal: `${path} is open in another program: end that first` };
  for (const part of ['-wal', '-shm']) if (existsSync(path + part)) renameSync(path + part, aside + part);
  linkSync(path, aside);
  return aside;
}

/** Takes the journal into the file; the next start turns it on again. */
function closeWithoutJournal(db: Database): 'alone' | 'in use' | 'damaged' {
  try {
    return db.pragma('journal_mode = delete', { simple: true }) === 'delete' ? 'alone' : 'in use';
  } catch (error) {
    return isBusy(error) ? 'in use' : 'damaged';
  } finally {
    db.close();
  }
}

/** The bot runs as somebody else than root, who may be the one who restores. */
function belongLikeItsFolder(file: string): void {
  const { uid, gid } = statSync(dirname(resolve(file)));
  if (process.getuid?.() === 0) chownSync(file, uid, gid);
}

function isOfFold(path: string, fold: number): boolean {
  const db = openReadOnly(path);
  if (isRefusal(db)) return true;
  const isOld = isStale(db, fold);
  db.close();
  return !isOld;
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
