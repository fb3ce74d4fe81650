import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ABUSES } from './list.ts';

/** The list is true: each row's test is there, under that name. */

test.each(ABUSES)('$part: $name', ({ test: named, name, input, result }) => {
  const [file = '', words = ''] = named.split(' › ');
  const source = readFileSync(join(import.meta.dirname, '..', file), 'utf8');
  expect(source).toContain(words);
  expect(source).toMatch(/\btest(?:\.each)?\b|\bit(?:\.each)?\b/);
  for (const cell of [name, input, result]) expect(cell).not.toMatch(/[|\n]/);
});

test('no row stands twice, and every part has its rows', () => {
  expect(new Set(ABUSES.map(({ name }) => name)).size).toBe(ABUSES.length);
  expect(new Set(ABUSES.map(({ part }) => part)).size).toBe(5);
});
