import { expect, test } from 'vitest';
import { tally } from '../../support/tally.ts';
import { edgesOf, spanAround, YEARS, ZONES } from './local.ts';
import { pairwise } from './pairwise.ts';
import { RULES } from './rules.ts';
import { organisationOf, SETTINGS } from './settings.ts';

/**
 * Zones × changes of their clocks from 2024 to 2030 × hours × rules, every two of them together at least once. All of
 * them together: `test/faults/clock/zones.fault.ts`.
 */

const EDGES = 4;

/** What the factors come to at one combination. */
const COMBINATIONS = pairwise([ZONES.length, YEARS.length, EDGES, SETTINGS.length, RULES.length]).map(
  ([zoneAt = 0, yearAt = 0, edge = 0, settingAt = 0, ruleAt = 0]) => {
    const zone = ZONES[zoneAt] ?? 'UTC';
    const edges = edgesOf(zone, YEARS[yearAt] ?? 2026);
    return { zone, change: edges[edge % edges.length] ?? 0, setting: SETTINGS[settingAt], rule: RULES[ruleAt] };
  },
);

test.for(RULES)('$name: by the clock on the wall, around the changes of twenty-two zones', ({ name, check }) => {
  const mine = COMBINATIONS.filter(({ rule }) => rule?.name === name);
  let compared = 0;
  for (const { zone, change, setting } of mine)
    if (setting !== undefined)
      compared += check({ span: spanAround(zone, change), setting, organisation: organisationOf(zone, setting) });
  expect(mine.length).toBeGreaterThanOrEqual(ZONES.length);
  expect(compared).toBeGreaterThan(mine.length * 10);
  tally('fault', 'zones and the changes of their clocks', mine.length);
});

test('every two values of any two factors meet', () => {
  const sizes = [5, 4, 3, 7];
  const rows = pairwise(sizes);
  for (const [a, many] of sizes.entries())
    for (const [b, more] of sizes.entries())
      for (let x = 0; a < b && x < many; x += 1)
        for (let y = 0; y < more; y += 1) expect(rows.some((row) => row[a] === x && row[b] === y)).toBe(true);
  expect(rows.length).toBeLessThan(60);
});
