import { existsSync, readFileSync } from 'node:fs';
import { z } from 'zod';
import { ABUSES } from '../abuse/list.ts';
import { FAULTS } from '../faults/list.ts';
import { RESULTS } from './results.ts';

/** `docs/reliability.md`: the lists of faults and abuses with what came of them, and what the long runs came to. */

const run = { at: z.string(), commit: z.string() };
const counts = z.record(z.string(), z.number());
const Results = z.object({
  suites: z.object({ ...run, tests: z.number(), failed: z.number(), faults: counts, inputs: counts }).optional(),
  simulation: z
    .object({
      ...run,
      seeds: z.string(),
      histories: z.number(),
      events: z.number(),
      crashes: z.number(),
      failures: z.number(),
      situations: counts,
    })
    .optional(),
  plants: z
    .object({
      ...run,
      good: z.boolean(),
      plants: z.array(z.object({ name: z.string(), after: z.number(), by: z.string().optional() })),
    })
    .optional(),
  load: z
    .object({
      ...run,
      minutes: z.number(),
      updates: z.number(),
      lost: z.number(),
      doubled: z.number(),
      longest: z.number(),
      p99: z.number(),
      megabytes: z.object({ early: z.number(), late: z.number() }),
      backup: z.string(),
      restored: z.string(),
    })
    .optional(),
});
type Results = z.infer<typeof Results>;

const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll('\n', ' ');
const table = (heads: readonly string[], rows: readonly (readonly string[])[]): string =>
  [heads, heads.map(() => '---'), ...rows].map((row) => `| ${row.map(cell).join(' | ')} |`).join('\n');
const figure = (n: number): string => n.toLocaleString('en-GB');
const sum = (all: Readonly<Record<string, number>>): number => Object.values(all).reduce((a, b) => a + b, 0);
const of = ({ at, commit }: { readonly at: string; readonly commit: string }): string => `${at}, \`${commit}\``;

const Mutation = z.object({
  ...run,
  samples: z.array(
    z.object({ seed: z.string(), mutants: z.number(), score: z.number(), from: z.number(), to: z.number() }),
  ),
  folders: z.record(z.string(), z.object({ mutants: z.number(), run: z.number(), score: z.number() })),
});

/** Where all of a folder was run, its score; of everything the last sample, with its interval of 95 %. */
function mutationRows(): readonly (readonly string[])[] {
  const { samples, folders, ...ran } = Mutation.parse(JSON.parse(readFileSync(MUTATION, 'utf8')));
  const whole = Object.entries(folders).filter(([, { mutants, run: tried }]) => mutants === tried);
  const all = Object.values(folders).reduce((total, { mutants }) => total + mutants, 0);
  const sample = samples.at(-1);
  const found = [
    ...whole.map(([folder, { mutants, score }]) => `\`${folder}\`: ${score} % of all ${figure(mutants)}`),
    ...(sample === undefined
      ? []
      : [`a sample of ${sample.mutants} of ${figure(all)}: ${sample.score} % (${sample.from}–${sample.to})`]),
  ];
  return [['mutants found by the tests', found.join('; '), '`npm run test:mutation`', of(ran)]];
}

interface Listed {
  readonly part: string;
  readonly name: string;
  readonly result: string;
  readonly test: string;
}

/** One table for each part, in the order of the list. */
function parts<Row extends Listed>(
  rows: readonly Row[],
  head: string,
  detail: (row: Row) => string,
  counted: Readonly<Record<string, number>>,
): readonly string[] {
  return [...new Set(rows.map(({ part }) => part))].flatMap((part) => [
    '',
    `### ${part}`,
    '',
    table(
      [head, 'how', 'what comes of it', 'times', 'shown by'],
      rows
        .filter((row) => row.part === part)
        .map((row) => {
          const times = counted[row.name];
          const [file = ''] = row.test.split(' › ');
          return [row.name, detail(row), row.result, times === undefined ? '–' : figure(times), `\`test/${file}\``];
        }),
    ),
  ]);
}

const MUTATION = new URL('../mutation/result.json', import.meta.url);

