import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { expect, test } from 'vitest';
import { loadCommands, loadProcesses, loadRules } from '../src/catalogue.ts';
import { generated } from './tools/docs.ts';

/** The repository checks its own shape. */

const root = join(import.meta.dirname, '..');
const git = (...args: readonly string[]): string[] =>
  execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard', ...args], {
    cwd: root,
    encoding: 'utf8',
  })
    .split('\n')
    .filter((path) => path !== '' && existsSync(join(root, path)));
const read = (path: string): string => readFileSync(join(root, path), 'utf8');
const sources = git('src/**/*.ts', 'src/*.ts', 'adapters/**/*.ts');
const imports = (path: string): string[] =>
  [...read(path).matchAll(/(?:from|import)\s*\(?\s*'([^']+)'/g)].map((match) => match[1] ?? '');

test('the core imports zod, luxon and itself, and reads no clock', () => {
  const wrong = sources
    .filter((path) => path.startsWith('src/core/'))
    .flatMap((path) =>
      imports(path)
        .filter((name) => !/^(zod|luxon|\.\/)/.test(name))
        .map((name) => `${path}: ${name}`),
    );
  expect(wrong).toEqual([]);
});

test('imports go one way', () => {
  const allowed: Readonly<Record<string, RegExp>> = {
    'src/rules/': /^(\.\.\/core\/)/,
    'src/commands/': /^(\.\.\/(core|rules)\/|zod$)/,
    'src/store/': /^(\.\/|node:|better-sqlite3$|drizzle-)/,
    'adapters/':
      /^(\.\/|\.\.\/\.\.\/src\/((forge-)?ports|bounded-fetch)\.ts$|node:|zod$|grammy$|@grammyjs\/|@slack\/|undici$|@octokit\/|nodemailer$)/,
    'src/shell/': /^(\.\/|\.\.\/(core\/|store\/port|(forge-)?ports|catalogue)|node:|[a-z])/,
  };
  const wrong = Object.entries(allowed).flatMap(([folder, pattern]) =>
    sources
      .filter((path) => path.startsWith(folder))
      .flatMap((path) =>
        imports(path)
          .filter((name) => !pattern.test(name))
          .map((name) => `${path}: ${name}`),
      ),
  );
  expect(wrong).toEqual([]);
});

test('only the composition root names an adapter, and only it reads the clock', () => {
  const others = sources.filter((path) => path.startsWith('src/') && path !== 'src/compose.ts');
  expect(others.filter((path) => imports(path).some((name) => name.includes('adapters/')))).toEqual([]);
  expect(
    others.filter((path) =>
      /\bDate\.now\b|\bMath\.random\b|\bDateTime\.(now|local|utc)\(\)|new Date\(\)/.test(read(path)),
    ),
  ).toEqual([]);
});

test('files are small, named in kebab-case, and leave nothing for later', () => {
  const all = [...sources, ...git('test/**/*.ts')];
  expect(all.filter((path) => read(path).split('\n').length > 301)).toEqual([]);
  expect(all.filter((path) => !/^[a-z0-9-]+(\.(test|fault))?\.ts$/.test(basename(path)))).toEqual([]);
  const mark = new RegExp(['FIX', 'ME|TO', 'DO|XX', 'X'].join(''));
  expect(all.filter((path) => mark.test(read(path)))).toEqual([]);
  expect(
    sources.filter((path) => /: any\b|\bas any\b|\bas unknown as\b|@ts-(ignore|expect-error)/.test(read(path))),
  ).toEqual([]);
});

test('commands, rules and processes are found by their files, and every one has help', async () => {
  const { commands } = await loadCommands();
  const files = git('src/commands/*.ts').map((path) => basename(path, '.ts'));
  expect([...new Set([...commands.values()].map((command) => command.name))].sort()).toEqual(files.sort());
  for (const command of commands.values()) {
    expect(command.usage).toContain(`/${command.name}`);
    expect(command.examples.every((example) => example.startsWith('/'))).toBe(true);
    expect(command.summary).toMatch(/[.]$/);
  }
  expect((await loadRules()).map((rule) => rule.id)).toHaveLength(16);
  expect(loadProcesses()).toHaveProperty('processes');
});

test('every command and every rule is played in a transcript or has its own test', async () => {
  const played = git('test/transcripts/*.jsonl').map(read).join('\n');
  const tested = git('test/**/*.test.ts').map(read).join('\n');
  const { commands } = await loadCommands();
  const silent = [...new Set(commands.values())].filter(
    ({ name }) =>
      !played.includes(`"/${name}`) && !played.includes(`"press":"${name}"`) && !tested.includes(`/${name}`),
  );
  expect(silent.map(({ name }) => name)).toEqual([]);
  const rules = (await loadRules()).filter(
    ({ id, name }) =>
      !played.includes(`"rule":"${id}"`) && !existsSync(join(root, `test/rules/${id.toLowerCase()}-${name}.test.ts`)),
  );
  expect(rules.map(({ id }) => id)).toEqual([]);
});

test('generated pages are fresh (npm run docs)', async () => {
  for (const [path, text] of await generated()) expect(existsSync(join(root, path)) ? read(path) : '', path).toBe(text);
});
