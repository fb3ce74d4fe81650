import { rmSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { record } from '../support/record.ts';
import { FOUND } from './found.ts';
import { type Played, playHistory } from './history.ts';
import { type Plan, planOf } from './plan.ts';
import { PLANTS, type Plant } from './plants.ts';
import { makeFolder, remembersSyncs, runOnDisk } from './shim.ts';
import { shrink } from './shrink.ts';
import { countSituations } from './situations.ts';

/**
 * The simulation: `--seeds N --from S` plays so many histories, `--seed S` one of them again, with all that happened;
 * `--plants` shows after how many histories each planted mistake is found.
 */

const USAGE = 'usage: sim.ts [--seeds N] [--from S] | --seed S [--plant NAME] | --plants | --hashes N';
/** So many histories must have met every situation. */
const ENOUGH = 200;
const PLANT_WITHIN = 200;
const MOST_LINES = 150;

const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '200' },
    from: { type: 'string', default: '1' },
    seed: { type: 'string' },
    plant: { type: 'string' },
    plants: { type: 'boolean', default: false },
    hashes: { type: 'string' },
  },
});

function print(...lines: readonly string[]): void {
  process.stdout.write(`${lines.join('\n')}\n`);
}

const milliseconds = (): number => performance.now();

/** What is wrong in it, in the least steps, and how it is played again. */
async function explain(
  plan: Plan,
  played: Played,
  folder: string,
  name: string,
  plant: Plant | undefined,
): Promise<void> {
  print(`${name} FAILED: ${played.problem?.message}`);
  const least = await shrink(plan, played, folder, plant);
  print(
    `  ${plan.steps.length} steps, ${least.plan.steps.length} of them are enough (${plan.beginning}):`,
    ...least.plan.steps.map((step) => `    ${JSON.stringify(step)}`),
    '  and what happens then:',
    ...least.played.lines.slice(-MOST_LINES).map((line) => `    ${line}`),
    `  play it again: npm run test:sim -- --seed ${plan.seed}${values.plant === undefined ? '' : ` --plant '${values.plant}'`}`,
  );
}

async function playMany(from: number, count: number, folder: string, plant: Plant | undefined): Promise<boolean> {
  const begun = milliseconds();
  const met = new Map<string, number>();
  let [failures, events, crashes] = [0, 0, 0];
  async function play(plan: Plan, name: string): Promise<void> {
    const played = await playHistory(plan, folder, plant);
    events += played.events;
    for (const [situation, times] of played.situations) {
      met.set(situation, (met.get(situation) ?? 0) + times);
      if (situation.startsWith('crash')) crashes += times;
    }
    if (played.problem === undefined) return;
    failures += 1;
    await explain(plan, played, folder, name, plant);
  }
  for (const [name, plan] of Object.entries(FOUND)) await play(plan, `“${name}”`);
  for (let seed = from; seed < from + count; seed += 1) await play(planOf(seed), `seed ${seed}`);
  const situations = [...countSituations(met)];
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
    `crash points: ${[...met.keys()].filter((name) => name.startsWith('crash')).length}, crashes: ${crashes}`,
    `${count} histories, ${events} events, ${failures} failed, ${average} ms each, ` +
      `${Math.round(process.memoryUsage().rss / 1e6)} MB`,
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
  if (values.hashes === undefined) return playMany(Number(values.from), Number(values.seeds), folder, plant);
  for (let seed = 1; seed <= Number(values.hashes); seed += 1)
    print(`${seed} ${(await playHistory(planOf(seed), folder)).hash}`);
  return true;
}

const numbers = [values.seeds, values.from, values.seed ?? '1', values.hashes ?? '1'];
if (!numbers.every((text) => /^\d+$/.test(text))) {
  print(USAGE);
  process.exit(2);
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
