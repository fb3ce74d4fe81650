import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';
import { loadCommands, loadProcesses, loadRules } from '../../src/catalogue.ts';
import { FOLD_VERSION } from '../../src/core/streams.ts';
import { type Engine, startEngine } from '../../src/shell/engine.ts';
import { createLibrary } from '../../src/shell/library.ts';
import { createLog } from '../../src/shell/log.ts';
import { parseOrganisation } from '../../src/shell/read-organisation.ts';
import { isRefusal, openWritable } from '../../src/store/connection.ts';
import { migrate } from '../../src/store/migrate.ts';
import type { Store } from '../../src/store/port.ts';
import { createStore } from '../../src/store/sqlite.ts';

const ORGANISATION = `
organisation: Example Grid
timezone: Europe/Brussels
people:
  - { id: olga, name: Olga, roles: [ops] }
  - { id: sam, name: Sam, roles: [stakeholder] }
  - { id: pam, name: Pam, roles: [promotion] }
`;

const MONDAY = Date.parse('2026-11-23T10:00:00+01:00');

/** A folder that is gone when the test is over. */
export function folder(): string {
  const path = mkdtempSync(join(tmpdir(), 'baton-'));
  onTestFinished(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

/** The real engine on a real file, with the database handle beside it, so that a test can take its room away. */
export async function engineOn(
  path: string,
  given: { faulty?: (store: Store) => Store; voters?: readonly string[] } = {},
) {
  const time = { now: MONDAY };
  const db = openWritable(path);
  if (isRefusal(db)) throw new Error(db.refusal);
  const options = { path, fold: FOLD_VERSION, now: () => time.now, productVersion: '0.0.0' };
  const refusal = migrate(db, { ...options, migrations: fileURLToPath(new URL('../../migrations', import.meta.url)) });
  if (refusal !== undefined) throw new Error(refusal.refusal);
  const plain = createStore(db, undefined, options);
  const store = given.faulty === undefined ? plain : given.faulty(plain);
  const people = (given.voters ?? []).map((id) => `  - { id: ${id}, roles: [stakeholder] }\n`);
  const organisation = `${ORGANISATION}${people.join('')}`;
  const read = parseOrganisation('org.yaml', organisation);
  const loaded = loadProcesses();
  if ('problems' in read || 'problems' in loaded) throw new Error('the files of the test are wrong');
  const lines: string[] = [];
  const log = createLog('info', { write: (line: string) => void lines.push(line) });
  const policies = {
    organisation: read.organisation,
    rules: await loadRules(),
    processes: loaded.processes,
    processOf: await createLibrary(store, loaded.processes),
  };
  const engine: Engine = await startEngine({
    store,
    clock: { now: () => time.now },
    policies,
    catalogue: await loadCommands(),
    links: { check: async () => 200 },
    log,
  });
  return { engine, db, lines, time };
}

export const says = (as: string, text: string) => ({ as, via: 'web', place: null, text, pressed: false });
