import { execFileSync } from 'node:child_process';
import { appendFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CACHE } from './kept-survey.ts';
import type { Tried, Verdict } from './protocol.ts';
import type { Mutant, Sandbox } from './sandbox.ts';
import { sampleOf, tallyOf } from './tally.ts';

/**
 * What became of each mutant. Every line is kept in `.cache/mutation/tried.jsonl`, so that a part can be tried today and
 * another tomorrow; a file that was changed since begins anew. `result.json` counts what is known together.
 */

const root = join(import.meta.dirname, '..', '..');
const lines = join(CACHE, 'tried.jsonl');
const RESULT = join(import.meta.dirname, 'result.json');

export interface Entry {
  readonly key: string;
  readonly file: string;
  readonly hash: string;
  readonly line: number;
  readonly sort: string;
  readonly original: string;
  readonly replacement: string;
  readonly verdict: Verdict;
  readonly by: string | undefined;
  /** Whether all tests that reach it were run. */
  readonly all: boolean;
}

interface Before {
  readonly samples?: readonly { readonly seed: string }[];
}

const isFound = ({ verdict }: { verdict: Verdict }): boolean => verdict === 'killed' || verdict === 'timeout';

export function openLedger({ files, mutants }: Sandbox) {
  mkdirSync(CACHE, { recursive: true });
  const entries = new Map<string, Entry>();
  if (existsSync(lines))
    for (const line of readFileSync(lines, 'utf8').split('\n').filter(Boolean)) {
      const entry = JSON.parse(line) as Entry;
      if (files[entry.file] === entry.hash) entries.set(entry.key, entry);
    }
  let now = { tried: 0, found: 0 };
  return {
    isTried: ({ key }: Mutant): boolean => entries.has(key),
    isSurvivor: ({ key }: Mutant): boolean => !isFound(entries.get(key) ?? { verdict: 'unreached' }),
    write(mutant: Mutant, { verdict, by, all }: Tried & { readonly all: boolean }): void {
      const { key, file, line, sort, original, replacement } = mutant;
      const entry = { key, file, hash: files[file] ?? '', line, sort, original, replacement, verdict, by, all };
      entries.set(key, entry);
      appendFileSync(lines, `${JSON.stringify(entry)}\n`);
      now = { tried: now.tried + 1, found: now.found + (isFound(entry) ? 1 : 0) };
    },
    summary: (): string =>
      `${now.found} of ${now.tried} found (${((100 * now.found) / Math.max(1, now.tried)).toFixed(1)} %)`,
    /** `sample`: what was drawn from all mutants, and with which seed. */
    save(sample?: { readonly seed: string; readonly chosen: readonly Mutant[] }): void {
      const commit = execFileSync('git', ['rev-parse', '--short', 'HEAD'], { cwd: root, encoding: 'utf8' }).trim();
      const before = existsSync(RESULT) ? (JSON.parse(readFileSync(RESULT, 'utf8')) as Before) : {};
      const others = (before.samples ?? []).filter(({ seed }) => seed !== sample?.seed);
      const drawn = sample === undefined ? [] : [sampleOf(sample.seed, sample.chosen, mutants.length, entries)];
      const at = new Date().toISOString().slice(0, 10);
      const result = { at, commit, samples: [...others, ...drawn], ...tallyOf(mutants, entries) };
      writeFileSync(RESULT, `${JSON.stringify(result, undefined, 2)}\n`);
    },
  };
}
