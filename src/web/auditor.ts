import type { AlertState } from '../core/alert.ts';
import { MINUTE } from '../core/calendar.ts';
import { bold, code, say } from '../core/text.ts';
import type { Clock } from '../ports.ts';
import type { Engine } from '../shell/engine.ts';
import type { Log } from '../shell/log.ts';
import type { SafeMode } from '../shell/safe-mode.ts';
import { freeShare, journalOf } from '../store/ballast.ts';
import { BACKUP_LATE_AFTER, backedUpAt, LATE_AFTER, MOST_JOURNAL } from '../store/port.ts';
import { createHeadPost, type HeadPostParts } from './head-post.ts';
import { noticeRows } from './notice.ts';

/**
 * Looks every minute whether what should have happened did: the next step of each open page, each message that waits. What
 * did not is told to OPS; where all is well, a dead man's address hears that somebody has looked.
 */
export interface Auditor {
  /** Looks once; what is wrong, a line each. */
  audit(): Promise<readonly string[]>;
}

export interface AuditorParts {
  readonly engine: Engine;
  readonly safe: SafeMode | undefined;
  readonly connections: HeadPostParts['connections'];
  readonly clock: Clock;
  readonly log: Log;
  /** The database's file; undefined: it is not looked at. */
  readonly database?: string;
  /** Says outside that all is well; what it throws is logged. */
  readonly ping?: (() => Promise<void>) | undefined;
}

const STEP_LATE_AFTER = MINUTE;
const TIMERS_LATE_AFTER = 2 * MINUTE;
/** Below this share of free space somebody should make room. */
const FREE_AT_LEAST = 0.1;
const MOST_LATE = 500;
const HOUR = 60 * MINUTE;
/** A process that was down for long makes one when it starts. */
const FIRST_BACKUP_WITHIN = 30 * MINUTE;

interface Finding {
  /** The same within an hour is told once. */
  readonly about: string;
  readonly line: string;
  /** Told once, not every hour: this is the same for as long as it lasts. */
  readonly since?: number;
}

export function createAuditor(parts: AuditorParts): Auditor {
  const { engine, safe, clock, log } = parts;
  const head = createHeadPost(parts);
  const began = clock.now();

  async function tell(findings: readonly Finding[]): Promise<void> {
    const hour = Math.floor(clock.now() / HOUR);
    for (const { about, line, since = hour } of findings) {
      log.warn('the auditor found something', { about, line });
      const what = /^(disk|journal|backup)$/.test(about) ? 'Something needs you' : 'Something is late';
      const nodes = say`${bold(what)}: ${line} ${code('baton doctor')} on the machine says more.`;
      const kind = about.startsWith('late') ? 'late' : 'audit';
      await engine.settle(`audit:${about}:${since}`, noticeRows(engine, parts.connections.states(), kind, nodes));
    }
  }

  return {
    async audit() {
      safe?.proveNext();
      const doubt = engine.readOnly();
      if (doubt !== undefined) return [doubt];
      const now = clock.now();
      const steps = lateSteps(engine, now);
      const findings = [
        ...steps,
        ...lateMessages(engine, now),
        // A page's step is one of them, and says more.
        ...(steps.length > 0 ? [] : lateTimers(engine, now)),
        ...(parts.database === undefined ? [] : aboutDisk(parts.database)),
        ...(now - began < FIRST_BACKUP_WITHIN ? [] : aboutBackups(engine, now)),
      ];
      await tell(findings);
      await head.look();
      if (findings.length === 0) await parts.ping?.();
      return findings.map(({ line }) => line);
    },
  };
}

/** The timer by which an alert goes on, by what it is at; what is not critical has none while OPS has it. */
function nextStepOf({ key, state, severity }: AlertState): readonly string[] {
  if (state === 'held') return [`alert/${key}/deliver`];
  if (state === 'acknowledged') return [`alert/${key}/lapse`];
  return state === 'open' && severity === 'critical' ? [`alert/${key}/page`, `alert/${key}/deliver`] : [];
}

function lateSteps({ world, store }: Engine, now: number): readonly Finding[] {
  return world()
    .open('alert')
    .flatMap((alert) => {
      const steps = nextStepOf(alert);
      const due = steps.flatMap((name) => store.timerDue(name) ?? []).sort((a, b) => a - b)[0];
      const about = `step:${alert.key}`;
      if (steps.length === 0) return [];
      if (due === undefined)
        return [{ about, line: `${alert.key} has no next step: nobody would be paged again. Look after it by hand.` }];
      return now - due > STEP_LATE_AFTER
        ? [{ about, line: `the next step of ${alert.key} is ${minutes(now - due)} late. Look after it by hand.` }]
        : [];
    });
}

/** By platform, for it is a platform that is away. */
function lateMessages({ store }: Engine, now: number): readonly Finding[] {
  const counts = new Map<string, number>();
  for (const { address, to } of store.late(now - LATE_AFTER, MOST_LATE)) {
    const platform = address?.split(':')[0] ?? ('email' in to ? 'mail' : 'the board');
    counts.set(platform, (counts.get(platform) ?? 0) + 1);
  }
  return [...counts].map(([platform, count]) => ({
    about: `late:${platform}`,
    line: `${count === MOST_LATE ? `${count} or more` : count} message${count === 1 ? '' : 's'} for ${platform} could not be sent for four minutes; they are tried on.`,
  }));
}

/** Whoever fires them does not come round. */
function lateTimers(engine: Engine, now: number): readonly Finding[] {
  const late = now - (engine.nextDue() ?? now);
  if (late <= TIMERS_LATE_AFTER) return [];
  return [{ about: 'timers', line: `what is to happen at its time is ${minutes(late)} late. Start me anew.` }];
}

function aboutDisk(database: string): readonly Finding[] {
  const free = freeShare(database);
  const journal = journalOf(database);
  const percent = Math.round(free * 100);
  return [
    ...(free < FREE_AT_LEAST
      ? [{ about: 'disk', line: `only ${percent} % of the disk of the database is free. Make room, or move it.` }]
      : []),
    ...(journal > MOST_JOURNAL
      ? [
          {
            about: 'journal',
            line: `the journal of the database has ${Math.round(journal / 1_048_576)} MB. Start me anew.`,
          },
        ]
      : []),
  ];
}

/** They can fail for a reason that nobody sees: their folder is gone, say. */
function aboutBackups({ store }: Engine, now: number): readonly Finding[] {
  const since = backedUpAt((name) => store.meta(name));
  if (since === undefined || now - since < BACKUP_LATE_AFTER) return [];
  const line = 'for two hours or more no backup was made that could be restored. See what I log of them.';
  return [{ about: 'backup', line, since }];
}

const minutes = (time: number): string => `${Math.floor(time / MINUTE)} minutes`;
