import { expect, test } from 'vitest';
import type { Verdict } from './protocol.ts';
import type { Mutant } from './sandbox.ts';
import { sampleOf, tallyOf } from './tally.ts';

/** The figures of `result.json`: what was found, of what was run, of what there is. */

const mutant = (file: string, n: number, sort = 'Regex'): Mutant => ({
  ...{ id: `${n}`, file, line: n, column: 1, sort, original: 'a', replacement: 'b', key: `${file}:${n}` },
});
const whole = [0, 1, 2, 3].map((n) => mutant('src/rules/a.ts', n));
const part = Array.from({ length: 100 }, (_, n) => mutant('src/core/b.ts', n, 'BlockStatement'));
const verdicts = new Map<string, { verdict: Verdict }>([
  ...(['killed', 'timeout', 'survived', 'unreached'] as const).map(
    (verdict, n) => [`src/rules/a.ts:${n}`, { verdict }] as const,
  ),
  ...part.slice(0, 10).map(({ key }, n) => [key, { verdict: n < 9 ? 'killed' : 'survived' }] as const),
]);

test('a file counts what was run of it; a timeout is found, and what no test reaches is not', () => {
  const tally = tallyOf([...whole, ...part], verdicts);
  expect(tally.files['src/rules/a.ts']).toEqual({
    ...{ mutants: 4, run: 4, killed: 1, timeout: 1, survived: 1, unreached: 1, score: 50 },
  });
  expect(tally.folders['src/core']).toMatchObject({ mutants: 100, run: 10, killed: 9, score: 90 });
  expect(tally.sorts.BlockStatement).toMatchObject({ mutants: 100, run: 10 });
  expect(tally.total).toMatchObject({ mutants: 104, run: 14, score: 78.6 });
});

test('where only a part of a file was run, the whole is estimated: each file by its share', () => {
  const { estimate } = tallyOf([...whole, ...part], verdicts);
  // Two of four, and nine tenths of a hundred, of a hundred and four.
  expect(estimate.score).toBe(88.5);
  expect(estimate.from).toBeLessThan(88.5);
  expect(estimate.to).toBeGreaterThan(88.5);
  expect(tallyOf(whole, verdicts).estimate).toEqual({ score: 50, from: 50, to: 50 });
});

test('a sample says how far it may be off', () => {
  const sample = sampleOf('7', part.slice(0, 10), 100, verdicts);
  expect(sample).toMatchObject({ seed: '7', run: 10, killed: 9, survived: 1, score: 90 });
  // 1.96 times the root of 0.9 × 0.1 / 10, for nine tenths that were not looked at.
  expect(sample.from).toBeCloseTo(90 - 17.6, 1);
  expect(sample.to).toBe(100);
});
