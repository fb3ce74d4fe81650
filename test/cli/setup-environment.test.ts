import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { readEnvironmentFile, withValues, writeEnvironmentFile } from '../../src/cli/environment-file.ts';
import { fc } from '../support/chance.ts';

/** `.env` is somebody's own file: what they wrote stays. */

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'baton-env-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const put = (text: string, name: string, value: string) => withValues(text, new Map([[name, value]]));

test.each([
  ['an empty file', '', 'A=1\n'],
  ['no end of line', 'B=2', 'B=2\nA=1\n'],
  ['in place', 'A=old\nB=2\n', 'A=1\nB=2\n'],
  ['the last one counts', 'A=old\nA=older\n', 'A=old\nA=1\n'],
  ['an export stays one', '  export A=old # why\n', '  export A=1\n'],
  ['below its comment', '# A=\n# B=\n', '# A=\nA=1\n# B=\n'],
  ['another name is another', 'AA=x\n#A\nXA=y\n', 'AA=x\n#A\nXA=y\nA=1\n'],
])('%s', (_what, before, after) => {
  expect(put(before, 'A', '1')).toBe(after);
});

test('a file that would be read otherwise afterwards is left alone', () => {
  expect(put('KEY="begin\nA=inside\nend"\n', 'A', '1')).toBeUndefined();
  expect(put('A="begin\nend"\n', 'A', '1')).toBeUndefined();
  expect(put('', 'A', `'"\``)).toBeUndefined();
});

test('whatever is in the file and in the value: all else stays, and Node reads the value back', () => {
  const line = fc.oneof(
    fc.constantFrom(
      '',
      '# a comment',
      '#A=',
      'A=old',
      'export B="x # y"',
      "C='it is'",
      'D=',
      'nonsense',
      'E = 5 # five',
    ),
    fc.string({ maxLength: 12 }).map((text) => `# ${text.replace(/[\r\n]/g, '')}`),
  );
  const value = fc
    .string({ minLength: 1, maxLength: 20 })
    .filter((text) => !/[\r\n]/.test(text) && text.trim() === text);
  let written = 0;
  fc.assert(
    fc.property(fc.array(line, { maxLength: 8 }), value, (lines, given) => {
      const before = lines.map((each) => `${each}\n`).join('');
      const after = put(before, 'A', given);
      if (after === undefined) return;
      written += 1;
      expect(parseEnv(after)).toEqual({ ...parseEnv(before), A: given });
      const kept = after.split('\n').filter((each) => !each.startsWith('A='));
      expect(kept).toEqual(before === '' ? [''] : before.split('\n').filter((each) => !each.startsWith('A=')));
    }),
  );
  expect(written).toBeGreaterThan(50);
});

test('it is written for its owner alone, where a link leads, and leaves nothing beside it', () => {
  const target = join(folder, 'real.env');
  const path = join(folder, '.env');
  writeFileSync(target, 'A=1\n', { mode: 0o644 });
  symlinkSync(target, path);
  expect(writeEnvironmentFile(path, 'A=2\n')).toBeUndefined();
  expect(readFileSync(target, 'utf8')).toBe('A=2\n');
  expect(statSync(target).mode & 0o777).toBe(0o600);
  expect(readdirSync(folder).sort()).toEqual(['.env', 'real.env']);
});

test('what can not be read or written is a line, and nothing is left behind', () => {
  expect(readEnvironmentFile(folder)).toMatchObject({ problem: expect.stringContaining('EISDIR') });
  expect(readEnvironmentFile(join(folder, 'none'))).toMatchObject({ text: '', mode: undefined });
  expect(writeEnvironmentFile(folder, 'A=2\n')).toMatchObject({
    problem: expect.stringContaining('can not be written'),
  });
  expect(writeEnvironmentFile(join(folder, 'no', '.env'), 'A=2\n')).toMatchObject({
    problem: expect.stringContaining('ENOENT'),
  });
  expect(readdirSync(join(folder, '..')).filter((name) => name.startsWith('.env.new-'))).toEqual([]);
});
