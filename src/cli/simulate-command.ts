import { dirname, resolve } from 'node:path';
import { readOrganisation } from '../shell/read-organisation.ts';
import type { CliCommand } from './cli.ts';
import { simulate } from './simulate.ts';

export const simulateCommand: CliCommand = {
  usage: 'simulate --org FILE [--db FILE]',
  summary:
    'Plays JSON lines from standard input through the real core, store and scheduler, on a clock that the script moves.',
  options: {
    org: { type: 'string', help: 'the organisation’s file' },
    db: { type: 'string', help: 'a database file; without it the store is in memory' },
  },
  mostWords: 0,
  run: async ({ options, complain, openEngine, createLog, machine, github, circles, stdin, stdout, environment }) => {
    const file = options.org;
    if (typeof file !== 'string') return complain('say which organisation: --org FILE');
    const read = readOrganisation(file);
    if ('problems' in read) return complain(...read.problems);
    const { organisation } = read;
    const path = typeof options.db === 'string' ? options.db : ':memory:';
    const processes = organisation.processes === undefined ? undefined : resolve(dirname(file), organisation.processes);
    const log = createLog(environment.LOG_LEVEL ?? 'error');
    const bad = await simulate({
      organisation,
      input: stdin,
      output: stdout,
      inMemory: path === ':memory:',
      machine,
      github,
      circles: (payload) => circles(payload, organisation.circles.closed_statuses),
      open: async (clock, links) => {
        const opened = await openEngine({ path, organisation, processes, clock, links, log });
        return 'problems' in opened ? opened : opened.engine;
      },
    });
    if (bad === undefined) return 0;
    return complain(bad.line === 0 ? bad.problem : `line ${bad.line}: ${bad.problem}`);
  },
};
