import type { Verdict } from './protocol.ts';
import type { Mutant } from './sandbox.ts';

/** Counts what became of the mutants, by file and by folder. */

interface Count {
  /** All mutants that there are. */
  readonly mutants: number;
  readonly run: number;
  readonly killed: number;
  readonly timeout: number;
  readonly survived: number;
  readonly unreached: number;
  /** Killed and timed out, of those that were run, in percent; null: none was. */
  readonly score: number | null;
}

type Verdicts = ReadonlyMap<string, { readonly verdict: Verdict }>;

const round = (value: number): number => Math.round(value * 10) / 10;

function countOf(mutants: readonly Mutant[], verdicts: Verdicts): Count {
  const known = mutants.flatMap(({ key }) => verdicts.get(key)?.verdict ?? []);
  const of = (verdict: Verdict): number => known.filter((each) => each === verdict).length;
  const counts = { killed: of('killed'), timeout: of('timeout'), survived: of('survived'), unreached: of('unreached') };
  const found = counts.killed + counts.timeout;
  const score = known.length === 0 ? null : round((100 * found) / known.length);
  return { mutants: mutants.length, run: known.length, ...counts, score };
}

/**
 * The whole figure where only a sample of some files was run: files that were run in full count as they are, the others by
 * their sample, each file by its share. The interval holds 95 of 100 times.
 */
function estimateOf(files: readonly Count[]): { score: number; from: number; to: number } {
  const all = files.reduce((sum, { mutants }) => sum + mutants, 0);
  const [whole, part] = [
    files.filter((file) => file.run === file.mutants),
    files.filter((file) => file.run < file.mutants),
  ];
  const sum = (of: readonly Count[], what: (count: Count) => number): number =>
    of.reduce((total, count) => total + what(count), 0);
  const found = (count: Count): number => count.killed + count.timeout;
  const [run, rest] = [sum(part, ({ run: n }) => n), sum(part, ({ mutants }) => mutants)];
  const rate = run === 0 ? 0 : sum(part, found) / run;
  const spread = run === 0 ? 0 : 1.96 * Math.sqrt(((rate * (1 - rate)) / run) * (1 - run / rest)) * rest;
  const middle = sum(whole, found) + rate * rest;
  const percent = (count: number): number => round((100 * count) / Math.max(1, all));
  return { score: percent(middle), from: percent(middle - spread), to: percent(middle + spread) };
}

/** A sample of all that there are, by its seed: whoever writes tests for what survived in one draws the next from another. */
export function sampleOf(seed: string, chosen: readonly Mutant[], of: number, verdicts: Verdicts) {
  const { run, score: known, ...counts } = countOf(chosen, verdicts);
  const score = known ?? 0;
  const rate = score / 100;
  const spread = 196 * Math.sqrt(((rate * (1 - rate)) / Math.max(1, run)) * (1 - run / of));
  return { seed, ...counts, run, score, from: round(score - spread), to: round(Math.min(100, score + spread)) };
}

const grouped = (mutants: readonly Mutant[], of: (mutant: Mutant) => string, verdicts: Verdicts) =>
  Object.fromEntries(
    [...Map.groupBy(mutants, of)]
      .map(([name, own]) => [name, countOf(own, verdicts)] as const)
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  );

export function tallyOf(mutants: readonly Mutant[], verdicts: Verdicts) {
  const files = grouped(mutants, ({ file }) => file, verdicts);
  return {
    total: countOf(mutants, verdicts),
    estimate: estimateOf(Object.values(files)),
    folders: grouped(mutants, ({ file }) => file.slice(0, file.lastIndexOf('/')), verdicts),
    sorts: grouped(mutants, ({ sort }) => sort, verdicts),
    files,
  };
}
