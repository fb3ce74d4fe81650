import { FOLD_VERSION } from '../core/streams.ts';
import { inspect } from '../store/inspect.ts';
import { verifyStore } from '../store/verify.ts';
import type { CliCommand } from './cli.ts';
import { DB_OPTION, existingDatabase } from './database.ts';
import { createProgress } from './progress.ts';

export const verify: CliCommand = {
  usage: 'verify [--db FILE]',
  summary:
    'Proves the history: the chain of hashes is whole, and every state is the fold of its events. Exit code 1 when it is not.',
  options: DB_OPTION,
  run: async (invocation) => {
    const path = existingDatabase(invocation);
    if (path === undefined) return 2;
    const bar = createProgress(invocation.stderr, invocation.machine.now);
    const all = inspect(path, invocation.machine.now())?.rows ?? 0;
    const result = verifyStore(path, {
      fold: FOLD_VERSION,
      evolve: invocation.fold,
      onProgress: (done) => bar.show(done, all),
    });
    bar.end();
    invocation.complain(...result.problems);
    if (!result.ok) return 1;
    invocation.print(`whole: ${result.events} events, ${result.states} states`);
    return 0;
  },
};
