import { accessSync, constants, existsSync, statSync } from 'node:fs';
import { FOLD_VERSION } from '../core/streams.ts';
import { connectedPlatforms, oldSecrets, readSettings, type Settings } from '../settings.ts';
import { readOrganisation } from '../shell/read-organisation.ts';
import { redact } from '../shell/redact.ts';
import { freeShare } from '../store/ballast.ts';
import { type Inspection, inspect } from '../store/inspect.ts';
import { BACKUP_LATE_AFTER, MOST_JOURNAL } from '../store/port.ts';
import { verifyStore } from '../store/verify.ts';
import { isLoopback } from '../web/guard.ts';
import { checkChats } from './chat-check.ts';
import type { CliCommand, Invocation } from './cli.ts';
import { DB_OPTION, databasePath } from './database.ts';
import { forgeFindings } from './forge-check.ts';
import { heldRoles } from './held-roles.ts';
import { leaveSafeMode } from './leave-safe-mode.ts';
import { organisationOf } from './organisation-file.ts';

/** One finding, with what to do about it. */
interface Finding {
  readonly problem: string;
  readonly remedy: string;
}

const FREE_AT_LEAST = 0.1;
/** Minutes. */
const TIMERS_LATE_AFTER = 2;

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
    const path = databasePath(invocation) ?? '';
    if (invocation.options['leave-safe-mode'] === true) return leaveSafeMode(invocation, path);
    const findings = [
      ...organisationFindings(invocation, read.settings, path),
      ...(await chatFindings(invocation, read.settings)),
      ...(await forgeFindings(invocation, read.settings, path)),
      ...oneClickFindings(read.settings),
      ...proxyFindings(read.settings),
      ...oldSecrets(read.settings).map(oldSecretFinding),
      ...backupFindings(read.settings),
      ...databaseFindings(invocation, path),
    ];
    const platforms = connectedPlatforms(read.settings);
    invocation.print(
      platforms.length === 0
        ? 'no platform is connected: every port is on its default'
        : `tokens are set for ${platforms.join(', ')}`,
    );
    for (const { problem, remedy } of findings) invocation.print(redact(`${problem}\n  → ${remedy}`));
    invocation.print(findings.length === 0 ? 'nothing is wrong' : `${findings.length} findings`);
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
  const seen = existsSync(path) ? inspect(path, machine.now()) : undefined;
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

function databaseFindings({ fold, machine }: Invocation, path: string): Finding[] {
  if (!existsSync(path))
    return [{ problem: `there is no database ${path} yet`, remedy: 'it is made at the first start' }];
  const seen = inspect(path, machine.now());
  if (seen === undefined)
    return [
      { problem: `${path} can not be read`, remedy: 'check its permissions, or restore a backup with baton restore' },
    ];
  const mode = statSync(path).mode & 0o777;
  const checked = verifyStore(path, { fold: FOLD_VERSION, evolve: fold });
  const free = freeShare(path);
  return [
    ...(mode === 0o600 ? [] : [{ problem: `${path} has mode ${mode.toString(8)}`, remedy: `chmod 600 ${path}` }]),
    ...checked.problems.map((problem) => ({
      problem,
      remedy: 'stop the process and restore the last good backup: baton restore BACKUP',
    })),
    ...(free < FREE_AT_LEAST
      ? [{ problem: `only ${Math.round(free * 100)} % of the disk is free`, remedy: 'make room, or move the database' }]
      : []),
    ...safetyFindings(seen, machine.now()),
    ...deliveryFindings(seen),
    ...paceFindings(path, seen, machine.now()),
    ...seen.unpinned.map(unpinnedFinding),
    ...seen.uncovered.map((day) => ({
      problem: `the test page of ${day} is not confirmed`,
      remedy: 'ask them to press Confirm, or to say /ack test',
    })),
  ];
}

/** What a process that runs should have done; where none runs nothing is expected of it. */
function paceFindings(path: string, { timerDue, journal }: Inspection, now: number): Finding[] {
  const minutes = timerDue === undefined || !existsSync(`${path}.sock`) ? 0 : Math.floor((now - timerDue) / 60_000);
  return [
    ...(minutes < TIMERS_LATE_AFTER
      ? []
      : [
          {
            problem: `what is to happen at its time is ${minutes} minutes late`,
            remedy: 'see what baton start logs, and start it anew; it does then what is still of use',
          },
        ]),
    ...(journal <= MOST_JOURNAL
      ? []
      : [
          {
            problem: `the journal beside ${path} has ${Math.round(journal / 1_048_576)} MB, and does not become smaller`,
            remedy: 'end whatever else reads the database, then start Baton anew',
          },
        ]),
  ];
}

const unpinnedFinding = ({ address, why }: Inspection['unpinned'][number]): Finding => ({
  problem: `the head of the history is posted at ${address} and could not be pinned there: ${why}`,
  remedy: `${
    address.startsWith('slack:')
      ? 'add the scope pins:write under “OAuth & Permissions” and reinstall the app'
      : 'make the bot an administrator of that chat who may pin messages'
  }; the next head, at most a day later, is pinned`,
});

/** Where the hourly backups could not go. */
function backupFindings({ BATON_BACKUPS: folder }: Settings): Finding[] {
  if (folder === undefined || !existsSync(folder)) return [];
  const remedy = 'write a folder into BATON_BACKUPS in which this user may write';
  if (!statSync(folder).isDirectory())
    return [{ problem: `BATON_BACKUPS is ${folder}, and that is no folder`, remedy }];
  try {
    accessSync(folder, constants.W_OK | constants.X_OK);
    return [];
  } catch {
    return [{ problem: `nothing can be written in ${folder}, where the backups go`, remedy }];
  }
}

function safetyFindings({ doubt, backedUpAt }: Inspection, now: number): Finding[] {
  const age = backedUpAt === undefined ? 0 : now - backedUpAt;
  return [
    ...(doubt === undefined
      ? []
      : [
          {
            problem: `safe mode: ${doubt}; nothing is decided`,
            remedy: 'mend that, then say baton doctor --leave-safe-mode; a full disk ends it by itself',
          },
        ]),
    ...(age < BACKUP_LATE_AFTER
      ? []
      : [
          {
            problem: `for ${Math.floor(age / 3_600_000)} hours no backup was made that could be restored`,
            remedy: 'see that baton start runs and what it logs of its backups, or make one: baton backup',
          },
        ]),
  ];
}

/** What does not get on, by the reason. */
function deliveryFindings({ parked, late, parkedReceipts }: Inspection): Finding[] {
  return [
    ...parked.map(({ what, count }) => ({
      problem: `${many(count, 'message')} could not be delivered: ${what}`,
      remedy: 'on the outbox page, from the settings of the board, OPS and the admins send them again or discard them',
    })),
    ...late.map(({ what, count }) => ({
      problem: `${many(count, 'message')} ${count === 1 ? 'waits' : 'wait'} for four minutes or more: ${what}`,
      remedy:
        'see that baton start runs and what it logs of the platform; they go out by themselves once it is reached',
    })),
    ...parkedReceipts.map(({ what, count }) => ({
      problem: `${many(count, 'message')} from ${what} could not be dealt with`,
      remedy: 'their writers were told; look for the fault in the log, and report it',
    })),
  ];
}

const many = (count: number, what: string): string => `${count} ${what}${count === 1 ? '' : 's'}`;