function figures({ suites, simulation, plants, load }: Results): string {
  const rows: string[][] = [];
  if (suites !== undefined)
    rows.push(
      ['faults survived', figure(sum(suites.faults)), '`npm run proof`', of(suites)],
      ['bad inputs tried, none of which changed anything', figure(sum(suites.inputs)), '`npm run proof`', of(suites)],
    );
  if (simulation !== undefined)
    rows.push([
      'simulated histories',
      `${figure(simulation.histories)} (seeds ${simulation.seeds}): ${figure(simulation.events)} events, ${figure(simulation.crashes)} crashes, ${figure(simulation.failures)} failed`,
      '`npm run test:sim -- --seeds N --from S`',
      of(simulation),
    ]);
  if (plants !== undefined)
    rows.push([
      'planted mistakes found',
      `${plants.plants.length}, each within ${Math.max(...plants.plants.map(({ after }) => after))} histories`,
      '`npm run test:sim -- --plants`',
      of(plants),
    ]);
  rows.push(...mutationRows().map((row) => [...row]));
  if (load !== undefined)
    rows.push([
      'load',
      `${figure(load.updates)} updates in ${load.minutes} minutes with a kill in the middle: ${load.lost} lost, ${load.doubled} doubled; Slack waited ${load.p99} ms (p99), ${load.longest} ms at most; ${load.megabytes.early} → ${load.megabytes.late} MB; backup under it: ${load.backup}; restored elsewhere and verified: ${load.restored}`,
      '`npm run load`',
      of(load),
    ]);
  return table(['what', 'result', 'shown by', 'run on'], rows);
}

const INVARIANTS: readonly (readonly [string, string, string])[] = [
  ['I1', 'one row for each id of a platform, one outcome each', 'schema; simulation'],
  ['I2', 'states are the fold of their events', '`baton verify`; simulation; after each fault'],
  ['I3', 'a message is there exactly when its event is; its states go one way', 'simulation; killed at every write'],
  ['I4', 'one person, one vote; the tally is a recount', 'simulation; after each fault'],
  [
    'I5',
    'a release has somebody of OPS, its approvals, and no freeze; so has an emergency its own, and a deployment',
    'simulation; after each fault; matrix',
  ],
  ['I6', 'one firing for each occurrence', 'simulation; `test/time`'],
  ['I7', 'no gap, the chain is whole', '`baton verify`; simulation; after each fault'],
  ['I8', 'what a platform saw acknowledged is there, once', 'simulation; killed in every step'],
  ['I9', 'no secret in log, database or chat', 'canaries; simulation; after each fault'],
  ['I10', 'memory and the delay of the event loop are bounded', '`npm run load`; floods'],
  ['I11', '`integrity_check` and `foreign_key_check` find nothing', '`baton verify`; simulation; after each fault'],
  ['I12', 'once faults end, all queues drain within a minute', 'simulation'],
];

/** The page, from the lists and from what was kept of the last long runs. */
export function reliabilityPage(): string {
  const kept = existsSync(RESULTS) ? readFileSync(RESULTS, 'utf8') : '{}';
  const results = Results.parse(JSON.parse(kept));
  const { suites, simulation, plants } = results;
  return `${[
    '# What was tried, and what came of it',
    '',
    'Made from `test/faults/list.ts`, `test/abuse/list.ts` and what the long runs left behind, by `npm run docs`. “times” counts what',
    'was done in the last whole run (where a test does not count, how many passed under that name); a row without a number was not',
    'run in it. `npm run proof` runs all of it and counts anew.',
    '',
    '## In figures',
    '',
    figures(results),
    '',
    '## Invariants',
    '',
    'After each fault in `test/faults` the file itself is asked (`test/support/file-invariants.ts`); the simulation asks after each',
    'crash and at the end of each history (`test/sim/oracle*.ts`).',
    '',
    table(['', 'what holds', 'asked by'], INVARIANTS),
    '',
    '## Faults',
    ...parts(FAULTS, 'fault', ({ how }) => how, suites?.faults ?? {}),
    '',
    '## Abuse',
    '',
    'What is refused changes nothing, and the refusal is kept in the inbox.',
    ...parts(ABUSES, 'abuse', ({ input }) => input, suites?.inputs ?? {}),
    ...(plants === undefined
      ? []
      : [
          '',
          '## Mistakes planted in the simulation',
          '',
          table(
            ['mistake', 'found after', 'by'],
            plants.plants.map(({ name, after, by = '' }) => [name, figure(after), by]),
          ),
        ]),
    ...(simulation === undefined
      ? []
      : [
          '',
          '## Situations that the simulated histories met',
          '',
          table(
            ['situation', 'times'],
            Object.entries(simulation.situations).map(([situation, times]) => [situation, figure(times)]),
          ),
        ]),
    '',
    '## What this does not show',
    '',
    'No real disk lost its power, and no live platform was asked: power cuts are simulated by forgetting what was not synced, the',
    'platforms are peers that speak their protocols. What each peer assumes stands in `test/peers`. Which mutants survive, and why, is in',
    '`test/mutation/survivors.md`.',
    '',
  ].join('\n')}`;
}
