import { expect, test } from 'vitest';
import { fc, runs } from '../support/chance.ts';
import { cases, playCase, tally } from './driver.ts';

/**
 * Histories that nobody thought of, played by the real engine and by the model beside it. `PROPERTY_RUNS=2000` plays more;
 * `PROPERTY_SEED` plays again what a failure named.
 */
const times = runs(120);

test(
  'whatever is said: votes, releases, needs, replay, redelivery, refusals and messages are right',
  async () => {
    await fc.assert(
      fc.asyncProperty(cases(60), (history) => playCase(history)),
      { numRuns: times },
    );
    // What is never done tests nothing.
    const idle = OFTEN.filter((verb) => (tally.get(verb)?.done ?? 0) === 0 || (tally.get(verb)?.refused ?? 0) === 0);
    expect(idle).toEqual([]);
  },
  Math.max(60_000, times * 3_000),
);

const OFTEN = ['approve', 'prioritise', 'done', 'hand-ops', 'testnet', 'mainnet', 'production', 'pass'];
