import { createHmac, createSecretKey, type KeyObject, timingSafeEqual } from 'node:crypto';
import type { AdapterLog, ForgeIntake, WebhookRequest, WebhookResponse } from '../../src/forge-ports.ts';
import { type Allowed, allows, readAllowed } from './address.ts';
import { type PagesChanged, Push } from './schema.ts';

/** Gitea tells that something changed. Which pages is kept; the words of its commits are not. */

const WEBHOOK_PATH = '/webhooks/gitea';

export interface GiteaHookOptions {
  readonly secret: string;
  /** Accepted as well, while it is replaced. */
  readonly old?: string | undefined;
  /** As for `createGitea`: what is told of other repositories is dropped. */
  readonly allow: readonly string[];
  readonly log: AdapterLog;
  /** Undefined while nothing is taken in. */
  intake(): ForgeIntake | undefined;
}

const MOST_PATHS = 500;

/** It also sends GitHub's headers, with other values: so what it is follows from the path alone. */
export function createGiteaHook({ secret, old, allow, log, intake }: GiteaHookOptions) {
  const secrets = [secret, ...(old === undefined ? [] : [old])];
  if (secrets.includes('')) throw new Error('A webhook secret is not empty.');
  const keys = secrets.map((each) => createSecretKey(each, 'utf8'));
  const allowed = allow.flatMap((line) => readAllowed(line) ?? []);

  async function handle({ headers, body }: WebhookRequest): Promise<WebhookResponse> {
    const given = headers['x-gitea-signature'];
    if (!keys.some((key) => isSigned(key, given, body))) return answer(401, 'the signature is missing or wrong');
    const delivery = headers['x-gitea-delivery'];
    if (typeof delivery !== 'string' || !/^[\w-]{8,64}$/.test(delivery)) return answer(400, 'the delivery has no id');
    if (headers['x-gitea-event'] !== 'push') return answer(200, 'not of interest');
    const push = Push.safeParse(parse(body)).data;
    if (push === undefined) return answer(400, 'this is no push');
    const news = toNews(push, allowed);
    if (news === undefined) return answer(200, 'not of interest');
    const to = intake();
    if (to === undefined) return answer(503, 'not ready');
    try {
      return (await to.receive(`gitea:${delivery}`, news)) === 'stored'
        ? answer(202, 'stored')
        : answer(503, 'too much is waiting');
    } catch (error) {
      return answer(503, `not stored (${log.fault('what came from Gitea could not be stored', error)})`);
    }
  }
  return { path: WEBHOOK_PATH, handle };
}

function isSigned(key: KeyObject, given: WebhookRequest['headers'][string], body: Buffer): boolean {
  if (typeof given !== 'string' || !/^[0-9a-f]{64}$/i.test(given)) return false;
  return timingSafeEqual(Buffer.from(given, 'hex'), createHmac('sha256', key).update(body).digest());
}

const answer = (status: number, body: string): WebhookResponse => ({ status, type: 'text/plain', body });

/** Only the names of what is on the allow-list; a tag changes no page. */
function toNews({ ref, repository, commits }: Push, allowed: readonly Allowed[]): PagesChanged | undefined {
  const branch = /^refs\/heads\/(.+)$/.exec(ref)?.[1];
  const [owner = '', repo = ''] = repository.full_name.split('/');
  if (branch === undefined) return undefined;
  const paths = (commits ?? [])
    .flatMap(({ added, modified, removed }) => [added, modified, removed].flatMap((each) => each ?? []))
    .filter((path) => allows(allowed, { owner, repo, sort: 'file', path: path.split('/') }));
  if (paths.length === 0) return undefined;
  return {
    news: 'pages-changed',
    repository: `${owner}/${repo}`.toLowerCase(),
    branch,
    paths: [...new Set(paths)].slice(0, MOST_PATHS),
  };
}

function parse(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    return undefined;
  }
}
