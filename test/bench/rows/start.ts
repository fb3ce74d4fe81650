import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { type Bench, inFolder, median, ROUNDS } from '../harness.ts';
import { openOffice, organisation, prepare } from '../workload.ts';
import { createPeople, fileOf } from '../year/people.ts';
import { commandsPerSecond, IN_FLIGHT } from './command.ts';
import { fill } from './large.ts';

/** C8: from `node` to an answer on the console's address, and how much memory that is. */

const MAIN = join(import.meta.dirname, '../../../src/main.ts');

interface Started {
  readonly milliseconds: number;
  readonly megabytes: number;
}

/** Resident memory as the kernel counts it; undefined where it does not tell. */
function residentOf(pid: number): number {
  const found = /VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'));
  return Number(found?.[1] ?? 0) / 1024;
}

async function startOnce(folder: string, file: string): Promise<Started> {
  const started = performance.now();
  const child = spawn(process.execPath, [MAIN, 'start'], {
    cwd: folder,
    env: {
      PATH: process.env.PATH ?? '',
      HOME: folder,
      BATON_ORG: file,
      BATON_DB: join(folder, 'big.db'),
      PORT: '0',
      LOG_LEVEL: 'error',
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  try {
    let said = '';
    child.stdout.setEncoding('utf8');
    for await (const chunk of child.stdout) {
      said += String(chunk);
      const address = /http:\/\/\S+/.exec(said)?.[0];
      if (address === undefined) continue;
      const milliseconds = performance.now() - started;
      const answer = await fetch(address);
      if (!answer.ok) throw new Error(`${address} answered ${answer.status}`);
      return { milliseconds, megabytes: residentOf(child.pid ?? 0) };
    }
    throw new Error(`it did not start: ${said}`);
  } finally {
    child.kill('SIGTERM');
    if (child.exitCode === null) await once(child, 'exit');
  }
}

const show = (values: readonly number[]): string =>
  `${median(values).toFixed(0)} (${Math.min(...values).toFixed(0)}–${Math.max(...values).toFixed(0)})`;

/** Commands a conversation: in all about as many as a busy organisation says in a month. */
const DAY = 120;

export const start: Bench = {
  name: 'C8',
  run: () =>
    inFolder(async (folder) => {
      const file = join(folder, 'organisation.yaml');
      writeFileSync(file, JSON.stringify(fileOf(createPeople(organisation.people.length))));
      await fill(join(folder, 'big.db'), { events: 400_000, items: 100_000, open: 1_000 });
      const rounds: Started[] = [];
      for (let round = -1; round < ROUNDS; round += 1) {
        const started = await startOnce(folder, file);
        if (round >= 0) rounds.push(started);
      }
      const times = rounds.map(({ milliseconds }) => milliseconds);
      const sizes = rounds.map(({ megabytes }) => megabytes);
      const load = await underLoad(join(folder, 'big.db'));
      const grown = (load.at(-1) ?? 0) - (load[1] ?? 0);
      return [
        {
          id: 'C8',
          what: 'from `node` to the console’s address with 100,000 items in the file, from source',
          goal: '≤ 600 ms',
          measured: `${show(times)} ms`,
          met: median(times) <= 600,
        },
        {
          id: 'C8-memory',
          what: 'resident memory then, with one page shown',
          goal: '≤ 130 MB on the defaults',
          measured: `${show(sizes)} MB`,
          met: median(sizes) <= 130,
        },
        {
          id: 'C8-load',
          what: `resident memory of the engine (with this bench around it) after each of four times ${(DAY * IN_FLIGHT).toLocaleString('en')} commands`,
          goal: 'flat',
          measured: `${load.map((megabytes) => megabytes.toFixed(0)).join(', ')} MB`,
          met: grown <= 0.1 * (load[1] ?? 0),
        },
      ];
    }),
};

async function underLoad(path: string): Promise<number[]> {
  const office = await openOffice(path);
  const conversations = await prepare(office, IN_FLIGHT);
  const sizes: number[] = [];
  for (let day = 0; day < 4; day += 1) {
    await commandsPerSecond(office, conversations, DAY);
    await deliver(office);
    sizes.push(process.memoryUsage.rss() / 1024 / 1024);
  }
  await office.close();
  return sizes;
}

/** What was said is delivered, as a running bot would. */
async function deliver({ engine }: Awaited<ReturnType<typeof openOffice>>): Promise<void> {
  const { store } = engine;
  for (
    let rows = await store.claim(Number.MAX_SAFE_INTEGER - 1e6, 500);
    rows.length > 0;
    rows = await store.claim(Number.MAX_SAFE_INTEGER - 1e6, 500)
  )
    await Promise.all(rows.map(({ id }) => store.mark(id, 'sent')));
}
