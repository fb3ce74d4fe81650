import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable, Writable } from 'node:stream';
import { readCircles } from '../../adapters/circles/inbound.ts';
import { readGithub } from '../../adapters/github/inbound.ts';
import { loadCommands, loadProcesses, loadRules } from '../../src/catalogue.ts';
import { simulate } from '../../src/cli/simulate.ts';
import type { Organisation } from '../../src/core/organisation.ts';
import { FOLD_VERSION } from '../../src/core/streams.ts';
import { startEngine } from '../../src/shell/engine.ts';
import { createLibrary } from '../../src/shell/library.ts';
import { createLog } from '../../src/shell/log.ts';
import { parseOrganisation } from '../../src/shell/read-organisation.ts';
import { openSqliteStore } from '../../src/store/sqlite.ts';

/** Plays the simulator's lines in this process: the real engine, store and scheduler, on a clock that the lines move. */

export interface Line {
  readonly line?: number;
  readonly ok?: boolean;
  readonly code?: string;
  readonly rule?: string;
  readonly key?: string;
  readonly text?: string;
  readonly sent?: string;
  readonly to?: { readonly person?: string; readonly chat?: string; readonly email?: string };
  readonly at?: string;
  readonly late?: boolean;
  readonly item?: { readonly environments?: unknown };
}

export function organisationOf(text: string): Organisation {
  const read = parseOrganisation('org.yaml', text);
  if ('problems' in read) throw new Error(read.problems.join('\n'));
  return read.organisation;
}

const log = createLog('fatal');

export async function play(
  organisation: Organisation,
  lines: readonly object[],
  path = ':memory:',
): Promise<readonly Line[]> {
  const loaded = loadProcesses();
  if ('problems' in loaded) throw new Error(loaded.problems.join('\n'));
  const { processes } = loaded;
  const rules = await loadRules();
  const catalogue = await loadCommands();
  let out = '';
  const output = new Writable({
    write(chunk, _encoding, done) {
      out += String(chunk);
      done();
    },
  });
  const bad = await simulate({
    organisation,
    input: Readable.from(lines.map((line) => `${JSON.stringify(line)}\n`)),
    output,
    inMemory: path === ':memory:',
    machine: { now: () => 0 },
    github: readGithub,
    circles: (payload) => readCircles(payload, organisation.circles.closed_statuses),
    open: async (clock, links) => {
      const store = openSqliteStore({ path, fold: FOLD_VERSION, now: clock.now, productVersion: '0.0.0' });
      if ('refusal' in store) return { problems: [store.refusal] };
      const processOf = await createLibrary(store, processes);
      const policies = { organisation, rules, processes, processOf };
      return startEngine({ store, clock, policies, catalogue, links, log });
    },
  });
  if (bad !== undefined) throw new Error(`line ${bad.line}: ${bad.problem}`);
  return out
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Line);
}

/** A database file for as long as `use` runs. */
export async function withDatabase<T>(use: (path: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'baton-time-'));
  try {
    return await use(join(folder, 'baton.db'));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
