import { loadCommands, loadProcesses, loadRules } from '../../src/catalogue.ts';
import type { Catalogue } from '../../src/core/command.ts';
import type { Organisation } from '../../src/core/organisation.ts';
import type { ProcessVersion } from '../../src/core/process.ts';
import type { Rule } from '../../src/core/rule.ts';
import { type Events, evolve, FOLD_VERSION, isOpen, type States, type StreamType } from '../../src/core/streams.ts';
import type { Clock, LinkCheck } from '../../src/ports.ts';
import { type Engine, startEngine } from '../../src/shell/engine.ts';
import { createLibrary } from '../../src/shell/library.ts';
import type { Log } from '../../src/shell/log.ts';
import { parseOrganisation } from '../../src/shell/read-organisation.ts';
import type { Evolve } from '../../src/store/fold.ts';
import type { Store } from '../../src/store/port.ts';
import { openSqliteStore } from '../../src/store/sqlite.ts';

/** The real parts put together as `src/compose.ts` does it, on a clock that the test moves. */

/** The fold of the core, as the store's tools ask for it. */
export const fold: Evolve = (type, state, event) => {
  const stream = type as StreamType;
  const happened = { type: event.type, ...(event.data as object) } as Events[StreamType];
  const after = evolve(stream, state as States[StreamType] | undefined, happened, { at: event.at, actor: event.actor });
  return { state: after, open: isOpen(stream, after) };
};

/** A fault of ours is a failure of the test. */
const loud: Log = {
  info: () => {},
  warn: () => {},
  fault: (_message, error) => {
    throw error;
  },
};

const answering: LinkCheck = { check: async () => 200 };

export interface Wiring {
  readonly organisation: Organisation;
  readonly clock: Clock;
  /** A database file; in memory when not given. */
  readonly path?: string;
  readonly links?: LinkCheck;
  readonly log?: Log;
  /** What a planted mistake changes of the parts. */
  readonly rules?: (rules: readonly Rule[]) => readonly Rule[];
  readonly store?: (store: Store) => Store;
  readonly processes?: (version: ProcessVersion) => ProcessVersion;
}

let commands: Promise<Catalogue> | undefined;

export async function openEngine(wiring: Wiring): Promise<Engine> {
  const { organisation, clock, path = ':memory:', links = answering, log = loud } = wiring;
  const loaded = loadProcesses();
  if ('problems' in loaded) throw new Error(loaded.problems.join('; '));
  const opened = openSqliteStore({ path, fold: FOLD_VERSION, now: clock.now, productVersion: '0.0.0' });
  if ('refusal' in opened) throw new Error(opened.refusal);
  const store = wiring.store?.(opened) ?? opened;
  const rules = await loadRules();
  commands ??= loadCommands();
  const catalogue = await commands;
  const library = await createLibrary(store, loaded.processes);
  return startEngine({
    store,
    clock,
    policies: {
      organisation,
      rules: wiring.rules?.(rules) ?? rules,
      processes: loaded.processes,
      processOf: (hash) => {
        const version = library(hash);
        return version === undefined ? undefined : (wiring.processes?.(version) ?? version);
      },
    },
    catalogue: catalogue,
    links,
    log,
  });
}

/** An organisation from its file's text; YAML reads JSON as well. */
export function organisationOf(file: unknown): Organisation {
  const read = parseOrganisation('org.yaml', JSON.stringify(file));
  if ('problems' in read) throw new Error(read.problems.join('; '));
  return read.organisation;
}
