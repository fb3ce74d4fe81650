import { once } from 'node:events';
import { purge } from '../shell/redact.ts';
import { exportEvents } from '../store/export.ts';
import type { CliCommand } from './cli.ts';
import { DB_OPTION, existingDatabase } from './database.ts';

export const exportCommand: CliCommand = {
  usage: 'export [--csv] [--db FILE]',
  summary: 'Writes the whole history to standard output, an event a line: JSON lines, or CSV for a spreadsheet.',
  options: { ...DB_OPTION, csv: { type: 'boolean', help: 'CSV instead of JSON lines' } },
  mostWords: 0,
  run: async (invocation) => {
    const path = existingDatabase(invocation);
    if (path === undefined) return 2;
    // What is stored holds no secret; one that was set only afterwards does not leave here either.
    const rows = exportEvents(path, invocation.options.csv === true ? 'csv' : 'jsonl', purge);
    if ('refusal' in rows) return invocation.complain(rows.refusal);
    for (const row of rows)
      if (!invocation.stdout.write(row.endsWith('\n') ? row : `${row}\n`)) await once(invocation.stdout, 'drain');
    return 0;
  },
};
