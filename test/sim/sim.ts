import { rmSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { record } from '../support/record.ts';
import { playHistory } from './history.ts';
import { playAsPart, playRange, type Range } from './many.ts';
import { planOf } from './plan.ts';
import { PLANTS, type Plant } from './plants.ts';
import { makeFolder, remembersSyncs, runOnDisk } from './shim.ts';
import { countSituations } from './situations.ts';

/**
 * The simulation: `--seeds N --from S` plays so many histories, on as many processes as there are cores or `--processes`
 * says; `--seed S` plays one of them again, with all that happened; `--plants` shows after how many histories each planted mistake is found.
 */

const USAGE = 'usage: sim.ts [--seeds N] [--from S] [--processes P] | --seed S [--plant NAME] | --plants | --hashes N';
/** So many histories must have met every situation. */
const ENOUGH = 200;
const PLANT_WITHIN = 200;
/** Each process makes the beginnings of its own: fewer histories than these are not worth one. */
const WORTH_A_PROCESS = 25;

const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '200' },
    from: { type: 'string', default: '1' },
    seed: { type: 'string' },
    plant: { type: 'string' },
    plants: { type: 'boolean', default: false },
    processes: { type: 'string' },
    part: { type: 'string' },
    hashes: { type: 'string' },
  },
});

function print(...lines: readonly string[]): void {
  process.stdout.write(`${lines.join('\n')}\n`);
}

const milliseconds = (): number => performance.now();

async function playMany(range: Range, processes: number, folder: string): Promise<boolean> {
  const begun = milliseconds();
  const { from, count } = range;
  const { failures, events, bytes, met } = await playRange(range, processes, folder, print);
  const deaths = met.filter(([situation]) => situation.startsWith('crash'));
  const crashes = deaths.reduce((sum, [, times]) => sum + times, 0);
  const situations = [...countSituations(new Map(met))];
  const average = Math.round((milliseconds() - begun) / count);
  record('simulation', {
    seeds: `${from}–${from + count - 1}`,
    histories: count,
    events,
    crashes,
    failures,
    situations: Object.fromEntries(situations),
  });
  const missing = count < ENOUGH ? [] : situations.filter(([, times]) => times === 0);
  print(
    ...situations.map(([situation, times]) => `${String(times).padStart(6)}  ${situation}`),
    `crash points: ${deaths.length}, crashes: ${crashes}`,
    `${count} histories, ${events} events, ${failures} failed, ${average} ms each on ${processes} processes, ` +
      `${Math.round(bytes / 1e6)} MB`,
    ...missing.map(([situation]) => `NEVER MET: ${situation}`),
  );
  return failures === 0 && missing.length === 0;
}

async function playOne(seed: number, folder: string, plant: Plant | undefined): Promise<boolean> {
  const plan = planOf(seed);
  const played = await playHistory(plan, folder, plant);
  print(`seed ${seed}, ${plan.beginning}`, ...played.lines, `hash ${played.hash}`);
  if (played.problem !== undefined) print(`FAILED: ${played.problem.stack ?? played.problem.message}`);
  return played.problem === undefined;
}

/** After how many histories each planted mistake is found, and by what. */
async function playPlants(folder: string): Promise<boolean> {
  let good = true;
  const plants: { name: string; after: number; by: string | undefined }[] = [];
  for (const [name, { plant, found }] of Object.entries(PLANTS)) {
    let by: string | undefined;
    let seed = 0;
    while (by === undefined && seed < PLANT_WITHIN) {
      seed += 1;
      by = (await playHistory(planOf(seed), folder, plant)).problem?.message.split('\n')[0];
    }
    const isFound = by !== undefined && found.test(by);
    good &&= isFound;
    plants.push({ name, after: seed, by });
    print(`${isFound ? `found after ${String(seed).padStart(3)}` : 'NOT FOUND      '}  ${name}: ${by ?? 'nothing'}`);
  }
  record('plants', { good, plants });
  return good;
}

async function run(folder: string): Promise<boolean> {
  if (values.plants) return playPlants(folder);
  const plant = values.plant === undefined ? undefined : PLANTS[values.plant]?.plant;
  if (values.plant !== undefined && plant === undefined) {
    print(`no plant is called “${values.plant}”: ${Object.keys(PLANTS).join('; ')}`);
    return false;
  }
  if (values.seed !== undefined) return playOne(Number(values.seed), folder, plant);
  if (values.hashes === undefined) {
    const range = { from: Number(values.from), count: Number(values.seeds), plant: values.plant };
    const most = Number(values.processes ?? availableParallelism());
    return playMany(range, Math.max(1, Math.min(most, Math.floor(range.count / WORTH_A_PROCESS))), folder);
  }
  for (let seed = 1; seed <= Number(values.hashes); seed += 1)
    print(`${seed} ${(await playHistory(planOf(seed), folder)).hash}`);
  return true;
}

const numbers = [values.seeds, values.from, values.seed ?? '1', values.hashes ?? '1', values.processes ?? '1'];
if (!numbers.every((text) => /^\d+$/.test(text))) {
  print(USAGE);
  process.exit(2);
}
if (values.part !== undefined) {
  await playAsPart(values.part);
  process.exit(0);
}
// The disk that remembers is preloaded: it is this script again that runs on it.
const code = remembersSyncs() ? undefined : runOnDisk(import.meta.filename, process.argv.slice(2));
if (code === undefined) {
  const folder = process.env.SIM_DISK ?? makeFolder();
  const good = await run(folder);
  if (!remembersSyncs()) rmSync(folder, { recursive: true });
  process.exit(good ? 0 : 1);
}
process.exit(code);
