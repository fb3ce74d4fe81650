import { existsSync } from 'node:fs';
import { FOLD_VERSION } from '../core/streams.ts';
import { restore } from '../store/restore.ts';
import { VERSION } from '../version.ts';
import type { CliCommand } from './cli.ts';
import { DB_OPTION, databasePath } from './database.ts';

export const restoreCommand: CliCommand = {
  usage: 'restore BACKUP [--db FILE]',
  summary:
    'Puts a backup back. A broken one is refused, and so is one of a later version; what it replaces is kept beside it. Exit code 1 when it was refused.',
  options: DB_OPTION,
  mostWords: 1,
  run: async (invocation) => {
    const [file] = invocation.words;
    if (file === undefined) return invocation.complain('say which backup: baton restore BACKUP');
    if (!existsSync(file)) return invocation.complain(`there is no backup ${file}`);
    const path = databasePath(invocation);
    if (path === undefined) return 2;
    const begun = performance.now();
    const { machine, fold } = invocation;
    const restored = restore(file, path, {
      now: machine.now, actor: 'shell', productVersion: VERSION, fold: FOLD_VERSION, evolve: fold,
    }); // biome-ignore format: one value
    if ('refusal' in restored) {
      invocation.complain(restored.refusal);
      return 1;
    }
    const { seq, bytes, replaced } = restored;
    const seconds = ((performance.now() - begun) / 1_000).toFixed(1);
    invocation.print(
      `${restored.path} is the backup of event ${seq}: ${bytes} bytes in ${seconds} s${replaced === null ? '' : `; what was there is kept as ${replaced}`}`,
    );
    return 0;
  },
};
