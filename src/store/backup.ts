import { existsSync, linkSync, realpathSync, renameSync, rmSync, statSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import type { Database } from 'better-sqlite3';
import { digestOf, EMPTY_HEAD, type Head, hashOf } from './chain.ts';
import { isRefusal, makeFile, type OpenRefusal, openReadOnly, openWritable } from './connection.ts';
import { isStale } from './fold.ts';
import { takeLock } from './lock.ts';
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

export interface RestoreOptions {
  now(): number;
  readonly actor: string;
}

/**
 * Writes a copy of a database that may be in use: made under another name, checked by opening it, and only then given
 * the name of `target`. Reads without the lock.
 */
export function backup(path: string, target: string): Backup | OpenRefusal {
  if (isSameFile(path, target)) return { refusal: `${target} is the database itself: name another file` };
  const db = openReadOnly(path);
  if (isRefusal(db)) return db;
  const draft = `${target}.part`;
  try {
    // A copy has indexes of its own: those of the file itself are looked at here.
    const line = db.pragma('quick_check(1)', { simple: true });
    if (line !== 'ok') return { refusal: `${path} is not whole (${String(line)}): verify it`, doubt: 'corrupt' };
    copyInto(db, draft);
  } catch (error) {
    rmSync(draft, { force: true });
    return { refusal: `${path} could not be copied to ${target} (${reasonOf(error)}): check the space there` };
  } finally {
    db.close();
  }
  const [problem] = checkCopy(draft);
  if (problem !== undefined) {
    rmSync(draft, { force: true });
    return { refusal: `the copy of ${path} is not whole (${problem}): verify the database`, doubt: 'corrupt' };
  }
  const seq = lastSeq(draft);
  putInPlace(draft, target);
  return { target, bytes: statSync(target).size, seq };
}

/**
 * Puts a backup in the database's place and records that as an event. What was there stays beside it under another
 * name. A backup that is not whole is refused, and so is a database that is in use.
 */
export function restore(file: string, path: string, options: RestoreOptions): Restored | OpenRefusal {
  if (isSameFile(file, path)) return { refusal: `${file} is the database itself: name a backup` };
  const now = options.now();
  const lock = takeLock(path, now);
  if (isRefusal(lock)) return lock;
  try {
    return replace(file, path, options, now);
  } finally {
    lock.release();
  }
}

function replace(file: string, path: string, options: RestoreOptions, now: number): Restored | OpenRefusal {
  const [problem] = checkCopy(file);
  if (problem !== undefined) return { refusal: `${file} is not whole (${problem}): take another backup` };
  const source = openReadOnly(file);
  if (isRefusal(source)) return source;
  const draft = `${path}.restoring`;
  try {
    copyInto(source, draft);
  } catch (error) {
    rmSync(draft, { force: true });
    return { refusal: `${file} could not be copied to ${path} (${reasonOf(error)}): check the space there` };
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

function isSameFile(left: string, right: string): boolean {
  if (existsSync(left) && existsSync(right)) return realpathSync(left) === realpathSync(right);
  return resolve(left) === resolve(right);
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
