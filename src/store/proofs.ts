import Sqlite, { type Database } from 'better-sqlite3';
import { digestOf, hashOf } from './chain.ts';
import { MIGRATIONS, readApplied, readMigrations } from './migrate.ts';
import type { StoredEvent } from './rows.ts';

/** What is proved both of a whole file at once and, step by step, of the one that is in use. */

/** Nothing ever takes an event's data away: where they are gone, somebody hides what the event said. */
export function whatIsWrongWith(event: StoredEvent, previous: string): readonly string[] {
  const { data, digest, hash } = event;
  const problems: string[] = [];
  if (data === null) problems.push('its data were taken out');
  else if (digestOf(data) !== digest) problems.push('its data was changed');
  if (hashOf(previous, event) !== hash) problems.push('the chain is broken');
  return problems;
}

/** A process is kept under the first letters of its text's hash. */
const isTextOf = (hash: string, text: string): boolean => digestOf(text).slice(0, 12) === hash;

/** Items go by these texts: another one under the same hash lets through what the real one would not. */
export function changedProcesses(db: Database): readonly string[] {
  return db
    .prepare<[], { hash: string; kind: string; text: string }>('select hash, kind, text from processes order by id')
    .all()
    .filter(({ hash, text }) => !isTextOf(hash, text))
    .map(({ hash, kind }) => `process ${hash} of ${kind}: its text was changed`);
}

/** What guards the tables, and what may be planted on them, against what the migrations make; a later version's are not known. */
export function changedSchema(db: Database): readonly string[] {
  const applied = readApplied(db);
  const known = readMigrations(MIGRATIONS);
  if ([...applied.keys()].some((tag) => !known.some((migration) => migration.tag === tag))) return [];
  const model = new Sqlite(':memory:');
  try {
    for (const { tag, statements } of known)
      if (applied.has(tag)) for (const statement of statements) model.exec(statement);
    const [right, found] = [schemaOf(model), schemaOf(db)];
    return [
      ...[...right].filter(([name]) => !found.has(name)).map(([name]) => `the ${name} is missing`),
      ...[...found].flatMap(([name, sql]) => {
        if (!right.has(name)) return [`the ${name} is none of ours`];
        return right.get(name) === sql ? [] : [`the ${name} was changed`];
      }),
    ];
  } finally {
    model.close();
  }
}

/** Tables by their name alone: the versions of SQLite differ in how they write down a column that was added. */
function schemaOf(db: Database): ReadonlyMap<string, string> {
  const rows = db
    .prepare<[], { type: string; name: string; sql: string }>(
      `select type, name, sql from sqlite_schema where sql is not null and name not glob 'sqlite_*' order by type, name`,
    )
    .all();
  return new Map(rows.map(({ type, name, sql }) => [`${type} ${name}`, type === 'table' ? '' : squeezed(sql)]));
}

const squeezed = (sql: string): string => sql.replaceAll(/\s+/g, ' ').trim();
