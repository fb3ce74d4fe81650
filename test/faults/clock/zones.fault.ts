import { expect, test } from 'vitest';
import { tally } from '../../support/tally.ts';
import { edgesOf, spanAround, YEARS, ZONES } from '../../time/zones/local.ts';
import { RULES } from '../../time/zones/rules.ts';
import { organisationOf, SETTINGS } from '../../time/zones/settings.ts';

/** Every zone × every change of its clock from 2024 to 2030 × all hours × every rule with time. */

const MINUTE = 60_000;
const BY_MINUTE: readonly string[] = ['the freeze (R2)', 'whose hours it is (R7)'];

test.for(ZONES)('%s: every rule around every change, by the clock on the wall', { timeout: 600_000 }, (zone) => {
  let combinations = 0;
  for (const year of YEARS)
    for (const change of edgesOf(zone, year)) {
      const span = spanAround(zone, change);
      for (const setting of SETTINGS)
        for (const { check } of RULES) {
          expect(check({ span, setting, organisation: organisationOf(zone, setting) })).toBeGreaterThan(0);
          combinations += 1;
        }
    }
  // Between the quarters nothing changes either.
  for (const change of edgesOf(zone, 2026))
    for (const setting of SETTINGS) {
      const span = spanAround(zone, change, MINUTE);
      for (const { name, check } of RULES.filter((rule) => BY_MINUTE.includes(rule.name))) {
        expect(check({ span, setting, organisation: organisationOf(zone, setting) }), name).toBeGreaterThan(0);
        combinations += 1;
      }
    }
  expect(combinations).toBeGreaterThan(100);
  tally('fault', 'zones and the changes of their clocks', combinations);
});
