import { describe, expect, it } from 'vitest';
import { tally } from '../../support/tally.ts';
import { beginning, ERRORS, type No, saidNo } from './errors.ts';
import { SHAPES } from './shapes.ts';
import { canTrace } from './trace.ts';

/** Every write and every wait for the disk fails once, or from then on: as a full disk's does, and as a broken one's. */

describe.skipIf(!canTrace)('the disk says no', () => {
  it.each(Object.keys(SHAPES))(
    '%s: at the k-th write, once and for ever, nothing that was promised is lost, nothing is there by half',
    { timeout: 600_000 },
    async (name) => {
      const { base, counts } = await beginning(name);
      const nos = counts.flatMap(({ call, count }) =>
        Array.from({ length: count }, (_, at) => at + 1).flatMap((k) =>
          ERRORS.flatMap((error): readonly No[] => [
            { call, error, k, lasts: 'once' },
            { call, error, k, lasts: 'for ever' },
          ]),
        ),
      );
      const ends = nos.map((no) => saidNo(base, name, no));
      expect(ends.filter(({ wrong }) => wrong.length > 0)).toEqual([]);
      const failed = ends.filter(({ reason }) => reason !== undefined);
      expect(failed.length).toBeGreaterThan(nos.length / 4);
      // A full disk goes over by itself, so it must not be taken for a broken one, nor a broken one for it.
      const named = (each: { readonly error: string; readonly call: string }): string =>
        each.error === 'ENOSPC' && each.call === 'pwrite64' ? 'full' : 'io';
      expect(failed.filter((each) => each.reason !== named(each))).toEqual([]);
      expect(failed.filter(({ lasts }) => lasts === 'once').every(({ after }) => after)).toBe(true);
      console.log(`${name}: ${ends.length} times no, of which ${failed.length} failed a commit`);
      tally('fault', 'a full or broken disk at each write', ends.length);
    },
  );
});
