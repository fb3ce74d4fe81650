import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** Runs a process under strace, which records what it writes, or kills it in the middle of that. */

export const canTrace = spawnSync('strace', ['-V']).status === 0;

const CHILD = fileURLToPath(new URL('shapes-child.ts', import.meta.url));

export interface Traced {
  readonly printed: string;
  readonly signal: string | null;
  readonly said: string;
}

/** `through`: what strace is asked for. `args`: of the script. */
export function traced(through: readonly string[], args: readonly string[], script = CHILD): Traced {
  const run = spawnSync('strace', ['-f', '-qq', ...through, process.execPath, script, ...args], {
    encoding: 'utf8',
    maxBuffer: 256 * 1024 * 1024,
  });
  return { printed: run.stdout, signal: run.signal, said: run.stderr };
}

/** How many commits were promised by what it printed. */
export const promisedIn = (printed: string): number =>
  printed.split('\n').filter((line) => /^promised/.test(line)).length;

/** How often each of these calls was made, from its start to its end. */
export function countCalls(
  calls: readonly string[],
  args: readonly string[],
  trace: string,
  script = CHILD,
): Map<string, number> {
  traced(['-e', `trace=${calls.join(',')}`, '-o', trace], args, script);
  const lines = readFileSync(trace, 'utf8').split('\n');
  return new Map(calls.map((call) => [call, lines.filter((line) => line.includes(` ${call}(`)).length]));
}
