import type { AlertState } from '../core/alert.ts';
import { MINUTE } from '../core/calendar.ts';
import { bold, code, say, type Text } from '../core/text.ts';
import type { Clock } from '../ports.ts';
import type { Connections } from '../shell/connections.ts';
import type { Engine } from '../shell/engine.ts';
import type { Log } from '../shell/log.ts';
import type { SafeMode } from '../shell/safe-mode.ts';
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
  readonly connections: Pick<Connections, 'states'>;
  readonly clock: Clock;
  readonly log: Log;
  /** Says outside that all is well; what it throws is logged. */
  readonly ping?: (() => Promise<void>) | undefined;
}

/** A look every minute, and within five of them OPS is told. */
const LATE_AFTER = 4 * MINUTE;
const STEP_LATE_AFTER = MINUTE;
const MOST_LATE = 500;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const HEAD = 'audit.head';
const MOST_EVENTS = 5_000;

interface Finding {
  /** The same within an hour is told once. */
  readonly about: string;
  readonly line: string;
}

export function createAuditor(parts: AuditorParts): Auditor {
  const { engine, safe, clock, log } = parts;
  /** How far the history was looked through for releases. */
  const looked = { seq: 0 };

  async function tell(findings: readonly Finding[]): Promise<void> {
    const hour = Math.floor(clock.now() / HOUR);
    for (const { about, line } of findings) {
      log.warn('the auditor found something', { about, line });
      const nodes = say`${bold('Something is late')}: ${line} ${code('baton doctor')} on the machine says more.`;
      const kind = about.startsWith('late') ? 'late' : 'audit';
      await engine.settle(`audit:${about}:${hour}`, noticeRows(engine, parts.connections.states(), kind, nodes));
    }
  }

  return {
    async audit() {
      safe?.proveNext();
      const doubt = engine.readOnly();
      if (doubt !== undefined) return [doubt];
      const now = clock.now();
      const findings = [...lateSteps(engine, now), ...lateMessages(engine, now)];
      await tell(findings);
      await postHead(parts, looked);
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
    line: `${count === MOST_LATE ? `${count} or more` : count} message${count === 1 ? '' : 's'} for ${platform} could not be sent for five minutes; they are tried on.`,
  }));
}

const minutes = (time: number): string => `${Math.floor(time / MINUTE)} minutes`;

/**
 * The history's head, where nobody who changes the file can change it too: once a day, and after each release on mainnet
 * or production.
 */
async function postHead({ engine, connections, clock }: AuditorParts, looked: { seq: number }): Promise<void> {
  const { store } = engine;
  const now = clock.now();
  const head = store.head();
  const kept = store.meta(HEAD);
  // The day begins with the first look: a fresh history has nothing to show.
  const posted = kept === undefined ? { at: now, seq: head.seq } : (JSON.parse(kept) as { at: number; seq: number });
  if (kept === undefined) await store.setMeta(HEAD, JSON.stringify(posted));
  const events = store.events(Math.max(looked.seq, posted.seq), MOST_EVENTS);
  looked.seq = events.at(-1)?.seq ?? looked.seq;
  const isDue = now - posted.at >= DAY && head.seq > posted.seq;
  if (!isDue && !events.some(({ type, data }) => type === 'released' && isLast(data))) return;
  const rows = noticeRows(engine, connections.states(), 'head', headWords(head));
  await engine.settle(`head:${head.seq}:${head.hash}`, rows);
  await store.setMeta(HEAD, JSON.stringify({ at: now, seq: head.seq }));
}

const isLast = (data: unknown): boolean => {
  const { environment } = data as { environment?: unknown };
  return environment === 'mainnet' || environment === 'production';
};

const headWords = ({ seq, hash }: { readonly seq: number; readonly hash: string }): Text =>
  say`The history stands at event ${seq}. ${code(`baton verify --head ${seq} ${hash}`)} proves later that nothing up to here was changed or cut off.`;
