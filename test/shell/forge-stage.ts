import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { loadCommands, loadProcesses, loadRules } from '../../src/catalogue.ts';
import { FOLD_VERSION } from '../../src/core/streams.ts';
import type {
  Changes,
  ForgeAdapter,
  ForgeIntake,
  ForgeNews,
  Job,
  Performed,
  TrackerNews,
} from '../../src/forge-ports.ts';
import { createChats } from '../../src/shell/chats.ts';
import { startEngine } from '../../src/shell/engine.ts';
import { createForgeWatch } from '../../src/shell/forge-watch.ts';
import { createForges } from '../../src/shell/forges.ts';
import { createLibrary } from '../../src/shell/library.ts';
import { createLog } from '../../src/shell/log.ts';
import { readOrganisation } from '../../src/shell/read-organisation.ts';
import { openSqliteStore } from '../../src/store/sqlite.ts';
import { folder } from './given.ts';

/** The real engine and the real shell, with a forge that is an object: what is done there it writes down. */

const ORGANISATION = join(import.meta.dirname, '../transcripts/organisation.yaml');
const MONDAY = Date.parse('2026-11-23T10:00:00+01:00');

interface Done {
  readonly job: Job;
  readonly marker: string;
  readonly again: boolean;
}

/** A forge in memory. Webhooks are bodies of news; what is made has its marker, and is made once. */
export function createFakeForge() {
  const done: Done[] = [];
  const made = new Map<string, string>();
  const there = new Map<string, TrackerNews | null>();
  /** What the next calls answer, before anything is done; then `done`. */
  const answers: (Performed | 'made-and-lost')[] = [];
  const pages: (Changes | { is: 'away'; why: string })[] = [];
  const looked: string[] = [];
  let intake: ForgeIntake | undefined;
  let numbers = 100;
  const make = (job: Job, marker: string): string | undefined => {
    if (job.do !== 'log' && job.do !== 'circle') return undefined;
    numbers += 1;
    const ref =
      job.do === 'circle' ? `circle-${numbers}` : `${job.where}${job.sort === 'issue' ? '#' : '/us:'}${numbers}`;
    made.set(marker, made.get(marker) ?? ref);
    return made.get(marker);
  };
  const adapter: ForgeAdapter = {
    platform: 'github',
    start: (given) => {
      intake = given;
    },
    stop: async () => undefined,
    state: () => ({ is: 'connected', line: 'GitHub is connected.' }),
    read: (body) => body as readonly ForgeNews[],
    async perform(job, marker, again) {
      const answer = answers.shift();
      if (answer === 'made-and-lost') {
        make(job, marker);
        return { is: 'uncertain', why: 'cut off' };
      }
      if (answer !== undefined) return answer;
      done.push({ job, marker, again });
      const ref = made.get(marker) ?? make(job, marker);
      return { is: 'done', ...(ref === undefined ? {} : { ref }) };
    },
    changes: async (cursor) => pages.shift() ?? { news: [], cursor: cursor ?? '0', more: false },
    async look(ref) {
      looked.push(ref);
      return there.get(ref);
    },
    webhook: { path: '/webhooks/github', handle: async () => ({ status: 202 }) },
    check: async () => [],
  };
  return {
    adapter, done, made, there, answers, pages, looked,
    webhook: async (id: string, ...news: ForgeNews[]) => intake?.receive(id, news),
  }; // biome-ignore format: one value
}

export type FakeForge = ReturnType<typeof createFakeForge>;

/** Everything put together on a file; a second one on the same path is the process after a restart. */
export async function forgesOn(
  path: string,
  forge: FakeForge,
  time: { now: number } = { now: MONDAY },
  /** What stood in the file when the process before was killed, and was written by its orderly end. */
  meta: Readonly<Record<string, string>> = {},
) {
  const clock = { now: () => time.now };
  const store = openSqliteStore({ path, fold: FOLD_VERSION, now: clock.now, productVersion: '0.0.0' });
  const read = readOrganisation(ORGANISATION);
  const loaded = loadProcesses();
  if ('refusal' in store || 'problems' in read || 'problems' in loaded) throw new Error('the stage does not stand');
  for (const [name, value] of Object.entries(meta)) await store.setMeta(name, value);
  const lines: string[] = [];
  const log = createLog('info', { write: (line: string) => void lines.push(line) });
  const watch = createForgeWatch([forge.adapter]);
  const engine = await startEngine({
    store,
    clock,
    policies: {
      organisation: read.organisation,
      rules: await loadRules(),
      processes: loaded.processes,
      processOf: await createLibrary(store, loaded.processes),
      forges: watch,
    },
    catalogue: await loadCommands(),
    links: { check: async () => 200 },
    look: watch.look,
    log,
  });
  const forges = await createForges({ engine, watch, adapters: [forge.adapter], clock, log, chance: () => 0 });
  const chats = await createChats({ engine, adapters: [], clock, log, chance: () => 0, carriers: forges.carriers });
  let ended = false;
  const stop = async (): Promise<void> => {
    if (ended) return;
    ended = true;
    await Promise.all([forges.stop(), chats.stop()]);
    await engine.drained();
    await store.close();
  };
  onTestFinished(stop);
  const start = (): void => {
    forges.start();
    chats.start();
  };
  const say = async (as: string, text: string) => engine.handle({ as, via: 'web', place: null, text, pressed: false });
  const play = async (script: string): Promise<void> => {
    for (const line of script.split('\n').flatMap((each) => (each.trim() === '' ? [] : [each.trim()]))) {
      const [, who = '', words = ''] = /^(\w+): (.*)$/.exec(line) ?? [];
      const answer = await say(who, words);
      if (!answer.ok) throw new Error(`${line}: ${answer.code} ${answer.text}`);
    }
  };
  return { engine, forges, watch, time, lines, start, stop, say, play };
}

export const inFolder = (): string => join(folder(), 'baton.db');
