import { createHash, randomInt } from 'node:crypto';
import { Cron } from 'croner';
import { instantAt, wallAt } from '../core/calendar.ts';
import type { World } from '../core/draft.ts';
import type { TrackerNews } from '../core/incoming.ts';
import type { Forges } from '../core/job.ts';
import type { Organisation } from '../core/organisation.ts';
import type { ProcessVersion } from '../core/process.ts';
import { REMINDERS } from '../core/reminders.ts';
import type { Rule } from '../core/rule.ts';
import { type States, type StreamType, streamId } from '../core/streams.ts';
import type { Reader } from '../store/port.ts';
import type { WayIn } from './way-in.ts';

/** What does not change while the process runs: the organisation, its rules, its processes. */
export interface Policies {
  readonly organisation: Organisation;
  readonly rules: readonly Rule[];
  readonly processes: ReadonlyMap<string, ProcessVersion>;
  processOf(hash: string): ProcessVersion | undefined;
  /** How people get into the pages; without it nobody signs in. */
  readonly wayIn?: WayIn;
  /** The platforms that keep stories and issues; without them the embedded tracker does. */
  readonly forges?: Forges | undefined;
  /** Where Gitea is, for links to what is kept there. */
  readonly giteaAddress?: string | undefined;
}

/** What was looked at outside for this one decision. */
export interface Found {
  readonly pages: ReadonlyMap<string, number>;
  readonly refs: ReadonlyMap<string, TrackerNews | null>;
}
export const NOTHING_FOUND: Found = { pages: new Map(), refs: new Map() };

/** The world that a decision reads: the store's rows as the core's states, inside whatever transaction `read` belongs to. */
export function createWorld(
  policies: Policies,
  read: Reader,
  now: number,
  actor: string,
  found: Found = NOTHING_FOUND,
): World {
  return {
    now,
    actor,
    ...policies,
    get: <T extends StreamType>(type: T, id: string) => read.state(streamId(type, id))?.state as States[T] | undefined,
    open: <T extends StreamType>(type: T) => read.open(type).map((row) => row.state as States[T]),
    history: (type, id, limit) => read.history(streamId(type, id), limit),
    probe: (url) =>
      found.pages.get(url) ?? (read.mirror(probeKey(url))?.data as { status?: number } | undefined)?.status,
    looked: (ref) => found.refs.get(ref),
    nextReminder: (name, after) => nextReminder(policies.organisation, name, after),
    newCode,
    digest: (text) => createHash('sha256').update(text).digest('hex'),
    webAddress: policies.wayIn?.address,
    ...(policies.wayIn === undefined ? {} : { newSecret: policies.wayIn.newSecret, standIn: policies.wayIn.standIn }),
  };
}

export const probeKey = (url: string): string => `probe:${url}`;

/** The cron expression of a reminder; undefined where the organisation's file turns it off. */
export function cronOf(organisation: Organisation, name: string): string | undefined {
  const set = organisation.reminders[name];
  if (set === false || set === 'off') return undefined;
  return set ?? REMINDERS[name]?.cron;
}

/**
 * The next occurrence of a reminder. An occurrence is a local date and time: when the clock falls back, the hour that
 * comes twice has it once; when it springs over the hour, it comes at the moment of the spring.
 */
export function nextReminder(organisation: Organisation, name: string, after: number): number | undefined {
  const cron = cronOf(organisation, name);
  if (cron === undefined) return undefined;
  // The clock on the wall is counted as if it were UTC, which skips and repeats nothing.
  const job = new Cron(cron, { timezone: 'UTC', paused: true });
  let wall = job.nextRun(new Date(wallAt(organisation.timezone, after)));
  for (let tries = 0; wall !== null && tries < 240; tries += 1) {
    const at = instantAt(organisation.timezone, wall.getTime());
    if (at > after) return at;
    wall = job.nextRun(wall);
  }
  return undefined;
}

const LETTERS = 'ABCDEFGHJKLMNPQRSTUVWXYZ23456789';

/** Eight letters and digits that are not mistaken for one another: forty bits, for ten minutes. */
function newCode(): string {
  const letters = Array.from({ length: 8 }, () => LETTERS[randomInt(LETTERS.length)]).join('');
  return `${letters.slice(0, 4)}-${letters.slice(4)}`;
}
