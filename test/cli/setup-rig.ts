import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

/** The real command line as a process, in a folder of its own, with the answers to its questions. */

const MAIN = resolve(import.meta.dirname, '../../src/main.ts');

export interface Ran {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
  /** Both, for what must be nowhere. */
  readonly all: string;
}

export interface Desk {
  readonly folder: string;
  /** Runs it with these lines on its standard input, which then ends. */
  run(args: readonly string[], answers?: readonly string[]): Promise<Ran>;
  /** The same, with Node loading `.env` as the scripts of package.json have it do. */
  runWithFile(args: readonly string[], answers?: readonly string[]): Promise<Ran>;
  read(name: string): string;
  has(name: string): boolean;
  write(name: string, text: string, mode?: number): void;
  mode(name: string): number;
  remove(): void;
}

/** Nothing of the machine's own settings reaches it. */
export function createDesk(environment: Readonly<Record<string, string>>): Desk {
  const folder = mkdtempSync(join(tmpdir(), 'baton-setup-'));
  const path = (name: string) => join(folder, name);
  const run = async (flags: readonly string[], args: readonly string[], answers: readonly string[]): Promise<Ran> => {
    const env = { PATH: process.env.PATH ?? '', HOME: folder, TZ: 'Europe/Brussels', ...environment };
    const child = spawn(process.execPath, [...flags, MAIN, ...args], { cwd: folder, env });
    let out = '';
    let err = '';
    child.stdout.on('data', (data: Buffer) => {
      out += data.toString();
    });
    child.stderr.on('data', (data: Buffer) => {
      err += data.toString();
    });
    // It may be over before it has read everything.
    child.stdin.on('error', () => {});
    child.stdin.end(answers.map((line) => `${line}\n`).join(''));
    await once(child, 'close');
    return { code: child.exitCode, out, err, all: out + err };
  };
  return {
    folder,
    run: (args, answers = []) => run([], args, answers),
    runWithFile: (args, answers = []) => run(['--env-file-if-exists=.env'], args, answers),
    read: (name) => readFileSync(path(name), 'utf8'),
    has: (name) => existsSync(path(name)),
    write: (name, text, mode = 0o600) => writeFileSync(path(name), text, { mode }),
    mode: (name) => statSync(path(name)).mode & 0o777,
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}
