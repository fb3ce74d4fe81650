import fc from 'fast-check';
import { test } from 'vitest';
import { cases, playCase, tally } from './driver.ts';

/**
 * Histories that nobody thought of, played by the real engine and by the model beside it. `PROPERTY_RUNS=2000` plays more;
 * `PROPERTY_SEED` plays the one that a failure named.
 */
const runs = Number(process.env.PROPERTY_RUNS ?? 60);
const seed = process.env.PROPERTY_SEED;

test(
  'whatever is said: votes, releases, needs, replay, redelivery, refusals and messages are right',
  () =>
    fc.assert(
      fc.asyncProperty(cases(60), (history) => playCase(history)),
      { numRuns: runs, ...(seed === undefined ? {} : { seed: Number(seed) }) },
    ),
  Math.max(60_000, runs * 2_000),
);

test('stats', () => {
  console.log(JSON.stringify([...tally]));
});
