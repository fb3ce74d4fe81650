import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ABUSES } from '../abuse/list.ts';
import { FAULTS } from './list.ts';

/** The list is true: each row's test is there, under that name. */

test.each(FAULTS)('$part: $name', ({ test: named, name, how, result }) => {
  const [file = '', words = ''] = named.split(' › ');
  const source = readFileSync(join(import.meta.dirname, '..', file), 'utf8');
  expect(words).not.toBe('');
  expect(source).toContain(words);
  expect(source).toMatch(/\btest(?:\.\w+)*\b|\bit(?:\.each)?\b/);
  for (const cell of [name, how, result]) expect(cell).not.toMatch(/[|\n]/);
});

test('no row stands twice', () => {
  expect(new Set(FAULTS.map(({ name }) => name)).size).toBe(FAULTS.length);
});

test('what is counted has a row', () => {
  const tests = globSync('**/*.ts', { cwd: join(import.meta.dirname, '..') });
  const counted = tests.flatMap((path) => [
    ...readFileSync(join(import.meta.dirname, '..', path), 'utf8').matchAll(
      /tally\(\s*'(fault|bad input)',\s*'([^']+)'/g,
    ),
  ]);
  expect(counted.length).toBeGreaterThan(20);
  const rows = { fault: FAULTS.map(({ name }) => name), 'bad input': ABUSES.map(({ name }) => name) };
  const unknown = counted.filter(([, what, row = '']) => !rows[what === 'fault' ? 'fault' : 'bad input'].includes(row));
  expect(unknown.map(([call]) => call)).toEqual([]);
});
