import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { keptSurvey } from './kept-survey.ts';
import { killers, LONGEST } from './killers.ts';
import { openLedger } from './ledger.ts';
import { type Order, orderOf } from './order.ts';
import type { Survey, Tried } from './protocol.ts';
import { type Mutant, makeSandbox, type Sandbox } from './sandbox.ts';
import { type Place, startWorker, type Worker } from './start-worker.ts';

/**
 * Mutation testing of `src/core` and `src/rules`: `npm run test:mutation -- [FILE…]`, where FILE is any part of a path.
 * `--sample N` takes so many of them, the same ones for the same `--seed`; `--again` tries only what has survived or was
 * not tried yet, `--new` what was not; `--only` names sorts of mutants. `--sample 0` only counts again. What comes out is written to `result.json`.
 */

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    sample: { type: 'string' },
    seed: { type: 'string', default: '1' },
    again: { type: 'boolean', default: false },
    new: { type: 'boolean', default: false },
    only: { type: 'string' },
    workers: { type: 'string', default: '2' },
    /** Milliseconds of tests for one mutant: what none of them finds in that time counts as survived. */
    budget: { type: 'string', default: '15000' },
  },
});

const print = (line: string): void => void process.stdout.write(`${line}\n`);
const placeOf = (text: string): string => createHash('sha256').update(text).digest('hex');
/** So many mutants may leave something in a worker before a new one takes over. */
const TRIALS = 600;

interface Run {
  readonly sandbox: Sandbox;
  readonly survey: Survey;
  readonly order: Order;
  readonly place: Place;
  readonly loaded: ReadonlySet<string>;
}

/** Those that were asked for, shuffled by the seed. */
function chosen(mutants: readonly Mutant[], tried: (mutant: Mutant) => boolean, survived: (mutant: Mutant) => boolean) {
  const sorts = values.only?.split(',');
  const among = mutants
    .filter(({ file }) => positionals.length === 0 || positionals.some((part) => file.includes(part)))
    .filter(({ sort }) => sorts === undefined || sorts.includes(sort))
    .map((mutant) => ({ mutant, place: placeOf(`${values.seed} ${mutant.key}`) }))
    .sort((a, b) => (a.place < b.place ? -1 : 1))
    .map(({ mutant }) => mutant)
    .slice(0, values.sample === undefined ? undefined : Number(values.sample));
  const queue = among.filter((mutant) =>
    values.new ? !tried(mutant) : !values.again || !tried(mutant) || survived(mutant),
  );
  return { among, queue };
}

async function surveyed(sandbox: Sandbox): Promise<Survey> {
  const kept = keptSurvey(sandbox);
  const known = kept.read();
  if (known !== undefined) return known;
  const worker = startWorker({ folder: sandbox.folder, testFiles: killers, known: {} });
  const survey = await worker.survey();
  worker.stop();
  for (const { id, problem } of survey.tests)
    if (problem !== undefined) print(`does not stand alone: ${id}: ${problem}`);
  for (const { id, milliseconds } of survey.tests)
    if (milliseconds > LONGEST) print(`takes too long: ${id}: ${Math.round(milliseconds)} ms`);
  kept.write(survey);
  return survey;
}

/** Tries the mutants one after the other in a process that lives on as long as nothing is left behind in it. */
function laneOf(run: Run) {
  let worker: Worker | undefined;
  let trials = 0;
  const end = (): void => {
    worker?.stop();
    worker = undefined;
    trials = 0;
  };
  async function attempt(mutant: Mutant, tests: readonly string[]): Promise<Tried> {
    worker ??= startWorker(run.place);
    const isFresh = trials === 0;
    trials += 1;
    const tried = await worker.attempt({ mutant: mutant.id, tests });
    if (!tried.clean || trials >= TRIALS) end();
    // What was found is only believed where nothing older can be the cause.
    return tried.clean || isFresh ? tried : attempt(mutant, tests);
  }
  return { attempt, end };
}

/** Tries a mutant in a process of its own, where it is there from the start. */
async function attemptFromTheStart(run: Run, mutant: Mutant): Promise<Tried> {
  const tests = run.order.ofFile(mutant);
  const fileOf = new Map(run.survey.tests.map(({ id, file }) => [id, file]));
  const files = new Set(tests.map((id) => fileOf.get(id)));
  const testFiles = run.place.testFiles.filter((file) => files.has(file));
  const worker = startWorker({ ...run.place, testFiles }, mutant.id);
  const tried = await worker.attempt({ mutant: mutant.id, tests });
  worker.stop();
  return tried;
}

async function attemptOne(
  run: Run,
  lane: ReturnType<typeof laneOf>,
  mutant: Mutant,
): Promise<Tried & { all: boolean }> {
  const { tests, all } = run.order.reaching(mutant);
  let tried: Tried = { mutant: mutant.id, verdict: 'unreached', clean: true };
  if (tests.length > 0) {
    tried = await lane.attempt(mutant, tests);
    run.order.learn(mutant, tests, tried.by);
  }
  const isFound = tried.verdict === 'killed' || tried.verdict === 'timeout';
  if (!isFound && run.loaded.has(mutant.id)) tried = await attemptFromTheStart(run, mutant);
  return { ...tried, all };
}

async function main(): Promise<void> {
  const sandbox = await makeSandbox();
  process.once('SIGINT', () => process.exit(130));
  process.once('exit', sandbox.remove);
  const ledger = openLedger(sandbox);
  const { among, queue } = chosen(sandbox.mutants, ledger.isTried, ledger.isSurvivor);
  const isSample = values.sample !== undefined && positionals.length === 0 && among.length > 0;
  const save = (): void => ledger.save(isSample ? { seed: values.seed, chosen: among } : undefined);
  print(`${sandbox.mutants.length} mutants, ${queue.length} of them are tried`);
  if (queue.length === 0) {
    save();
    process.exit(0);
  }
  const survey = await surveyed(sandbox);
  const known = Object.fromEntries(survey.tests.map(({ id, milliseconds }) => [id, milliseconds]));
  writeFileSync(join(sandbox.folder, 'known.json'), JSON.stringify(known));
  const total = survey.tests.reduce((sum, { milliseconds }) => sum + milliseconds, 0);
  print(`${survey.tests.length} tests, ${Math.round(total / 1000)} s; ${survey.loaded.length} mutants when loading`);
  const run: Run = {
    sandbox,
    survey,
    order: orderOf(survey, sandbox.mutants, Number(values.budget), LONGEST),
    place: { folder: sandbox.folder, testFiles: killers, known },
    loaded: new Set(survey.loaded),
  };
  const begun = performance.now();
  const all = queue.length;
  let done = 0;
  async function work(): Promise<void> {
    const lane = laneOf(run);
    for (let mutant = queue.shift(); mutant !== undefined; mutant = queue.shift()) {
      ledger.write(mutant, await attemptOne(run, lane, mutant));
      done += 1;
      const each = (performance.now() - begun) / done;
      if (done % 25 === 0)
        print(
          `${done}/${all} ${ledger.summary()} ${Math.round(each)} ms each, ${Math.round((each * (all - done)) / 60_000)} min to go`,
        );
      if (done % 100 === 0) save();
    }
    lane.end();
  }
  await Promise.all(Array.from({ length: Number(values.workers) }, work));
  save();
  print(ledger.summary());
  process.exit(0);
}

await main();
