import fc from 'fast-check';
import { expect, test } from 'vitest';
import { cases, playCase, tally } from './driver.ts';

/**
 * Histories that nobody thought of, played by the real engine and by the model beside it. `PROPERTY_RUNS=2000` plays more;
 * `PROPERTY_SEED` plays again what a failure named.
 */
const runs = Number(process.env.PROPERTY_RUNS ?? 120);
const seed = process.env.PROPERTY_SEED;

test(
  'whatever is said: votes, releases, needs, replay, redelivery, refusals and messages are right',
  async () => {
    await fc.assert(
      fc.asyncProperty(cases(60), (history) => playCase(history)),
      { numRuns: runs, ...(seed === undefined ? {} : { seed: Number(seed) }) },
    );
    // What is never done tests nothing.
    const idle = OFTEN.filter((verb) => (tally.get(verb)?.done ?? 0) === 0 || (tally.get(verb)?.refused ?? 0) === 0);
    expect(idle).toEqual([]);
  },
  Math.max(60_000, runs * 3_000),
);

const OFTEN = ['approve', 'prioritise', 'done', 'hand-ops', 'testnet', 'mainnet', 'production', 'pass'];
