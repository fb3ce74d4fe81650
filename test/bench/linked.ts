import { loadCommands, loadProcesses, loadRules } from '../../src/catalogue.ts';
import type { ItemState } from '../../src/core/item.ts';
import { FOLD_VERSION } from '../../src/core/streams.ts';
import type { RefState } from '../../src/core/tracked.ts';
import type { ForgeAdapter } from '../../src/forge-ports.ts';
import { type Engine, startEngine } from '../../src/shell/engine.ts';
import { createForgeWatch } from '../../src/shell/forge-watch.ts';
import { createForges, type ForgeConnections } from '../../src/shell/forges.ts';
import { createLibrary } from '../../src/shell/library.ts';
import type { Log } from '../../src/shell/log.ts';
import type { Commit, StateRow } from '../../src/store/port.ts';
import { openSqliteStore } from '../../src/store/sqlite.ts';
import { organisationOf } from '../properties/engine.ts';
import { NOTHING, openStore } from './rows/outbox.ts';
import { START } from './workload.ts';
import { createPeople, fileOf } from './year/people.ts';

/** An organisation with very many issues, or stories, each linked to an item that is open. */

export const REPOSITORY = 'example/grid';
export const CIRCLE = 'owner-grid';
const AN_ITEM = 10;
const people = createPeople(200);

export type Sort = 'issue' | 'story';
export const refOf = (sort: Sort, n: number): string => (sort === 'issue' ? `${REPOSITORY}#${n}` : `${CIRCLE}/us:${n}`);

/** Fills a file through the store: ten linked of this sort to an item, all of them open. */
export async function fillLinked(path: string, linked: number, sort: Sort = 'issue'): Promise<void> {
  const loaded = loadProcesses();
  if ('problems' in loaded) throw new Error(loaded.problems.join('; '));
  const web = [...loaded.processes.values()].find(({ process }) => process.kind === 'web');
  const store = openStore(path, () => START);
  const items = Math.ceil(linked / AN_ITEM);
  const rowsOf = (item: number): StateRow[] => {
    const key = `WEB-${item + 1}`;
    const refs = Array.from({ length: AN_ITEM }, (_, n) => refOf(sort, item * AN_ITEM + n + 1));
    return [
      { stream: `item/${key}`, type: 'item', version: 1, open: true, state: itemOf(key, web?.hash ?? '', sort, refs) },
      ...refs.map((ref) => ({
        stream: `ref/${ref}`,
        type: 'ref',
        version: 1,
        open: false,
        state: stateOf(ref, sort, key),
      })),
    ];
  };
  const commitOf = (from: number, until: number): Commit => {
    const states = Array.from({ length: until - from }, (_, n) => rowsOf(from + n)).flat();
    const events = states.map(({ stream }) => ({
      stream, version: 1, type: 'seen', at: START, actor: 'system', via: 'bench', data: { note: 'x'.repeat(100) },
    })); // biome-ignore format: one value
    return { ...NOTHING, events, states };
  };
  for (let n = 0; n < items; n += 100) await store.write([{ decide: () => commitOf(n, Math.min(items, n + 100)) }]);
  const platform = sort === 'issue' ? 'github' : 'circles';
  await store.setMeta(`${platform}.since`, String(START));
  await store.close();
}

const stateOf = (ref: string, kind: Sort, item: string): RefState => ({
  ref, kind, title: `What is wanted as ${ref}`, open: true, labels: ['bug'], severity: null, since: null, item, alert: null,
  told: [], version: 1, confirmed: true,
}); // biome-ignore format: one value

const itemOf = (key: string, process: string, kind: Sort, refs: readonly string[]): ItemState => ({
  key, kind: 'web', title: `The work that is called ${key}`, state: 'active', process, proposer: people.promotion[0] ?? '',
  urgent: null, owner: null, grants: {}, step: 'build', stepNumber: 6, role: 'web', stepSince: START,
  holder: people.web[0] ?? null, holderSince: START, accepted: true, offer: null, environments: [], failedAt: 0,
  links: refs.map((ref) => ({ ref, kind, pairedWith: [] })),
  circle: `https://circles.example.org/project/of-${key.toLowerCase()}`, votes: [], rank: null, round: null, pending: null,
  decidedOn: null, request: null, skip: null, skipped: null, testers: {}, invited: false, ready: [], told: [],
  loggedElsewhere: false, touchedAt: START, version: 1,
}); // biome-ignore format: one value

const quiet: Log = {
  info: () => {},
  warn: () => {},
  fault: (_message, error) => {
    throw error;
  },
};

export interface Linked {
  readonly engine: Engine;
  readonly clock: { at: number };
  readonly forges: ForgeConnections;
  close(): Promise<void>;
}

/** The engine and the forges' part of the shell on such a file, with one forge connected. */
export async function openLinked(path: string, adapterOf: (clock: { now(): number }) => ForgeAdapter): Promise<Linked> {
  const time = { at: START };
  const clock = { now: () => time.at };
  const loaded = loadProcesses();
  const store = openSqliteStore({ path, fold: FOLD_VERSION, now: clock.now, productVersion: '0.0.0' });
  if ('problems' in loaded || 'refusal' in store) throw new Error('the stage does not stand');
  const adapter = adapterOf(clock);
  const watch = createForgeWatch([adapter]);
  const engine = await startEngine({
    store,
    clock,
    policies: {
      organisation: organisationOf({
        ...(fileOf(people) as object),
        github: { repositories: [REPOSITORY] },
        circles: { default: CIRCLE },
      }),
      rules: await loadRules(),
      processes: loaded.processes,
      processOf: await createLibrary(store, loaded.processes),
      forges: watch,
    },
    catalogue: await loadCommands(),
    links: { check: async () => 200 },
    look: watch.look,
    log: quiet,
  });
  const forges = await createForges({ engine, watch, adapters: [adapter], clock, log: quiet, chance: () => 0 });
  return {
    engine,
    clock: time,
    forges,
    close: async () => {
      await forges.stop();
      await engine.drained();
      await store.close();
    },
  };
}
