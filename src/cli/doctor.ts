import { existsSync, statSync } from 'node:fs';
import { connectedPlatforms, oldSecrets, readSettings, type Settings } from '../settings.ts';
import { readOrganisation } from '../shell/read-organisation.ts';
import { type Inspection, inspected } from '../store/inspect.ts';
import { isLoopback } from '../web/guard.ts';
import { backupFindings, onOneDisk } from './backup-check.ts';
import { checkChats } from './chat-check.ts';
import type { CliCommand, Invocation } from './cli.ts';
import { DB_OPTION, databasePath } from './database.ts';
import { databaseFindings, type Finding } from './database-check.ts';
import { forgeFindings } from './forge-check.ts';
import { heldRoles } from './held-roles.ts';
import { leaveSafeMode } from './leave-safe-mode.ts';
import { organisationOf } from './organisation-file.ts';

export const doctor: CliCommand = {
  usage: 'doctor [--leave-safe-mode] [--db FILE]',
  summary:
    'Looks at the settings, the organisation’s file, every platform’s tokens and rights, the database and the outbox; each finding with its remedy. Exit code 1 when there is one.',
  options: {
    ...DB_OPTION,
    'leave-safe-mode': { type: 'boolean', help: 'tells the running process that it may go on' },
  },
  mostWords: 0,
  run: async (invocation) => {
    const read = readSettings(invocation.environment);
    if ('problems' in read) return invocation.complain(...read.problems);
    const path = databasePath(invocation);
    if (path === undefined) return 2;
    if (invocation.options['leave-safe-mode'] === true) return leaveSafeMode(invocation, path);
    const found = [
      ...organisationFindings(invocation, read.settings, path),
      ...(await chatFindings(invocation, read.settings)),
      ...(await forgeFindings(invocation, read.settings, path)),
      ...oneClickFindings(read.settings),
      ...proxyFindings(read.settings),
      ...oldSecrets(read.settings).map(oldSecretFinding),
      ...environmentFindings(),
      ...backupFindings(read.settings, path),
      ...databaseFindings(invocation, path),
    ];
    // Two tokens find the same platform away.
    const findings = [...new Map(found.map((each) => [`${each.problem}\n${each.remedy}`, each])).values()];
    const platforms = connectedPlatforms(read.settings);
    invocation.print(
      platforms.length === 0
        ? 'no platform is connected: every port is on its default'
        : `tokens are set for ${platforms.join(', ')}`,
    );
    for (const { problem, remedy } of findings) invocation.print(`${problem}\n  → ${remedy}`);
    const hint = organisationOf(read.settings) === undefined ? undefined : onOneDisk(read.settings, path);
    if (hint !== undefined) invocation.print(`worth a look: ${hint}`);
    invocation.print(
      findings.length === 0 ? 'nothing is wrong' : `${findings.length} finding${findings.length === 1 ? '' : 's'}`,
    );
    return findings.length === 0 ? 0 : 1;
  },
};

/** What the chats say of our tokens. */
async function chatFindings(invocation: Invocation, settings: Settings): Promise<Finding[]> {
  const file = organisationOf(settings);
  const read = file === undefined || !existsSync(file) ? undefined : readOrganisation(file);
  const organisation = read !== undefined && 'organisation' in read ? read.organisation : undefined;
  const checked = await checkChats(invocation, settings, organisation);
  return checked
    .filter(({ isLacking }) => isLacking)
    .map(({ platform, finding }) => ({
      problem: `${platform}: ${finding.what}`,
      remedy: finding.remedy ?? 'baton setup --check looks again',
    }));
}

function oneClickFindings({ SMTP_URL: smtp, BATON_URL: url }: Settings): Finding[] {
  if (smtp === undefined || url === undefined || !url.startsWith('http:')) return [];
  return [
    {
      problem: 'BATON_URL is http: letters can not be ended by one click, only by the link in them or in the chat',
      remedy: 'let Baton be reached over https, and write that into BATON_URL',
    },
  ];
}

/** Everybody who comes through a proxy that is not known as one has the same address, and shares its allowance. */
function proxyFindings({ HOST: host = '127.0.0.1', BATON_URL: url, BATON_PROXY: proxy }: Settings): Finding[] {
  if (isLoopback(host) || proxy !== undefined || url === undefined || !url.startsWith('https:')) return [];
  return [
    {
      problem: `HOST is ${host} and BATON_URL is https: all who come through the proxy may ask only as much as one of them`,
      remedy: 'write the proxy’s address, as it is seen from here, into BATON_PROXY',
    },
  ];
}

const oldSecretFinding = (name: string): Finding => ({
  problem: `${name} is set: what is signed with the old secret is accepted still`,
  remedy: `take ${name} out once the platform signs with the new one, and start anew; docs/upgrading.md says how it goes`,
});

function organisationFindings({ machine }: Invocation, settings: Settings, path: string): Finding[] {
  const file = organisationOf(settings);
  if (file === undefined) return [];
  if (settings.BATON_ORG === undefined && !existsSync(file))
    return [{ problem: `there is no file ${file} yet`, remedy: 'baton setup writes one, or the first start' }];
  const read = readOrganisation(file);
  if ('problems' in read)
    return read.problems.map((problem) => ({
      problem,
      remedy: 'mend the organisation’s file; baton org check FILE shows when it is right',
    }));
  const seen = existsSync(path) ? inspected(path, machine.now()) : undefined;
  const held = heldRoles(read.organisation, seen);
  const missing = (['admin', 'ops', 'stakeholder'] as const).filter((role) => !held.has(role));
  const rotation = read.organisation.on_call?.people ?? [];
  return [
    ...missing.map((role) => ({ problem: `nobody is ${role}`, remedy: `give somebody the role ${role} in ${file}` })),
    ...(rotation.length === 0
      ? [{ problem: 'nobody is in the on-call rotation, so all of OPS is paged', remedy: 'name people in on_call' }]
      : []),
    ...differences(seen?.grants ?? [], new Map(read.organisation.people.map((person) => [person.id, person.roles]))),
  ];
}

/** Where what commands granted and the file differ: the command wins, and somebody should know. */
function differences(grants: Inspection['grants'], file: ReadonlyMap<string, readonly string[]>): Finding[] {
  return grants.flatMap(({ person, role, granted }) => {
    const inFile = file.get(person)?.includes(role) === true;
    if (inFile === granted) return [];
    return [
      {
        problem: `${person} ${granted ? 'has' : 'lost'} the role ${role} by a command, and the file says otherwise`,
        remedy: 'the command wins; write it into the file, or take it back with /role',
      },
    ];
  });
}

/** It holds tokens: nobody else on the machine should read them. */
function environmentFindings(): Finding[] {
  const mode = statSync('.env', { throwIfNoEntry: false })?.mode ?? 0o600;
  const shown = (mode & 0o777).toString(8);
  return (mode & 0o077) === 0
    ? []
    : [{ problem: `.env has mode ${shown}: others on this machine can read its tokens`, remedy: 'chmod 600 .env' }];
}
