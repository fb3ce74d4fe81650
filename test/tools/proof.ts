import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ABUSES } from '../abuse/list.ts';
import { FAULTS } from '../faults/list.ts';
import { record } from '../support/record.ts';
import type { Tallied } from '../support/tally.ts';
import { RESULTS } from './results.ts';

/**
 * `npm run proof`: everything that takes long, one after the other, and what it came to kept for `docs/reliability.md`.
 * `npm run proof -- suites` (faults and abuse), `sim`, `load`: one of them. Exit code 1 where something did not hold.
 */

const root = join(import.meta.dirname, '../..');
process.env.RECORD = RESULTS;

function run(command: string, args: readonly string[], environment: Readonly<Record<string, string>> = {}): boolean {
  const { status } = spawnSync(command, args, {
    cwd: root,
    env: { ...process.env, ...environment },
    stdio: 'inherit',
  });
  return status === 0;
}

/** What Vitest's JSON reporter writes, as far as it is read here. */
interface Report {
  readonly numTotalTests: number;
  readonly numFailedTests: number;
  readonly testResults: readonly {
    readonly name: string;
    readonly assertionResults: readonly { readonly fullName: string; readonly status: string }[];
  }[];
}
interface Listed {
  readonly name: string;
  /** `FILE › words of the test's name`; words that begin with a dollar stand for anything. */
  readonly test: string;
}

/** A row that counts nothing by itself was tried as often as tests passed under its name. */
function passedUnder({ testResults }: Report, { test }: Listed): number {
  const [file = '', words = ''] = test.split(' › ');
  const parts = words.split(/\$\w+/).map((part) => part.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  const name = new RegExp(parts.join('.*'));
  return testResults
    .filter((each) => each.name.endsWith(`/test/${file}`))
    .flatMap(({ assertionResults }) => assertionResults)
    .filter(({ fullName, status }) => status === 'passed' && name.test(fullName)).length;
}

function suites(): boolean {
  const folder = mkdtempSync(join(tmpdir(), 'baton-proof-'));
  const [report, tallies] = [join(folder, 'report.json'), join(folder, 'tallies.jsonl')];
  const good = run(
    process.execPath,
    ['node_modules/vitest/vitest.mjs', 'run', '--reporter=default', '--reporter=json', `--outputFile.json=${report}`],
    { FAULTS: '1', TALLY: tallies },
  );
  const ran = JSON.parse(readFileSync(report, 'utf8')) as Report;
  const { numTotalTests: tests, numFailedTests: failed } = ran;
  const lines = readFileSync(tallies, 'utf8').trim().split('\n');
  const all = lines.map((line) => JSON.parse(line) as Tallied);
  const of = (counted: Tallied['counted'], rows: readonly Listed[]) => {
    const sums: Record<string, number> = {};
    for (const each of all) if (each.counted === counted) sums[each.row] = (sums[each.row] ?? 0) + each.count;
    for (const row of rows) sums[row.name] ??= passedUnder(ran, row);
    return Object.fromEntries(Object.entries(sums).filter(([, times]) => times > 0));
  };
  rmSync(folder, { recursive: true });
  record('suites', { tests, failed, faults: of('fault', FAULTS), inputs: of('bad input', ABUSES) });
  return good;
}

const simulate = (...args: readonly string[]): boolean => run(process.execPath, ['test/sim/sim.ts', ...args]);
const PARTS: Readonly<Record<string, () => boolean>> = {
  suites,
  sim: () => [simulate('--plants'), simulate('--seeds', '20000', '--from', '100000')].every(Boolean),
  load: () => run(process.execPath, ['test/load/load.ts', '--minutes', '10']),
};

const asked = process.argv.slice(2);
const unknown = asked.find((name) => PARTS[name] === undefined);
if (unknown !== undefined) {
  console.error(`there is no part “${unknown}”: ${Object.keys(PARTS).join(', ')}`);
  process.exit(2);
}
const results = (asked.length === 0 ? Object.keys(PARTS) : asked).map((name) => PARTS[name]?.() === true);
process.exitCode = results.every(Boolean) ? 0 : 1;
