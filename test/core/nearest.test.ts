import { expect, test } from 'vitest';
import { loadCommands } from '../../src/catalogue.ts';
import { nearest } from '../../src/core/nearest.ts';
import { ENVIRONMENTS, ORGANISATION_ROLES } from '../../src/core/organisation.ts';
import { table } from '../support/script.ts';

const { names } = await loadCommands();
const KNOWN: Readonly<Record<string, readonly string[]>> = {
  command: names,
  environment: ENVIRONMENTS,
  role: ORGANISATION_ROLES,
};

const ROWS = table(`
  command      statsu      -> status
  command      relase      -> release
  command      aprove      -> approve
  command      hand        -> handover
  command      HANDOVR     -> handover
  command      xyzzy       -> nothing
  environment  tesnet      -> testnet
  environment  stagin      -> staging
  environment  prod        -> production
  environment  prodcution  -> production
  environment  moon        -> nothing
  role         devloper    -> developer
  role         stakholder  -> stakeholder
  role         opps        -> ops
  role         pilot       -> nothing
`);

test.each(ROWS)('$columns -> $outcome', ({ columns: [what = '', word = ''], outcome }) => {
  expect(nearest(word, KNOWN[what] ?? []) ?? 'nothing').toBe(outcome);
});

test('a very long word is answered quickly, and with nothing', () => {
  expect(nearest('x'.repeat(100_000), names)).toBeUndefined();
});
