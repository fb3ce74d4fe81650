import type { AdapterLog, Clock, ForgeAdapter, ForgeIntake } from '../../src/forge-ports.ts';
import { createChanges } from './changes.ts';
import { checkGithub } from './check.ts';
import { type Clients, createClients } from './clients.ts';
import { MARGIN } from './cursor.ts';
import { createSweep } from './deliveries.ts';
import { Trouble } from './failure.ts';
import { createWriter } from './issues.ts';
import { createLabels } from './labels.ts';
import { createLate } from './late.ts';
import { createListing } from './listing.ts';
import { look } from './look.ts';
import { GITHUB_API } from './manifest.ts';
import { readNews } from './news.ts';
import { WEBHOOK_PATH } from './path.ts';
import { createPerform } from './perform.ts';
import { createReleases } from './releases.ts';
import { createRepositories } from './repositories.ts';
import { createStatus } from './status.ts';
import { tellUnread } from './unread.ts';
import { createHook } from './webhook.ts';

/** GitHub, behind the port that the shell knows. */

export interface GithubOptions {
  /** A personal token: enough for issues. */
  readonly token?: string | undefined;
  /** Or a GitHub App: deployments and checks too. */
  readonly appId?: string | undefined;
  readonly privateKey?: string | undefined;
  readonly webhookSecret?: string | undefined;
  /** Accepted beside it, while it is replaced. */
  readonly oldWebhookSecret?: string | undefined;
  /** Another API than GitHub's own. */
  readonly apiUrl?: string | undefined;
  /** The organisation's: `owner/name`. Nothing else is read, and nothing written elsewhere. */
  readonly repositories: readonly string[];
  /** Labels that a check looks for. */
  readonly labels?: readonly string[];
  readonly clock: Clock;
  readonly log: AdapterLog;
  /** False in tests: calls are neither spaced nor waited with. */
  readonly throttled?: boolean;
  /** How waiting is done; simulations have a time of their own. Resolves early when the signal comes. */
  readonly pause?: (milliseconds: number, signal: AbortSignal) => Promise<void>;
}

const SWEEP_EVERY = 300_000;
const GRACE = 3_000;
const FIRST_WAIT = 1_000;
const LONGEST_WAIT = 60_000;

/** Makes the adapter; nothing is called before `start`, `check` or the first job. */
export function createGithub(options: GithubOptions): ForgeAdapter {
  const { token, appId, privateKey, clock, log } = options;
  const apiUrl = (options.apiUrl ?? GITHUB_API).replace(/\/+$/, '');
  const ending = new AbortController();
  const { signal } = ending;
  const pause = options.pause ?? rest;
  const status = createStatus(log, appId === undefined ? 'GITHUB_TOKEN' : 'GITHUB_APP_ID and GITHUB_PRIVATE_KEY');
  const repositories = createRepositories(options.repositories);
  const access = { token, appId, privateKey, apiUrl, throttled: options.throttled ?? true };
  const cutting = new AbortController();
  const clients = createClients({ ...access, clock, log, status, signal: cutting.signal });
  const late = createLate(repositories, MARGIN);
  const labels = createLabels({ clients, log });
  const perform = createPerform({
    repositories,
    labels,
    writer: createWriter({ clients, clock, labels }),
    releases: createReleases({ clients, repositories, apiUrl, log }),
  });
  const changes = createChanges({ clients, repositories, clock, log, late, signal: ending.signal });
  const list = createListing({ clients, repositories, log });
  const stored = (name: string, payload: unknown): void => {
    tellUnread(log, name, payload);
    late.came(name, payload);
  };
  const sweep = createSweep({ clients, clock, log, stored });
  let intake: ForgeIntake | undefined;
  const hook = createHook({
    secret: options.webhookSecret,
    old: options.oldWebhookSecret,
    log,
    intake: () => intake,
    stored,
  });
  const track = createTracker();

  return {
    platform: 'github',
    start: (given) => {
      intake = given;
      void track.add(attend({ clients, log, signal, pause, sweep: () => sweep(given) }));
    },
    stop: async () => {
      intake = undefined;
      ending.abort();
      // What is being written gets its end, within reason: else nobody would know what became of it.
      const timer = setTimeout(() => cutting.abort(), GRACE);
      await track.settle();
      clearTimeout(timer);
    },
    state: status.state,
    read: (body) => readNews(body, { repositories, apiUrl }),
    perform: (job, marker, again) => track.add(perform(job, marker, again)),
    changes: (cursor, since) => track.add(changes(cursor, since)),
    list: (cursor) => track.add(list(cursor)),
    look: (ref) => track.add(look(clients, repositories, ref)),
    webhook: { path: WEBHOOK_PATH, handle: (request) => track.add(hook(request)) },
    check: () =>
      checkGithub({
        clients,
        repositories,
        clock,
        hasSecret: options.webhookSecret !== undefined,
        labels: options.labels ?? [],
      }),
  };
}

interface AttendParts {
  readonly clients: Clients;
  readonly log: AdapterLog;
  readonly signal: AbortSignal;
  pause(milliseconds: number, signal: AbortSignal): Promise<void>;
  sweep(): Promise<'done' | 'full'>;
}

/** Learns who we are, and every few minutes fetches the webhooks that did not reach us. Never throws. */
async function attend({ clients, log, signal, pause, sweep }: AttendParts): Promise<void> {
  let wait = FIRST_WAIT;
  while (!signal.aborted) {
    let next = SWEEP_EVERY;
    try {
      await clients.login();
      if (clients.isApp && (await sweep()) === 'full') next = FIRST_WAIT * 10;
      wait = FIRST_WAIT;
    } catch (error) {
      if (signal.aborted) return;
      if (!(error instanceof Trouble)) log.fault('missed webhooks of GitHub could not be fetched', error);
      next = wait;
      wait = Math.min(LONGEST_WAIT, wait * 2);
    }
    if (!signal.aborted) await pause(next, signal);
  }
}

function createTracker() {
  const underWay = new Set<Promise<unknown>>();
  return {
    add: <T>(work: Promise<T>): Promise<T> => {
      underWay.add(work);
      const done = (): void => void underWay.delete(work);
      work.then(done, done);
      return work;
    },
    settle: async (): Promise<void> => void (await Promise.allSettled(underWay)),
  };
}

/** Waits, keeps nothing alive meanwhile, and is over at once when the signal comes. */
function rest(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, milliseconds).unref();
    if (signal.aborted) done();
    else signal.addEventListener('abort', done);
  });
}
