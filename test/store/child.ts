import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

/** Runs a script of this folder in a process of its own, on the same Node. */
export function startChild(script: string, args: readonly string[], through: readonly string[] = []): ChildProcess {
  const file = fileURLToPath(new URL(script, import.meta.url));
  const [command = process.execPath, ...rest] = [...through, process.execPath, file, ...args];
  return spawn(command, rest, { stdio: ['ignore', 'pipe', 'inherit'] });
}

/** Every line that it prints, handed over as it comes; settles when the process is gone and all was read. */
export async function readLines(child: ChildProcess, onLine: (line: string) => void): Promise<void> {
  if (!child.stdout) throw new Error('the child has no output');
  const gone = new Promise((resolve) => child.once('close', resolve));
  createInterface({ input: child.stdout }).on('line', onLine);
  await gone;
}
