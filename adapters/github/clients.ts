import { createPrivateKey } from 'node:crypto';
import { App } from '@octokit/app';
import { retry } from '@octokit/plugin-retry';
import { throttling } from '@octokit/plugin-throttling';
import { Octokit } from '@octokit/rest';
import { z } from 'zod';
import { boundedFetch } from '../../src/bounded-fetch.ts';
import type { AdapterLog, Clock } from '../../src/forge-ports.ts';
import { type Failure, failureOf, isAnswered, Trouble } from './failure.ts';
import type { Repository } from './repositories.ts';
import type { Status } from './status.ts';

/** GitHub's clients: one for the App or the token, one for each installation; and the calls, each checked. */

export type Client = Octokit;

interface Access {
  readonly token?: string | undefined;
  readonly appId?: string | undefined;
  readonly privateKey?: string | undefined;
  readonly apiUrl: string;
  /** False in tests: calls are neither spaced nor waited with. */
  readonly throttled: boolean;
}
export interface ClientParts extends Access {
  readonly clock: Clock;
  readonly log: AdapterLog;
  readonly status: Status;
  readonly signal: AbortSignal;
}

interface Answer {
  readonly data: unknown;
  readonly headers: Readonly<Record<string, string | number | undefined>>;
}

export interface Clients {
  readonly isApp: boolean;
  /** Acts as the App itself, or with the token. */
  readonly root: Client;
  /** The client for a repository: of the App's installation there, or with the token. Throws Trouble. */
  of(repository: Repository): Promise<Client>;
  /** Is this the App's installation on the repository? Throws Trouble. */
  isInstalled(repository: Repository, installation: number): Promise<boolean>;
  /** Our login: what we wrote ourselves is known by it. */
  login(): Promise<string>;
  /** A call that only reads, its answer checked. Throws Trouble. */
  read<T>(schema: z.ZodType<T>, call: () => Promise<Answer>): Promise<{ data: T; headers: Answer['headers'] }>;
  /** A call that changes something. */
  write<T>(schema: z.ZodType<T>, call: () => Promise<Answer>): Promise<T>;
}

const CALL_TIMEOUT = 10_000;
const API_VERSION = '2022-11-28';

/** What changes something is sent once: a second try is for those who look first what became of the first. */
function careful(octokit: Pick<Octokit, 'hook'>): void {
  octokit.hook.before('request', (options) => {
    options.headers['x-github-api-version'] = API_VERSION;
    if (options.method !== 'GET') options.request = { ...options.request, retries: 0 };
  });
}

// Throttling first: else a retry comes a second after a 429, whatever that asks for.
const Base = Octokit.plugin(throttling, retry, careful);

function optionsOf({ apiUrl, throttled, log, signal }: ClientParts, id: string) {
  const quiet = (): void => undefined;
  const notice = (text: string): void => log.warn('GitHub’s client gives notice', { text: text.slice(0, 300) });
  const logger = { debug: quiet, info: quiet, warn: notice, error: quiet };
  return {
    baseUrl: apiUrl,
    log: logger,
    request: {
      log: logger,
      fetch: (url: string, init: RequestInit) =>
        boundedFetch(url, { ...init, signal: AbortSignal.any([signal, AbortSignal.timeout(CALL_TIMEOUT)]) }),
    },
    // Its buckets are shared by all clients of one id. Waiting as long as GitHub asks for is the outbox's part.
    throttle: { enabled: throttled, id, onRateLimit: () => false, onSecondaryRateLimit: () => false },
    retry: {
      doNotRetry: [400, 401, 403, 404, 410, 422, 429, 451],
      retries: 1,
      retryAfterBaseValue: throttled ? 1_000 : 0,
    },
  };
}

const Installation = z.object({ id: z.number().int(), suspended_at: z.string().nullish() });
const AppAnswer = z.object({ slug: z.string() });
const UserAnswer = z.object({ login: z.string() });

