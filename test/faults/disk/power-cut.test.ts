import { describe, expect, it } from 'vitest';
import { tally } from '../../support/tally.ts';
import { cutsOf, recorded } from './power-cuts.ts';
import { SHAPES } from './shapes.ts';
import { canTrace } from './trace.ts';

/**
 * A few cuts of the power, so that each run of the tests has some; `power-cut.fault.ts` makes them all. A cut right
 * after a promise loses it where the disk was not waited for, so those are among them.
 */

const COMMITS = 2;

describe.skipIf(!canTrace)('the power goes now and then', () => {
  it.each(Object.keys(SHAPES))('%s: nothing is lost, and at synchronous=NORMAL something is', async (name) => {
    const cuts = async (synchronous: 'full' | 'normal') => {
      const run = await recorded(name, COMMITS, synchronous);
      const isWanted = (at: number): boolean => run.steps[at - 1]?.do === 'promise' || at % 17 === 3;
      return cutsOf(run, name, isWanted, ['nothing', 'torn']);
    };
    const ends = await cuts('full');
    expect(ends.length).toBeGreaterThanOrEqual(2 * COMMITS);
    expect(ends.filter(({ lost, broken }) => lost.length + broken.length > 0)).toEqual([]);
    expect((await cuts('normal')).filter(({ lost }) => lost.length > 0).length).toBeGreaterThan(0);
    tally('fault', 'a power cut', ends.length);
  });
});
