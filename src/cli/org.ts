import { dirname, resolve } from 'node:path';
import { loadProcesses } from '../catalogue.ts';
import type { Organisation } from '../core/organisation.ts';
import { readOrganisation } from '../shell/read-organisation.ts';
import type { CliCommand } from './cli.ts';

export const org: CliCommand = {
  usage: 'org check FILE',
  summary:
    'Checks an organisation’s file and the processes that it names. Every mistake with its line and column; exit code 2 when there is one.',
  options: {},
  mostWords: 2,
  run: async ({ words, print, complain }) => {
    const [act, file] = words;
    if (act !== 'check' || file === undefined) return complain('it goes: baton org check FILE');
    const read = readOrganisation(file);
    if ('problems' in read) return complain(...read.problems);
    const { organisation } = read;
    const own = organisation.processes === undefined ? undefined : resolve(dirname(file), organisation.processes);
    const loaded = loadProcesses(own);
    if ('problems' in loaded) return complain(...loaded.problems);
    print(
      `${organisation.organisation}: ${organisation.people.length} people, ${organisation.chats.length} chats, ${organisation.timezone}, processes ${[...loaded.processes.keys()].join(', ')}`,
    );
    for (const warning of warnings(organisation)) print(`worth a look: ${warning}`);
    return 0;
  },
};

/**
 * Roles that the four processes wait for and nobody holds, and people of the rotation who are not of OPS: no mistakes, as
 * roles are granted from chat too, but somebody will wait for ever.
 */
function warnings({ people, on_call }: Organisation): string[] {
  const needed = ['stakeholder', 'architect', 'dev-lead', 'developer', 'qa', 'ops', 'admin'];
  const held = new Set<string>(people.flatMap((person) => person.roles));
  const idle = new Set(
    on_call?.people.filter((id) => !people.some((each) => each.id === id && each.roles.includes('ops'))),
  );
  return [
    ...needed.filter((role) => !held.has(role)).map((role) => `nobody is ${role}`),
    ...[...idle].map((id) => `on_call names ${id}, who is not ops: never on call before /role grant ops ${id}`),
  ];
}