export function createClients(parts: ClientParts): Clients {
  const { token, appId, privateKey, clock, status } = parts;
  const isApp = appId !== undefined && privateKey !== undefined;
  const key = isApp ? readKey(privateKey) : undefined;
  const makeApp = (id: string) =>
    new App({ appId: appId ?? '', privateKey: key ?? 'none', Octokit: Base.defaults(optionsOf(parts, id)) });
  const app = isApp ? makeApp(`app-${appId}`) : undefined;
  const root: Octokit = app?.octokit ?? new Base({ ...optionsOf(parts, 'token'), auth: token });
  const installed = new Map<string, Promise<Client>>();
  const numbers = new Map<string, number>();
  let own: Promise<string> | undefined;

  const attempt = async <T>(schema: z.ZodType<T>, call: () => Promise<Answer>, wrote: boolean) => {
    if (isApp && key === undefined) throw refused(status);
    try {
      const answer = await call();
      const data = schema.safeParse(answer.data);
      // Half an answer, or a proxy's page with status 200.
      if (!data.success) throw new Trouble({ is: 'unknown', why: 'GitHub gave an answer that is not understood' });
      status.went();
      return { data: data.data, headers: answer.headers };
    } catch (error) {
      const failure = failureOf(error, clock.now());
      if (!isAnswered(failure, 304)) status.failed(failure);
      throw new Trouble(failure, wrote);
    }
  };
  const read: Clients['read'] = (schema, call) => attempt(schema, call, false);

  const install = async ({ name, owner, repo }: Repository): Promise<Client> => {
    const { data } = await read(Installation, () => root.rest.apps.getRepoInstallation({ owner, repo })).catch(
      (trouble: unknown) => {
        const isAbsent = trouble instanceof Trouble && isAnswered(trouble.failure, 404);
        throw isAbsent ? new Trouble(answered(404, `the GitHub App is not installed on ${name}`)) : trouble;
      },
    );
    if (data.suspended_at != null) throw new Trouble(answered(403, `the GitHub App is suspended on ${name}`));
    numbers.set(name, data.id);
    const client = await makeApp(`installation-${data.id}`).getInstallationOctokit(data.id);
    // An App may be installed anew, under another number.
    client.hook.error('request', (error, options) => {
      const isStale = 'status' in error && (error.status === 401 || options.url.endsWith('/access_tokens'));
      if (isStale) installed.delete(name);
      throw error;
    });
    return client;
  };

  const of = async (repository: Repository): Promise<Client> => {
    if (!isApp) return root;
    const known = installed.get(repository.name) ?? install(repository);
    installed.set(repository.name, known);
    known.catch(() => installed.delete(repository.name));
    return known;
  };

  return {
    isApp,
    root,
    of,
    isInstalled: async (repository, installation) => {
      await of(repository);
      return numbers.get(repository.name) === installation;
    },
    login: () => {
      own ??= learn(isApp, root, read).then(
        (login) => {
          status.named(login);
          return login;
        },
        (error: unknown) => {
          own = undefined;
          throw error;
        },
      );
      return own;
    },
    read,
    write: async (schema, call) => (await attempt(schema, call, true)).data,
  };
}

async function learn(isApp: boolean, root: Client, read: Clients['read']): Promise<string> {
  if (!isApp) return (await read(UserAnswer, () => root.rest.users.getAuthenticated())).data.login;
  return `${(await read(AppAnswer, () => root.rest.apps.getAuthenticated())).data.slug}[bot]`;
}

const answered = (code: number, why: string): Failure => ({ is: 'answered', status: code, why });

/** Without a key that can be read nothing leaves: it is as if GitHub had not taken it. */
function refused(status: Status): Trouble {
  const trouble = new Trouble(answered(401, 'GITHUB_PRIVATE_KEY is no private key in PEM form'));
  status.failed(trouble.failure);
  return trouble;
}

/** Keys come in two forms, and in settings often with `\n` for the ends of their lines. */
function readKey(text: string): string | undefined {
  try {
    return createPrivateKey(text.replaceAll('\\n', '\n')).export({ type: 'pkcs8', format: 'pem' }).toString();
  } catch {
    return undefined;
  }
}
