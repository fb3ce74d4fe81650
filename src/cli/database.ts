import { existsSync } from 'node:fs';
import { readSettings } from '../settings.ts';
import { realPath } from '../store/paths.ts';
import type { Invocation } from './cli.ts';
import { organisationOf } from './organisation-file.ts';

const DEMO_DB = 'data/demo.db';

/**
 * The database that a command is about: `--db`, else BATON_DB, else the demonstration's where no organisation is set. The
 * file itself where it is named through a link: its lock, its socket and its journal are beside it.
 */
export function databasePath({ options, environment, complain }: Invocation): string | undefined {
  if (options.db === '') {
    complain('--db names no file; say which: --db FILE');
    return undefined;
  }
  if (typeof options.db === 'string') return realPath(options.db);
  const read = readSettings(environment);
  if ('problems' in read) {
    complain(...read.problems);
    return undefined;
  }
  const { settings } = read;
  const isNamed = environment.BATON_DB !== undefined || environment.BATON_DB_FILE !== undefined;
  return realPath(
    !isNamed && organisationOf(settings) === undefined ? DEMO_DB : (settings.BATON_DB ?? 'data/baton.db'),
  );
}

/** The same, of a file that must be there. */
export function existingDatabase(invocation: Invocation): string | undefined {
  const path = databasePath(invocation);
  if (path === undefined || existsSync(path)) return path;
  invocation.complain(`there is no database ${path}; name it with --db FILE`);
  return undefined;
}

export const DB_OPTION = {
  db: { type: 'string', help: 'the database file (default: BATON_DB, or the demonstration’s)' },
} as const;
