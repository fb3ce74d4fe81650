import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';

/** Two sides measured in turns: every round gives a ratio, and the median of the rounds stands for all. */

export interface Row {
  readonly id: string;
  readonly what: string;
  readonly goal: string;
  readonly measured: string;
  /** Undefined where nothing was compared: skipped, or for later. */
  readonly met: boolean | undefined;
}

export interface Bench {
  readonly name: string;
  run(): Promise<readonly Row[]>;
}

export interface Compared {
  readonly median: number;
  readonly min: number;
  readonly max: number;
  /** The medians of the two sides, as their own figures. */
  readonly ours: number;
  readonly baseline: number;
}

export const ROUNDS = 5;

export const median = (values: readonly number[]): number => quantile(values, 0.5);

export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0;
}

/** Each side gives a figure a round; the ratio is ours by the baseline's. The order of the sides changes by round. */
export async function compare(
  ours: () => Promise<number> | number,
  baseline: () => Promise<number> | number,
  rounds = ROUNDS,
): Promise<Compared> {
  const pairs: { ours: number; baseline: number }[] = [];
  for (let round = -1; round < rounds; round += 1) {
    const first = round % 2 === 0 ? await ours() : await baseline();
    const second = round % 2 === 0 ? await baseline() : await ours();
    // The first round only warms both sides up.
    if (round < 0) continue;
    pairs.push(round % 2 === 0 ? { ours: first, baseline: second } : { ours: second, baseline: first });
  }
  const ratios = pairs.map((pair) => pair.ours / pair.baseline);
  return {
    median: median(ratios),
    min: Math.min(...ratios),
    max: Math.max(...ratios),
    ours: median(pairs.map((pair) => pair.ours)),
    baseline: median(pairs.map((pair) => pair.baseline)),
  };
}

/** So many a second. */
export async function rate(count: number, run: () => Promise<unknown> | unknown): Promise<number> {
  const started = performance.now();
  await run();
  return (count * 1000) / (performance.now() - started);
}

export async function millisecondsOf(run: () => Promise<unknown> | unknown): Promise<number> {
  const started = performance.now();
  await run();
  return performance.now() - started;
}

const digits = (value: number): string =>
  value >= 1000 ? Math.round(value).toLocaleString('en') : value >= 10 ? value.toFixed(1) : value.toPrecision(2);

export const showRatio = ({ median: middle, min, max }: Compared): string =>
  `${middle.toFixed(2)}× (${min.toFixed(2)}–${max.toFixed(2)})`;
export const showBoth = ({ ours, baseline }: Compared, unit: string): string =>
  `${digits(ours)} beside ${digits(baseline)} ${unit}`;

/** A folder for the files of one row, taken away at its end. */
export async function inFolder<T>(run: (folder: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'baton-bench-'));
  try {
    return await run(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}
