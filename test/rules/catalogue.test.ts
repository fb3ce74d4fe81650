import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { loadRules } from '../../src/catalogue.ts';

/** The rules in the README are the rules of the product, word for word. */

it.each((await loadRules()).map((rule) => [rule.id, rule] as const))('%s is in the README as it is', (_id, rule) => {
  const readme = readFileSync(join(import.meta.dirname, '..', '..', 'README.md'), 'utf8');
  expect(rule.statement).not.toBe('');
  expect(readme).toContain(`| ${rule.id} | \`${rule.name}\` | ${rule.statement} | ${rule.source} |`);
});
