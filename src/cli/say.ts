import { existsSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { createLinkCheck } from '../shell/link-check.ts';
import { readOrganisation } from '../shell/read-organisation.ts';
import { askProcess, silentWords } from './ask-process.ts';
import type { CliCommand, ExitCode, Invocation } from './cli.ts';
import { DB_OPTION, databasePath } from './database.ts';

interface Said {
  readonly ok: boolean;
  readonly code: string;
  readonly text: string;
}

export const say: CliCommand = {
  usage: 'say --as PERSON TEXT',
  summary:
    'Says something as a person. Whoever has a shell on this machine may; the history marks it so. Through the running process when there is one.',
  options: { ...DB_OPTION, as: { type: 'string', help: 'the id of the person' } },
  run: async (invocation) => {
    const { options, words, complain } = invocation;
    const text = words.join(' ').trim();
    if (typeof options.as !== 'string' || text === '') return complain('it goes: baton say --as PERSON TEXT');
    const path = databasePath(invocation);
    if (path === undefined) return 2;
    const isThere = existsSync(`${path}.sock`);
    const said = isThere ? await askProcess<Said>(path, { as: options.as, text }) : 'nobody';
    if (said === 'silent') return complain(silentWords(path));
    return answer(invocation, said === 'nobody' ? await alone(invocation, path, options.as, text) : said);
  },
};

function answer({ print, complain }: Invocation, said: Said | readonly string[]): ExitCode {
  if (!('ok' in said)) return complain(...said);
  print(said.text === '' ? said.code : said.text);
  return said.ok ? 0 : 1;
}

/** No process runs: the store is opened for the one command. */
async function alone(
  invocation: Invocation,
  path: string,
  as: string,
  text: string,
): Promise<Said | readonly string[]> {
  const { environment, machine, openEngine, createLog } = invocation;
  const file = environment.BATON_ORG;
  if (file === undefined) return ['nothing runs here, and BATON_ORG is not set; start Baton first, or set it'];
  const read = readOrganisation(file);
  if ('problems' in read) return read.problems;
  const { organisation } = read;
  const processes = organisation.processes === undefined ? undefined : resolve(dirname(file), organisation.processes);
  const links = createLinkCheck({ hosts: organisation.link_hosts });
  const opened = await openEngine({
    path, organisation, processes, clock: machine, links, log: createLog('error'),
    // What a process that ran here was in doubt about is so for one command, too.
    guard: { trusted: undefined },
  }); // biome-ignore format: a list
  if ('problems' in opened) return opened.problems;
  const said = await opened.engine.handle(
    { as, via: 'shell', place: null, text, pressed: false },
    `shell:${machine.now()}:${process.pid}`,
  );
  await opened.engine.drained();
  await opened.engine.store.close();
  return said;
}
