import { OF_TABLES } from './killers.ts';
import type { KnownTest, Survey } from './protocol.ts';
import type { Mutant } from './sandbox.ts';

/** Which tests try a mutant, and in which order: those first that have found most in its file for the time they take. */

export interface Order {
  /** The tests for a mutant that a test reaches, and whether these are all of them. */
  reaching(mutant: Mutant): { tests: string[]; all: boolean };
  /** The tests for a mutant that is evaluated when its file is loaded: some that reach much of that file. */
  ofFile(mutant: Mutant): string[];
  /** What was learnt: these were run, and the last of them found it, or none did. */
  learn(mutant: Mutant, tests: readonly string[], by: string | undefined): void;
}

interface Record {
  tried: number;
  found: number;
}

export function orderOf(survey: Survey, mutants: readonly Mutant[], budget: number, longest: number): Order {
  const records = new Map<string, Record>();
  const recordOf = (file: string, test: string): Record => {
    const key = `${file} ${test}`;
    const record = records.get(key) ?? { tried: 0, found: 0 };
    records.set(key, record);
    return record;
  };
  const worth = (mutant: Mutant, test: KnownTest): number => {
    const near = recordOf(`${mutant.file}:${mutant.line}`, test.id);
    const inFile = recordOf(mutant.file, test.id);
    return (3 * near.found + inFile.found + 0.02) / (3 * near.tried + inFile.tried + 1) / (test.milliseconds + 1);
  };
  const within = (tests: readonly KnownTest[], most: number) => {
    let spent = 0;
    const taken = tests.filter(({ milliseconds }) => {
      spent += milliseconds;
      return spent <= most;
    });
    return { tests: taken.map((test) => test.id), all: taken.length === tests.length };
  };
  const byFile = reachOfFiles(survey, mutants);
  const usable = (test: KnownTest): boolean => test.problem === undefined && test.milliseconds <= longest;
  const at = (place: number): KnownTest[] => survey.tests.slice(place, place + 1);
  return {
    reaching(mutant) {
      const tests = (survey.reached[mutant.id] ?? []).flatMap(at).filter(usable);
      const rank = new Map(tests.map((test) => [test.id, worth(mutant, test)]));
      tests.sort((a, b) => (rank.get(b.id) ?? 0) - (rank.get(a.id) ?? 0));
      return within(tests, budget);
    },
    ofFile(mutant) {
      const reach = byFile.get(mutant.file) ?? new Map<number, number>();
      const rank = ([place, count]: [number, number]) => count / ((survey.tests[place]?.milliseconds ?? 0) + 30);
      const tests = [...reach].sort((a, b) => rank(b) - rank(a)).flatMap(([place]) => at(place));
      const usual = survey.tests
        .filter(({ file }) => OF_TABLES.includes(file))
        .sort((one, other) => one.milliseconds - other.milliseconds);
      // In turns: neither may use up the time of the other.
      const mixed = Array.from({ length: Math.max(usual.length, tests.length) }, (_, n) => [
        ...usual.slice(n, n + 1),
        ...tests.slice(n, n + 1),
      ]).flat();
      return within([...new Set(mixed)].filter(usable), budget).tests;
    },
    learn(mutant, tests, by) {
      const run = by === undefined ? tests : tests.slice(0, tests.indexOf(by) + 1);
      for (const test of run)
        for (const file of ['', mutant.file, `${mutant.file}:${mutant.line}`]) {
          const record = recordOf(file, test);
          record.tried += 1;
          if (test === by) record.found += 1;
        }
    },
  };
}

/** For each file, how many of its mutants each test reaches. */
function reachOfFiles(survey: Survey, mutants: readonly Mutant[]): Map<string, Map<number, number>> {
  const files = new Map<string, Map<number, number>>();
  for (const mutant of mutants) {
    const reach = files.get(mutant.file) ?? new Map<number, number>();
    files.set(mutant.file, reach);
    for (const place of survey.reached[mutant.id] ?? []) reach.set(place, (reach.get(place) ?? 0) + 1);
  }
  return files;
}
