import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import Sqlite from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { verifyStore } from '../../../src/store/verify.ts';
import { evolve, FOLD, folder, opened, someHistory } from '../../store/given.ts';
import { canTrace, countCalls, promisedIn, traced } from './trace.ts';

/** A migration that rebuilds a table with everything in it is killed at each of its writes: the old file is there, or the new one. */

const MIGRATIONS = fileURLToPath(new URL('../../../migrations', import.meta.url));
const CHILD = fileURLToPath(new URL('migration-child.ts', import.meta.url));
const CALLS = ['pwrite64', 'fsync', 'ftruncate', 'rename', 'unlink'] as const;
const REBUILD = `create table mirrors_new (id integer primary key, key text not null unique, at integer not null, data text, seen integer) strict;
--> statement-breakpoint
insert into mirrors_new (id, key, at, data) select id, key, at, data from mirrors;
--> statement-breakpoint
drop table mirrors;
--> statement-breakpoint
alter table mirrors_new rename to mirrors;`;

function oneMore(): string {
  const copy = join(folder(), 'migrations');
  cpSync(MIGRATIONS, copy, { recursive: true });
  const file = join(copy, 'meta', '_journal.json');
  const journal = JSON.parse(readFileSync(file, 'utf8'));
  journal.entries.push({ ...journal.entries.at(-1), idx: journal.entries.length, tag: '9999_more' });
  writeFileSync(file, JSON.stringify(journal));
  writeFileSync(join(copy, '9999_more.sql'), REBUILD);
  return copy;
}

function columnsOf(path: string): readonly string[] {
  const db = new Sqlite(path);
  try {
    return db.prepare<[], { name: string }>("select name from pragma_table_info('mirrors')").all().map(({ name }) => name); // biome-ignore format: one value
  } finally {
    db.close();
  }
}

describe.skipIf(!canTrace)('a migration killed at every write', () => {
  it('leaves the old schema or the new one, with everything in it', { timeout: 600_000 }, async () => {
    const migrations = oneMore();
    const base = folder();
    await someHistory(join(base, 'baton.db'));
    const before = opened(join(base, 'baton.db'));
    const history = JSON.stringify(before.events(0, 100));
    await before.close();
    const counting = folder();
    cpSync(base, counting, { recursive: true });
    const calls = countCalls(CALLS, [join(counting, 'baton.db'), migrations], join(counting, 'trace'), CHILD);
    expect(columnsOf(join(counting, 'baton.db'))).toContain('seen');
    const kills = CALLS.flatMap((call) => Array.from({ length: calls.get(call) ?? 0 }, (_, k) => ({ call, k: k + 1 })));
    const wrong: unknown[] = [];
    const schemas = new Set<string>();
    for (const { call, k } of kills) {
      const home = mkdtempSync(join(tmpdir(), 'baton-migration-'));
      cpSync(base, home, { recursive: true });
      const path = join(home, 'baton.db');
      const inject = ['-e', `trace=${call}`, '-e', `inject=${call}:signal=KILL:when=${k}`, '-o', '/dev/null'];
      const { printed } = traced(inject, [path, migrations], CHILD);
      const columns = columnsOf(path).join(' ');
      schemas.add(columns);
      if (promisedIn(printed) > 0 && !columns.includes('seen')) wrong.push({ call, k, lost: columns });
      const { problems } = verifyStore(path, { fold: FOLD, evolve });
      if (problems.length > 0) wrong.push({ call, k, problems });
      // The next start brings it to its end.
      const store = opened(path, { migrations, backups: `${path}.backups` });
      if (JSON.stringify(store.events(0, 100)) !== history) wrong.push({ call, k, history: 'differs' });
      await store.close();
      if (!columnsOf(path).includes('seen')) wrong.push({ call, k, never: columns });
      rmSync(home, { recursive: true, force: true });
    }
    expect(wrong).toEqual([]);
    expect([...schemas].sort()).toEqual(['id key at data', 'id key at data seen']);
    console.log(`a migration: ${kills.length} kills`);
  });
});
