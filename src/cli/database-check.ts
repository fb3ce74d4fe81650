import { existsSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { FOLD_VERSION } from '../core/streams.ts';
import { whatIsOddAbout } from '../shell/safe-mode-clock.ts';
import { freeShare } from '../store/ballast.ts';
import type { OpenRefusal } from '../store/connection.ts';
import type { Evolve } from '../store/fold.ts';
import { type Inspection, inspect, newerThan } from '../store/inspect.ts';
import { BACKUP_LATE_AFTER, MOST_JOURNAL } from '../store/port.ts';
import { verifyStore } from '../store/verify.ts';
import { VERSION } from '../version.ts';
import { readMarker } from '../web/demo/marker.ts';
import { mayWrite, nearestFolder } from './backup-check.ts';
import type { Invocation } from './cli.ts';

/** One finding, with what to do about it. */
export interface Finding {
  readonly problem: string;
  readonly remedy: string;
}

const FREE_AT_LEAST = 0.1;
/** Minutes. */
const TIMERS_LATE_AFTER = 2;

/** What is wrong with the database's file, and with what it says of the process that works on it. */
export function databaseFindings({ fold, machine }: Invocation, path: string): Finding[] {
  if (!existsSync(path)) return [placeFinding(path)];
  const seen = inspect(path, machine.now());
  if ('refusal' in seen) return [...rightsFindings(path), ...damageFindings(seen, fold, path)];
  const free = freeShare(path);
  const newer = newerThan(path, VERSION, FOLD_VERSION);
  return [
    ...rightsFindings(path),
    ...(newer === undefined ? [] : [inTwo(newer)]),
    ...proofFindings(fold, path),
    ...(free < FREE_AT_LEAST
      ? [{ problem: `only ${Math.round(free * 100)} % of the disk is free`, remedy: 'make room, or move the database' }]
      : []),
    ...clockFindings(path, seen, machine.now()),
    ...safetyFindings(seen, machine.now()),
    ...deliveryFindings(seen),
    ...paceFindings(path, seen, machine.now()),
    ...seen.unpinned.map(unpinnedFinding),
    ...seen.refusing.map(refusingFinding),
    ...seen.uncovered.map((day) => ({
      problem: `the test page of ${day} is not confirmed`,
      remedy: 'ask them to press Confirm, or to say /ack test',
    })),
  ];
}

/** What exactly is damaged, where that can be told. */
function damageFindings({ refusal, doubt }: OpenRefusal, fold: Evolve, path: string): Finding[] {
  const proved = doubt === 'corrupt' ? proofFindings(fold, path) : [];
  return proved.length > 0 ? proved : [inTwo(refusal)];
}

/** A refusal says what is wrong and, after its last colon, what to do. */
function inTwo(refusal: string): Finding {
  const at = refusal.lastIndexOf(': ');
  return { problem: refusal.slice(0, at), remedy: refusal.slice(at + 2) };
}

const proofFindings = (fold: Evolve, path: string): Finding[] =>
  verifyStore(path, { fold: FOLD_VERSION, evolve: fold, isAtRest: true }).problems.map((problem) => ({
    problem,
    remedy: 'stop the process and restore the last good backup: baton restore BACKUP',
  }));

/** There is none yet: can it be made? */
function placeFinding(path: string): Finding {
  const folder = nearestFolder(dirname(resolve(path)));
  return mayWrite(folder)
    ? { problem: `there is no database ${path} yet`, remedy: 'it is made at the first start' }
    : {
        problem: `there is no database ${path}, and none can be made: nothing can be written in ${folder}`,
        remedy: 'let this user write there, or name another file in BATON_DB',
      };
}

/** Whoever runs the bot writes the file, and what SQLite and the lock have beside it. */
function rightsFindings(path: string): Finding[] {
  const folder = dirname(resolve(path));
  const { mode, uid } = statSync(path);
  const owner = statSync(folder).uid;
  const shown = (mode & 0o777).toString(8);
  const beside = ['-wal', '-shm', '.lock', '.ballast']
    .map((ending) => path + ending)
    .filter((each) => existsSync(each));
  return [
    ...(statSync(path).isFile() && (mode & 0o777) !== 0o600
      ? [{ problem: `${path} has mode ${shown}`, remedy: `chmod 600 ${path}` }]
      : []),
    ...(uid === owner
      ? []
      : [
          {
            problem: `${path} belongs to user ${uid}, and its folder to user ${owner}`,
            remedy: `have both belong to the user that runs Baton: chown ${owner} ${path}`,
          },
        ]),
    ...[folder, path, ...beside]
      .filter((each) => !mayWrite(each))
      .map((each) => ({
        problem: `this user can not write ${each}`,
        remedy: 'say this as the user that runs Baton; if it is, give them the file and its folder with chown',
      })),
  ];
}

/** The demonstration's clock is moved by hand. */
function clockFindings(path: string, { lastAt }: Inspection, now: number): Finding[] {
  const marker = readMarker(path);
  const isDemo = !('refusal' in marker) && marker.sort !== 'real';
  const odd = isDemo ? undefined : whatIsOddAbout(now, lastAt);
  if (odd === undefined) return [];
  return [
    {
      problem: `the clock of the machine ${odd}; a process that starts now decides nothing`,
      remedy: 'set the clock right (NTP); where it is right, start, and say baton doctor --leave-safe-mode',
    },
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

const refusingFinding = ({ chat, address, why }: Inspection['refusing'][number]): Finding => ({
  problem: `the chat ${chat} (${address}) refused the last message: ${why}`,
  remedy:
    'let the bot back in there, or name another chat in the organisation’s file; what is for OPS goes to its members in private meanwhile',
});

const unpinnedFinding = ({ address, why }: Inspection['unpinned'][number]): Finding => ({
  problem: `the head of the history is posted at ${address} and could not be pinned there: ${why}`,
  remedy: `${
    address.startsWith('slack:')
      ? 'add the scope pins:write under “OAuth & Permissions” and reinstall the app'
      : 'make the bot an administrator of that chat who may pin messages'
  }; the next head, at most a day later, is pinned`,
});

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
