import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';

/** When it was run, and on which commit: every part of the results has both. */
interface Run {
  readonly at: string;
  readonly commit: string;
}

/**
 * Keeps what a long run came to, for `docs/reliability.md`: in the file that `RECORD` names, under this part's name, in
 * place of what an earlier run came to. Without `RECORD` nothing is kept.
 */
export function record(part: string, result: Readonly<Record<string, unknown>>): void {
  const file = process.env.RECORD;
  if (file === undefined) return;
  const before: unknown = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : {};
  const commit = execFileSync('git', ['rev-parse', '--short', 'HEAD'], { encoding: 'utf8' }).trim();
  const run: Run = { at: new Date().toISOString().slice(0, 10), commit };
  const all = { ...(before as Readonly<Record<string, unknown>>), [part]: { ...run, ...result } };
  writeFileSync(file, `${JSON.stringify(all, undefined, 2)}\n`);
}
