import { createHash } from 'node:crypto';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Instrumenter } from '@stryker-mutator/instrumenter';

/** A copy of the repository in which `src/core` and `src/rules` hold all mutants at once, each behind a switch. */

const root = join(import.meta.dirname, '..', '..');
const FOLDERS = ['src/core', 'src/rules'];
const COPIED = [
  'src',
  'adapters',
  'test',
  'migrations',
  'docs',
  'package.json',
  'README.md',
  'CHANGELOG.md',
  '.env.example',
];

export interface Mutant {
  /** Its switch, in this sandbox alone. */
  readonly id: string;
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly sort: string;
  readonly original: string;
  readonly replacement: string;
  /** The same from run to run, as long as its file stays as it is. */
  readonly key: string;
}

export interface Sandbox {
  readonly folder: string;
  readonly mutants: readonly Mutant[];
  /** The hash of each mutated file. */
  readonly files: Readonly<Record<string, string>>;
  remove(): void;
}

const nothing = (): void => undefined;
const no = (): boolean => false;
const silent = {
  ...{ isTraceEnabled: no, isDebugEnabled: no, isInfoEnabled: no, isWarnEnabled: no, isErrorEnabled: no },
  ...{
    isFatalEnabled: no,
    trace: nothing,
    debug: nothing,
    info: nothing,
    warn: nothing,
    error: nothing,
    fatal: nothing,
  },
};

const hashOf = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 16);

/** The text between two places, counted from zero. */
function between(text: string, from: { line: number; column: number }, to: { line: number; column: number }): string {
  const lines = text.split('\n').slice(from.line, to.line + 1);
  const last = lines.length - 1;
  lines[last] = (lines[last] ?? '').slice(0, to.column);
  lines[0] = (lines[0] ?? '').slice(from.column);
  return lines.join('\n');
}

export async function makeSandbox(): Promise<Sandbox> {
  const folder = mkdtempSync(join(tmpdir(), 'baton-mutation-'));
  for (const each of COPIED) cpSync(join(root, each), join(folder, each), { recursive: true });
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
  const names = FOLDERS.flatMap((each) => readdirSync(join(folder, each)).map((name) => `${each}/${name}`));
  const sources = new Map(names.map((name) => [name, readFileSync(join(folder, name), 'utf8')]));
  const { files, mutants } = await new Instrumenter(silent).instrument(
    [...sources].map(([name, content]) => ({ name, content, mutate: true })),
    { plugins: null, excludedMutations: [], ignorers: [], noHeader: true },
  );
  // The core's caches live as long as their key: the worker's own sort is emptied from mutant to mutant.
  for (const { name, content } of files)
    writeFileSync(join(folder, name), content.replaceAll('new WeakMap', 'new globalThis.ForgetfulMap'));
  return {
    folder,
    files: Object.fromEntries([...sources].map(([name, text]) => [name, hashOf(text)])),
    mutants: mutants.map(({ id, fileName, location, mutatorName, replacement }) => {
      const { start, end } = location;
      const place = `${start.line + 1}:${start.column + 1}-${end.line + 1}:${end.column + 1}`;
      return {
        id,
        file: fileName,
        line: start.line + 1,
        column: start.column + 1,
        sort: mutatorName,
        original: between(sources.get(fileName) ?? '', start, end),
        replacement,
        key: `${fileName}:${place} ${mutatorName} ${hashOf(replacement)}`,
      };
    }),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}
