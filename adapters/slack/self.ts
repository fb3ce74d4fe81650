import { setTimeout as pause } from 'node:timers/promises';
import type { WebClient } from '@slack/web-api';
import type { AdapterLog } from '../../src/ports.ts';
import { nameOf, refusesToken } from './errors.ts';
import type { Own } from './identity.ts';

export interface Status {
  readonly is: 'starting' | 'connected' | 'away' | 'refused';
  readonly line: string;
}

/** Who we are: asked for until Slack tells. */
export interface Self {
  known(): Own | undefined;
  /** Waits a moment where it is not known yet; undefined: it still is not. */
  ready(): Promise<Own | undefined>;
  status(): Status;
  start(): void;
  stop(): Promise<void>;
}

const PATIENCE = 2_000;
/** A token that is not taken may be one that was pasted a moment too early, but hardly ever is. */
const REFUSED_AGAIN = 60_000;

/** How long to wait after so many failures: soon at first, never longer than five seconds. */
export const backOff = (failures: number): number => Math.min(5_000, Math.round(200 * 1.3 ** (failures - 1)));

/** Waits, unless it is over before. */
export const waitFor = (milliseconds: number, signal: AbortSignal): Promise<void> =>
  pause(milliseconds, undefined, { signal }).catch(() => {});

export async function askWhoWeAre(client: WebClient): Promise<Own> {
  const told = await client.auth.test();
  const scopes = told.response_metadata?.scopes;
  return {
    team: told.team_id ?? '',
    ...(told.enterprise_id == null ? {} : { enterprise: told.enterprise_id }),
    ...(told.user_id === undefined ? {} : { user: told.user_id }),
    ...(told.team === undefined ? {} : { teamName: told.team }),
    ...(scopes === undefined ? {} : { scopes }),
  };
}

/** Keeps how something is, and logs it where it is another way than before. */
export function createTeller(log: AdapterLog, first: string) {
  let status: Status = { is: 'starting', line: first };
  return {
    status: () => status,
    tell: (next: Status) => {
      if (next.line !== status.line) log[next.is === 'connected' ? 'info' : 'warn'](next.line);
      status = next;
    },
  };
}

export function createSelf(client: WebClient, log: AdapterLog): Self {
  let own: Own | undefined;
  const { status, tell } = createTeller(log, 'Slack: asking who I am.');
  let running: Promise<void> = Promise.resolve();
  const over = new AbortController();
  const told = Promise.withResolvers<Own>();

  async function learn(): Promise<void> {
    for (let failures = 1; !over.signal.aborted; failures += 1) {
      try {
        own = await askWhoWeAre(client);
        tell({ is: 'connected', line: `Slack: reached, as the bot of ${own.teamName ?? own.team}.` });
        told.resolve(own);
        return;
      } catch (error) {
        const why = nameOf(error);
        tell(
          refusesToken(error)
            ? {
                is: 'refused',
                line: `Slack: SLACK_BOT_TOKEN is not taken (${why}). Copy the bot token (xoxb-…) again from “OAuth & Permissions” of the app.`,
              }
            : { is: 'away', line: `Slack: not reached (${why}); I keep trying.` },
        );
        await waitFor(status().is === 'refused' ? REFUSED_AGAIN : backOff(failures), over.signal);
      }
    }
  }

  return {
    known: () => own,
    ready: async () => {
      if (own !== undefined) return own;
      const waited = new AbortController();
      try {
        return await Promise.race([told.promise, waitFor(PATIENCE, waited.signal).then(() => undefined)]);
      } finally {
        waited.abort();
      }
    },
    status,
    start: () => {
      running = learn();
    },
    stop: () => {
      over.abort();
      return running;
    },
  };
}
