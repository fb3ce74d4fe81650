import { hash } from 'node:crypto';
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Database } from 'better-sqlite3';
import { makeFile, markAsOurs, type OpenRefusal } from './connection.ts';
import { putInPlace } from './put-in-place.ts';

export interface MigrateOptions {
  readonly path: string;
  /** The folder that drizzle-kit wrote. */
  readonly migrations: string;
  /** Where the copy from before a migration goes; beside the database when not given. */
  readonly backups?: string | undefined;
  readonly productVersion: string;
  readonly fold: number;
  now(): number;
}

type Newest = Pick<MigrateOptions, 'path' | 'productVersion' | 'fold'>;

interface Migration {
  readonly tag: string;
  readonly hash: string;
  readonly statements: readonly string[];
}

const VERSION = 'store.version';
export const FOLD = 'store.fold';
const APPLIED = 'store.migration.';

/**
 * Brings the file to the present schema in one exclusive transaction: killed midway, it has the old schema or the new
 * one. The caller holds the lock. A refusal leaves the file as it was.
 */
export function migrate(db: Database, options: MigrateOptions): OpenRefusal | undefined {
  const known = readMigrations(options.migrations);
  const applied = readApplied(db);
  const newer = whatIsNewer(db, options);
  if (newer !== undefined) return newer;
  for (const { tag, hash } of known) {
    const before = applied.get(tag);
    if (before === undefined || before === hash) continue;
    return {
      refusal: `migration ${tag} is not the one applied to ${options.path}: reinstall Baton ${options.productVersion}`,
    };
  }
  const pending = known.filter((migration) => !applied.has(migration.tag));
  if (pending.length > 0) {
    if (applied.size > 0 && options.path !== ':memory:') backUp(db, options, pending);
    return apply(db, options, pending, applied.size === 0);
  }
  if (readMeta(db, VERSION) !== options.productVersion) writeMeta(db, VERSION, options.productVersion);
  return undefined;
}

/**
 * A later version wrote the file: it has tables that are not known here, or its states say what this version's fold knows
 * nothing of, and would leave out. Undefined: none did.
 */
export function whatIsNewer(
  db: Database,
  { path, productVersion, fold, migrations = MIGRATIONS }: Newest & { readonly migrations?: string },
): OpenRefusal | undefined {
  const known = new Set(readMigrations(migrations).map(({ tag }) => tag));
  const applied = [...readApplied(db).keys()];
  if (applied.length === 0) return undefined;
  if (applied.every((tag) => known.has(tag)) && Number(readMeta(db, FOLD) ?? 0) <= fold) return undefined;
  const by = readMeta(db, VERSION) ?? 'a later version';
  return {
    refusal: `${path} was written by Baton ${by}, which is newer than ${productVersion}: run that version`,
    doubt: 'newer',
  };
}

export function readMeta(db: Database, name: string): string | undefined {
  return db.prepare<[string], string>('select value from meta where name = ?').pluck().get(name);
}

export function writeMeta(db: Database, name: string, value: string): void {
  db.prepare(
    'insert into meta (name, value) values (?, ?) on conflict (name) do update set value = excluded.value',
  ).run(name, value);
}

/** The folder of the product's own. */
export const MIGRATIONS = fileURLToPath(new URL('../../migrations', import.meta.url));

export function readMigrations(folder: string): readonly Migration[] {
  const journal: { entries: { tag: string }[] } = JSON.parse(
    readFileSync(join(folder, 'meta', '_journal.json'), 'utf8'),
  );
  return journal.entries.map(({ tag }) => {
    // A checkout may have changed the line ends; that is no other migration.
    const text = readFileSync(join(folder, `${tag}.sql`), 'utf8').replaceAll('\r\n', '\n');
    return { tag, hash: hash('sha256', text), statements: text.split('--> statement-breakpoint') };
  });
}

export function readApplied(db: Database): ReadonlyMap<string, string> {
  if (!tablesOf(db).includes('meta')) return new Map();
  const rows = db
    .prepare<[string], { name: string; value: string }>(`select name, value from meta where name glob ? || '*'`)
    .all(APPLIED);
  return new Map(rows.map(({ name, value }) => [name.slice(APPLIED.length), value]));
}

function backUp(db: Database, options: MigrateOptions, pending: readonly Migration[]): void {
  const stamp = new Date(options.now()).toISOString().replaceAll(/[-:]|\.\d+/g, '');
  const name = `before-${pending[0]?.tag ?? 'migration'}-${stamp}.db`;
  const target = options.backups === undefined ? `${options.path}.${name}` : join(options.backups, name);
  // A start that was killed while it copied left half a copy behind; only a whole one gets the name.
  const draft = `${target}.part`;
  rmSync(draft, { force: true });
  makeFile(draft);
  db.prepare('vacuum into ?').run(draft);
  putInPlace(draft, target);
}

function apply(
  db: Database,
  options: MigrateOptions,
  pending: readonly Migration[],
  first: boolean,
): OpenRefusal | undefined {
  // A rebuilt table is dropped: inside the transaction this setting would have no effect, and references would fire.
  db.pragma('foreign_keys = off');
  try {
    db.exec('begin exclusive');
    const before = countRows(db);
    for (const { statements } of pending) for (const statement of statements) db.exec(statement);
    const problem = first ? undefined : compare(db, before);
    if (problem !== undefined) {
      db.exec('rollback');
      return { refusal: `the migration of ${options.path} was undone (${problem}): run the version it was written by` };
    }
    for (const { tag, hash } of pending) writeMeta(db, APPLIED + tag, hash);
    writeMeta(db, VERSION, options.productVersion);
    if (first) {
      markAsOurs(db);
      writeMeta(db, FOLD, String(options.fold));
    }
    db.exec('commit');
    return undefined;
  } catch (error) {
    if (db.inTransaction) db.exec('rollback');
    const reason = error instanceof Error ? error.message : String(error);
    return { refusal: `the migration of ${options.path} was undone (${reason}): run the version it was written by` };
  } finally {
    db.pragma('foreign_keys = on');
  }
}

/** What the migration broke: a reference, or rows that went missing. */
function compare(db: Database, before: ReadonlyMap<string, number>): string | undefined {
  const broken = db.prepare('pragma foreign_key_check').all();
  if (broken.length > 0) return `${broken.length} broken references`;
  const after = countRows(db);
  for (const [table, rows] of before) {
    const left = after.get(table);
    if (left !== undefined && left < rows) return `${table} lost ${rows - left} rows`;
  }
  return undefined;
}

function countRows(db: Database): ReadonlyMap<string, number> {
  return new Map(
    tablesOf(db).map((table) => [table, Number(db.prepare(`select count(*) from "${table}"`).pluck().get())]),
  );
}

function tablesOf(db: Database): readonly string[] {
  return db
    .prepare<[], string>(`select name from sqlite_schema where type = 'table' and name not like 'sqlite_%'`)
    .pluck()
    .all();
}
