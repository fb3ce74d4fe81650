import { describe, expect, it } from 'vitest';
import { tally } from '../../support/tally.ts';
import { cutsOf, recorded } from './power-cuts.ts';
import { SHAPES } from './shapes.ts';
import { canTrace } from './trace.ts';

/**
 * The power goes at every single step of a recorded run: what the disk had been waited for is there, of the rest nothing,
 * all, some, or some sectors. With the setting that SQLite would use by itself the same test loses what was promised.
 */

const COMMITS = 6;

describe.skipIf(!canTrace)('the power goes', () => {
  it.each(Object.keys(SHAPES))(
    '%s: what was promised is there, and the file is whole',
    { timeout: 600_000 },
    async (name) => {
      const run = await recorded(name, COMMITS, 'full');
      expect(run.steps.filter((step) => step.do === 'sync').length).toBeGreaterThanOrEqual(COMMITS);
      const ends = cutsOf(run, name);
      expect(ends.filter(({ lost, broken }) => lost.length + broken.length > 0)).toEqual([]);
      console.log(`${name}: ${ends.length} cuts`);
      tally('fault', 'a power cut', ends.length);
    },
  );

  it.each(Object.keys(SHAPES))(
    '%s: the same at synchronous=NORMAL loses what was promised',
    { timeout: 600_000 },
    async (name) => {
      const ends = cutsOf(await recorded(name, COMMITS, 'normal'), name);
      const losing = ends.filter(({ lost }) => lost.length > 0);
      expect(losing.length).toBeGreaterThan(0);
      console.log(`${name}: ${losing.length} of ${ends.length} cuts lose what was promised`);
    },
  );
});
