import type { Database } from 'better-sqlite3';
import { GENESIS } from './chain.ts';
import { isRefusal, openReadOnly } from './connection.ts';
import { type Evolve, eventsOfStream, isStale, whatIsWrong } from './fold.ts';
import { changedProcesses, changedSchema, whatIsWrongWith } from './proofs.ts';
import { OWN_TYPE, type StoredEvent, type StoredState } from './rows.ts';

export interface Verification {
  readonly ok: boolean;
  readonly events: number;
  readonly states: number;
  /** The states are of another version's fold: the next start folds them anew, and they were not compared. */
  readonly isStale?: true;
  /** One line each; at most a hundred. */
  readonly problems: readonly string[];
}

export interface VerifyOptions {
  readonly fold: number;
  readonly evolve: Evolve;
  /** A head that was posted outside: this event must be there, and have this hash. */
  readonly head?: { readonly seq: number; readonly hash: string } | undefined;
  /** A file on which no process works: states of another version's fold are no fault, for the next start folds them anew. */
  readonly isAtRest?: boolean;
  /** Called now and then with the rows looked at so far. */
  onProgress?(rows: number): void;
}

const MOST_PROBLEMS = 100;
const PROGRESS = 10_000;

type Report = (problem: string) => void;

/**
 * Proves a database: the chain of hashes, no gap in the sequence or in a stream's versions, that every state is the fold
 * of its events, that every process text is the one it is kept as, and that nothing was planted in the schema. It reads one moment of the file, without the lock, so a running bot is not disturbed.
 */
export function verifyStore(path: string, options: VerifyOptions): Verification {
  const db = openReadOnly(path);
  if (isRefusal(db)) return { ok: false, events: 0, states: 0, problems: [db.refusal] };
  const problems: string[] = [];
  const report: Report = (problem) => {
    if (problems.length < MOST_PROBLEMS) problems.push(problem);
  };
  const counts = { events: 0, states: 0 };
  let isOld = false;
  try {
    db.exec('begin');
    checkFile(db, report);
    counts.events = checkChain(db, report, options.onProgress);
    if (options.head !== undefined) checkHead(db, options.head, report);
    isOld = options.isAtRest === true && isStale(db, options.fold);
    counts.states = isOld ? countStates(db) : checkStates(db, options, report, counts.events);
    for (const problem of [...changedProcesses(db), ...changedSchema(db)]) report(problem);
  } catch (error) {
    report(`cannot be read to the end: ${error instanceof Error ? error.message : String(error)}`);
  } finally {
    db.close();
  }
  return { ok: problems.length === 0, ...counts, ...(isOld ? { isStale: true as const } : {}), problems };
}

/**
 * What a copy has to pass before it counts as a backup: the file's own integrity and the chain; where it is known how
 * events fold, all else as well. States of an earlier fold are folded anew at the next start, so they are no fault.
 */
export function checkCopy(path: string, options?: Pick<VerifyOptions, 'fold' | 'evolve'>): readonly string[] {
  const db = openReadOnly(path);
  if (isRefusal(db)) return [db.refusal];
  const problems: string[] = [];
  try {
    checkFile(db, (problem) => problems.push(problem));
    checkChain(db, (problem) => problems.push(problem));
    if (options !== undefined) {
      if (!isStale(db, options.fold)) checkStates(db, options, (problem) => problems.push(problem), 0);
      problems.push(...changedProcesses(db), ...changedSchema(db));
    }
  } catch (error) {
    problems.push(error instanceof Error ? error.message : String(error));
  } finally {
    db.close();
  }
  return problems;
}

const countStates = (db: Database): number => db.prepare<[], number>('select count(*) from states').pluck().get() ?? 0;

function checkFile(db: Database, report: Report): void {
  // One finding can have several lines.
  const lines = db
    .prepare<[], string>('pragma integrity_check')
    .pluck()
    .all()
    .map((line) => line.replaceAll('\n', ', '));
  if (lines.length !== 1 || lines[0] !== 'ok') for (const line of lines) report(`integrity: ${line}`);
  const broken = db.prepare('pragma foreign_key_check').all();
  if (broken.length > 0) report(`${broken.length} broken references`);
}

function checkChain(db: Database, report: Report, onProgress?: (rows: number) => void): number {
  const versions = new Map<string, number>();
  let previous = GENESIS;
  let last = 0;
  let count = 0;
  for (const event of db.prepare<[], StoredEvent>('select * from events order by seq').iterate()) {
    const { seq, stream, version, hash } = event;
    if (seq !== last + 1) report(`event ${seq} follows event ${last}: ${seq - last - 1} are missing`);
    const before = versions.get(stream) ?? 0;
    if (version !== before + 1) report(`event ${seq} is version ${version} of ${stream}, after version ${before}`);
    for (const problem of whatIsWrongWith(event, previous)) report(`event ${seq} of ${stream}: ${problem}`);
    versions.set(stream, version);
    previous = hash;
    last = seq;
    count += 1;
    if (count % PROGRESS === 0) onProgress?.(count);
  }
  return count;
}

/** The chain alone does not show that its end was cut off, or that it was made anew from some event on. */
function checkHead(db: Database, { seq, hash }: { readonly seq: number; readonly hash: string }, report: Report): void {
  const found = db.prepare<[number], string>('select hash from events where seq = ?').pluck().get(seq);
  if (found === undefined) report(`event ${seq} was posted and is not here: the end of the history was cut off`);
  else if (found !== hash.toLowerCase())
    report(
      `event ${seq} is not the one that was posted: the history was changed, or a backup from before it was restored`,
    );
}

function checkStates(
  db: Database,
  options: Pick<VerifyOptions, 'fold' | 'evolve' | 'onProgress'>,
  report: Report,
  before: number,
): number {
  const events = eventsOfStream(db);
  let count = 0;
  for (const row of db.prepare<[], StoredState>('select * from states order by id').iterate()) {
    const problem = whatIsWrong(row, events.all(row.stream), options);
    if (problem !== undefined) report(`state of ${row.stream}: ${problem}`);
    count += 1;
    if (count % PROGRESS === 0) options.onProgress?.(before + count);
  }
  const without = db
    .prepare<[string, string], string>(
      `select distinct stream from events
       where stream <> ? and stream not glob ? || '/*' and stream not in (select stream from states)`,
    )
    .pluck();
  for (const stream of without.all(OWN_TYPE, OWN_TYPE)) report(`state of ${stream}: it is missing`);
  return count;
}
