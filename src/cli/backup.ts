import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { FOLD_VERSION } from '../core/streams.ts';
import { readSettings } from '../settings.ts';
import { backup } from '../store/backup.ts';
import type { OpenRefusal } from '../store/connection.ts';
import { tryRestore } from '../store/restore.ts';
import { verifyStore } from '../store/verify.ts';
import { VERSION } from '../version.ts';
import type { CliCommand, Invocation } from './cli.ts';
import { DB_OPTION, existingDatabase } from './database.ts';

const KEPT = 72;

export const backupCommand: CliCommand = {
  usage: 'backup [TARGET] [--db FILE]',
  summary: `Copies the database while it runs, and checks the copy by restoring it on trial. Without TARGET it goes to BATON_BACKUPS, where the ${KEPT} newest are kept.`,
  options: DB_OPTION,
  mostWords: 1,
  run: async (invocation) => {
    const path = existingDatabase(invocation);
    if (path === undefined) return 2;
    const read = readSettings(invocation.environment);
    if ('problems' in read) return invocation.complain(...read.problems);
    const folder = read.settings.BATON_BACKUPS ?? 'data/backups';
    const stamp = new Date(invocation.machine.now())
      .toISOString()
      .replaceAll(':', '-')
      .replace(/\.\d+Z$/, 'Z');
    const [named] = invocation.words;
    const target = named ?? join(folder, `baton-${stamp}.db`);
    const begun = performance.now();
    let copied = begun;
    const made = backup(path, target, (draft) => {
      copied = performance.now();
      return proveRestorable(invocation, draft);
    });
    if ('refusal' in made) {
      invocation.complain(made.refusal);
      // 1: it looked, and the database is not whole. All else is no word about the database.
      return made.doubt === undefined ? 2 : 1;
    }
    const seconds = (from: number, to: number): string => `${((to - from) / 1_000).toFixed(1)} s`;
    invocation.print(
      `${made.target}: ${made.bytes} bytes, ${made.seq} events, in ${seconds(begun, copied)}; restored on trial in ${seconds(copied, performance.now())}`,
    );
    if (named === undefined) removeOld(folder);
    return 0;
  },
};

function proveRestorable({ machine, fold }: Invocation, draft: string): OpenRefusal | undefined {
  const [problem] = tryRestore(draft, {
    now: machine.now, actor: 'shell', productVersion: VERSION, fold: FOLD_VERSION, evolve: fold,
  }); // biome-ignore format: one value
  if (problem === undefined) return undefined;
  // The copy itself is at fault, and so the database is; else there was no room for the trial, say.
  const isWhole = verifyStore(draft, { fold: FOLD_VERSION, evolve: fold }).ok;
  return {
    refusal: `the backup could not be restored (${problem}), so it was not kept: baton verify`,
    ...(isWhole ? {} : { doubt: 'corrupt' as const }),
  };
}

/** Only files of our own naming are ever removed. */
function removeOld(folder: string): void {
  const ours = readdirSync(folder)
    .filter((name) => /^baton-\d{4}-\d\d-\d\dT\d\d-\d\d-\d\dZ\.db$/.test(name))
    .sort();
  for (const name of ours.slice(0, -KEPT)) rmSync(join(folder, name));
  // What a backup that was killed has left.
  for (const name of readdirSync(folder))
    if (/^baton-[\dTZ-]+\.db\.(part|trial)/.test(name)) rmSync(join(folder, name));
}
