import { expect, it } from 'vitest';
import { tally } from '../../support/tally.ts';
import { beginning, ERRORS, type No, saidNo } from './errors.ts';
import { canTrace } from './trace.ts';

/** The journal's second write and its second wait for the disk alone; `errors.fault.ts` takes them all, for each shape of commit. */

const NOS = (['pwrite64', 'fsync'] as const).flatMap((call) =>
  ERRORS.flatMap((error): readonly No[] => [
    { call, error, k: 2, lasts: 'once', journal: true },
    { call, error, k: 2, lasts: 'for ever', journal: true },
  ]),
);

it.skipIf(!canTrace)('the disk says no now and then: nothing is lost, nothing is there by half', async () => {
  const { base } = await beginning('a decision');
  const ends = NOS.map((no) => saidNo(base, 'a decision', no));
  expect(ends.filter(({ wrong }) => wrong.length > 0)).toEqual([]);
  expect(new Set(ends.map(({ reason }) => reason))).toEqual(new Set(['full', 'io']));
  for (const { lasts, after } of ends) expect(after).toBe(lasts === 'once');
  tally('fault', 'a full or broken disk now and then, for CI', ends.length);
});
