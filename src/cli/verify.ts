import { FOLD_VERSION } from '../core/streams.ts';
import { inspected } from '../store/inspect.ts';
import { verifyStore } from '../store/verify.ts';
import type { CliCommand, Invocation } from './cli.ts';
import { DB_OPTION, existingDatabase } from './database.ts';
import { createProgress } from './progress.ts';

export const verify: CliCommand = {
  usage: 'verify [--head SEQ HASH] [--db FILE]',
  summary:
    'Proves the history: the chain of hashes is whole, and every state is the fold of its events. With a head that was posted outside also: nothing up to it was changed or cut off. Exit code 1 when it is not.',
  options: { ...DB_OPTION, head: { type: 'string', help: 'the number of an event that was posted; its hash follows' } },
  run: async (invocation) => {
    const path = existingDatabase(invocation);
    if (path === undefined) return 2;
    const head = headOf(invocation);
    if (head === null) return invocation.complain('it goes: baton verify --head SEQ HASH, as it was posted');
    const bar = createProgress(invocation.stderr, invocation.machine.now);
    const all = inspected(path, invocation.machine.now())?.rows ?? 0;
    const result = verifyStore(path, {
      fold: FOLD_VERSION,
      evolve: invocation.fold,
      head,
      isAtRest: true,
      onProgress: (done) => bar.show(done, all),
    });
    bar.end();
    invocation.complain(...result.problems);
    if (!result.ok) return 1;
    const posted = head === undefined ? '' : `; event ${head.seq} is the one that was posted`;
    const old = result.isStale ? ' of another version’s fold, which the next start folds anew' : '';
    invocation.print(`whole: ${result.events} events, ${result.states} states${old}${posted}`);
    return 0;
  },
};

/** Null: it was not given as it was posted. */
function headOf({ options, words }: Invocation): { seq: number; hash: string } | undefined | null {
  if (options.head === undefined && words.length === 0) return undefined;
  const [hash = ''] = words;
  const isOne = /^\d+$/.test(String(options.head)) && /^[0-9a-f]{64}$/i.test(hash) && words.length === 1;
  return isOne ? { seq: Number(options.head), hash } : null;
}
