import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { FOUND } from './found.ts';
import { type Played, playHistory } from './history.ts';
import { type Plan, planOf } from './plan.ts';
import { PLANTS } from './plants.ts';
import { shrink } from './shrink.ts';

/** Many histories, on as many processes as are wanted: each plays a part of the seeds, and what it met is added up. */

const MOST_LINES = 150;

export interface Range {
  readonly from: number;
  readonly count: number;
  /** The name of a planted mistake. */
  readonly plant: string | undefined;
}

export interface Tally {
  readonly failures: number;
  readonly events: number;
  readonly bytes: number;
  readonly met: readonly (readonly [situation: string, times: number])[];
}
type Print = (...lines: readonly string[]) => void;
/** What a process tells the one that began it. */
type Told = { readonly said: readonly string[] } | { readonly tally: Tally };

/** What is wrong in it, in the least steps, and how it is played again. */
async function explain(plan: Plan, played: Played, folder: string, name: string, planted?: string): Promise<string[]> {
  const least = await shrink(plan, played, folder, plantOf(planted));
  return [
    `${name} FAILED: ${played.problem?.message}`,
    `  ${plan.steps.length} steps, ${least.plan.steps.length} of them are enough (${plan.beginning}):`,
    ...least.plan.steps.map((step) => `    ${JSON.stringify(step)}`),
    '  and what happens then:',
    ...least.played.lines.slice(-MOST_LINES).map((line) => `    ${line}`),
    `  play it again: npm run test:sim -- --seed ${plan.seed}${planted === undefined ? '' : ` --plant '${planted}'`}`,
  ];
}

const plantOf = (name: string | undefined) => (name === undefined ? undefined : PLANTS[name]?.plant);

function add(met: Map<string, number>, more: Iterable<readonly [string, number]>): void {
  for (const [situation, times] of more) met.set(situation, (met.get(situation) ?? 0) + times);
}

/** One part of so many: each plays every so manieth seed, and the first of them what once went wrong as well. */
async function playPart(
  { from, count, plant }: Range,
  nth: number,
  of: number,
  folder: string,
  print: Print,
): Promise<Tally> {
  const met = new Map<string, number>();
  let [failures, events] = [0, 0];
  async function play(plan: Plan, name: string): Promise<void> {
    const played = await playHistory(plan, folder, plantOf(plant));
    events += played.events;
    add(met, played.situations);
    if (played.problem === undefined) return;
    failures += 1;
    print(...(await explain(plan, played, folder, name, plant)));
  }
  if (nth === 0) for (const [name, plan] of Object.entries(FOUND)) await play(plan, `“${name}”`);
  for (let seed = from + nth; seed < from + count; seed += of) await play(planOf(seed), `seed ${seed}`);
  return { failures, events, bytes: process.memoryUsage().rss, met: [...met] };
}

/** Plays all of them. A process that ends before it has told what it met is a failure. */
export async function playRange(range: Range, processes: number, folder: string, print: Print): Promise<Tally> {
  if (processes <= 1) return playPart(range, 0, 1, folder, print);
  const tallies = await Promise.all(
    Array.from({ length: processes }, (_, nth) => playElsewhere(range, nth, processes, folder, print)),
  );
  const met = new Map<string, number>();
  for (const tally of tallies) add(met, tally.met);
  const sum = (figure: (tally: Tally) => number): number => tallies.reduce((total, tally) => total + figure(tally), 0);
  return {
    failures: sum(({ failures }) => failures),
    events: sum(({ events }) => events),
    bytes: sum(({ bytes }) => bytes),
    met: [...met],
  };
}

async function playElsewhere(range: Range, nth: number, of: number, folder: string, print: Print): Promise<Tally> {
  const own = join(folder, `part-${nth}`);
  mkdirSync(own, { recursive: true });
  const child = fork(join(import.meta.dirname, 'sim.ts'), ['--part', JSON.stringify({ range, nth, of, own })]);
  let tally: Tally | undefined;
  child.on('message', (told) => {
    const message = told as Told;
    if ('said' in message) print(...message.said);
    else tally = message.tally;
  });
  const [code, signal] = (await once(child, 'close')) as [number | null, string | null];
  if (tally !== undefined && code === 0) return tally;
  print(`FAILED: the process ${nth + 1} of ${of} ended with ${String(code ?? signal)} before it was done`);
  return { failures: 1, events: 0, bytes: 0, met: [] };
}

/** The process that plays one part: what it says, it says to the one that began it, and it ends with that. */
export async function playAsPart(part: string): Promise<void> {
  const { range, nth, of, own } = JSON.parse(part) as { range: Range; nth: number; of: number; own: string };
  process.once('disconnect', () => process.exit(1));
  const tell = (told: Told): Promise<void> =>
    new Promise((resolve) => {
      process.send?.(told, () => resolve());
    });
  const tally = await playPart(range, nth, of, own, (...said) => void tell({ said }));
  await tell({ tally });
}
