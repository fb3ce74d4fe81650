import type { AdapterLog, Clock, Documents, Finding, ForgeIntake, Unproved } from '../../src/forge-ports.ts';
import { type Allowed, allows, isOnHost, nameOf, type Page, readAllowed, readPage } from './address.ts';
import { proveBlindness } from './blindness.ts';
import { type Answer, type Client, createClient } from './client.ts';
import { createGiteaHook } from './hook.ts';
import { Commit, Entry, PagesChanged, Revision } from './schema.ts';

/** Documents on Gitea: whether a page is there and when it changed last. What a page says is never asked for. */

export interface GiteaOptions {
  readonly url: string;
  readonly token: string;
  /** With it Gitea may tell what changed: see `createGiteaHook`. */
  readonly webhookSecret?: string | undefined;
  /** Accepted beside it, while it is replaced. */
  readonly oldWebhookSecret?: string | undefined;
  /** `owner/repo` or `owner/repo/folder`: nothing else is ever asked after. */
  readonly allow: readonly string[];
  /** `owner/repo`: what our token must not be able to see. */
  readonly forbidden: readonly string[];
  readonly clock: Clock;
  readonly log: AdapterLog;
}

/** Never throws: what is wrong with the settings is why blindness can't be proved, so nothing starts with it. */
export function createGitea(options: GiteaOptions): Documents {
  const read = readOptions(options);
  if ('problem' in read) return withoutGitea(read.problem);
  const { base, allowed, forbidden } = read;
  const client = createClient({ base, token: options.token, clock: options.clock, log: options.log });
  const pageOf = (url: string): Page | undefined => {
    const page = readPage(base, url);
    return page !== undefined && allows(allowed, page) ? page : undefined;
  };
  const prove = () => proveBlindness(client, allowed, forbidden);
  return {
    covers: (url) => pageOf(url) !== undefined,
    isHere: (url) => isOnHost(base, url),
    look: async (url) => {
      const page = pageOf(url);
      if (page === undefined) return { status: 0 };
      const found = await lookAt(client, allowed, page);
      if (found.changedAt === undefined) return found;
      // A commit's date is that of the machine it was made on.
      return { ...found, changedAt: Math.min(found.changedAt, options.clock.now()) };
    },
    proveBlindness: prove,
    check: () => check(client, allowed, options, prove),
    ...wayIn(options, pageOf),
  };
}

/** News of pushes, where the webhook has a secret. */
function wayIn(
  { webhookSecret: secret, oldWebhookSecret: old, allow, log }: GiteaOptions,
  pageOf: (url: string) => Page | undefined,
): Pick<Documents, 'webhook' | 'start' | 'touched'> {
  if (secret === undefined) return {};
  let intake: ForgeIntake | undefined;
  return {
    webhook: createGiteaHook({ secret, old, allow, log, intake: () => intake }),
    start: (given) => {
      intake = given;
    },
    touched: (body, urls) => {
      const news = PagesChanged.safeParse(body).data;
      if (news === undefined) return [];
      return urls.filter((url) => {
        const page = pageOf(url);
        if (page === undefined || page.sort === 'wiki' || nameOf(page) !== news.repository) return false;
        const path = page.path.join('/');
        const isOfBranch = page.sort === 'repository' || page.ref === news.branch;
        return isOfBranch && news.paths.some((each) => path === '' || each === path || each.startsWith(`${path}/`));
      });
    },
  };
}

type Read =
  | { readonly problem: string }
  | { readonly base: URL; readonly allowed: readonly Allowed[]; readonly forbidden: readonly Allowed[] };

function readOptions({ url, token, allow, forbidden }: GiteaOptions): Read {
  if (!URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol))
    return { problem: 'GITEA_URL must be a URL that begins with https:// or http://' };
  const base = new URL(url);
  if (base.username !== '' || base.password !== '' || base.search !== '')
    return { problem: 'GITEA_URL is the address alone: the token goes into GITEA_TOKEN' };
  if (!/^[\x21-\x7e]+$/.test(token)) return { problem: 'GITEA_TOKEN is empty or no token' };
  const allowed = allow.map(readAllowed);
  const hidden = forbidden.map(readAllowed);
  const odd = [
    ...allow.filter((_, at) => allowed[at] === undefined),
    ...forbidden.filter((_, at) => hidden[at]?.prefix.length !== 0),
  ];
  if (odd.length > 0) return { problem: `“${odd[0]}” is no repository; write owner/repository, without patterns` };
  const kept = {
    base,
    allowed: allowed.filter((each) => each !== undefined),
    forbidden: hidden.filter((each) => each !== undefined),
  };
  const both = kept.forbidden.find((each) => kept.allowed.some((other) => nameOf(other) === nameOf(each)));
  return both === undefined
    ? kept
    : { problem: `${nameOf(both)} is both allowed and forbidden; take it off one of the lists` };
}

function withoutGitea(problem: string): Documents {
  return {
    covers: () => false,
    isHere: () => false,
    look: async () => ({ status: 0 }),
    proveBlindness: async () => ({
      is: 'wrong',
      why: `could not prove that credentials can not be seen: ${problem}`,
    }),
    check: async () => [{ ok: false, what: problem, remedy: 'mend it and start again' }],
  };
}

type Found = Awaited<ReturnType<Documents['look']>>;

async function lookAt(client: Client, allowed: readonly Allowed[], page: Page): Promise<Found> {
  const repository = pathOf(page);
  if (page.sort === 'wiki') {
    // The revisions of a page, because the page itself would come with what it says.
    const revisions = await client.list(`${repository}/wiki/revisions/${escaped(page.path)}`, { page: '1' }, 'commits');
    const revision = Revision.safeParse(listOf(revisions)[0]).data;
    return found(statusOf(revisions), revision?.commiter?.date ?? revision?.committer?.date);
  }
  const status =
    page.sort === 'repository' ? statusOf(await client.status(repository)) : await statusOfFile(client, allowed, page);
  if (status !== 200) return { status };
  const commits = await client.list(`${repository}/commits`, {
    path: page.path.length === 0 ? undefined : page.path.join('/'),
    sha: page.ref,
    stat: 'false',
    verification: 'false',
    files: 'false',
    page: '1',
    limit: '1',
  });
  const commit = Commit.safeParse(listOf(commits)[0]).data;
  return found(status, commit?.commit?.committer?.date ?? commit?.created);
}

/**
 * Looked up in the lists of its folders, from the top: the file itself would come with what it says, and so would one
 * that an address names as if it were a folder. The top is what the allow-list names; what lies beside it is not asked.
 */
async function statusOfFile(client: Client, allowed: readonly Allowed[], page: Page): Promise<number> {
  const { path } = page;
  const top = path.findIndex((_, at) => allows(allowed, { ...page, path: path.slice(0, at) }));
  if (top < 0) return statusOf(await client.status(contents(page, path), { ref: page.ref }));
  for (let at = top; at < path.length; at += 1) {
    const listing = await client.list(contents(page, path.slice(0, at)), { ref: page.ref });
    const status = statusOf(listing);
    if (status !== 200) return status;
    const entry = listOf(listing)
      .map((each) => Entry.safeParse(each).data)
      .find((each) => each?.name === path[at]);
    if (entry === undefined || (at < path.length - 1 && entry.type !== 'dir')) return 404;
  }
  return 200;
}

const pathOf = ({ owner, repo }: Page): string => `/repos/${owner}/${repo}`;
const escaped = (path: readonly string[]): string => path.map(encodeURIComponent).join('/');
const contents = (page: Page, path: readonly string[]): string =>
  `${pathOf(page)}/contents${path.length === 0 ? '' : `/${escaped(path)}`}`;

/** A redirect leads to where we may not ask: as if it could not be reached. */
const statusOf = (answer: Answer): number =>
  answer.is === 'unreached' || (answer.status >= 300 && answer.status < 400) ? 0 : answer.status;
const listOf = (answer: Answer): readonly unknown[] => (answer.is === 'answered' ? (answer.list ?? []) : []);

function found(status: number, date: string | null | undefined): Found {
  const changedAt = status === 200 && typeof date === 'string' ? Date.parse(date) : Number.NaN;
  return Number.isNaN(changedAt) ? { status } : { status, changedAt };
}

const TOKEN = 'make a token of the bot’s user that may read repositories, and put it into GITEA_TOKEN';

async function check(
  client: Client,
  allowed: readonly Allowed[],
  { url, webhookSecret }: GiteaOptions,
  prove: () => Promise<Unproved | undefined>,
): Promise<readonly Finding[]> {
  const version = await client.status('/version');
  if (version.is === 'unreached' || version.status !== 200) {
    const why = version.is === 'unreached' ? version.why : `it answered ${version.status}`;
    return [{ ok: false, what: `Gitea does not answer: ${why}`, remedy: 'see whether this machine reaches GITEA_URL' }];
  }
  const findings: Finding[] = [{ ok: true, what: 'Gitea answers' }];
  for (const name of new Set(allowed.map(({ owner, repo }) => `${owner}/${repo}`))) {
    const status = statusOf(await client.status(`/repos/${name}`));
    findings.push(
      status === 200
        ? { ok: true, what: `${name} can be seen` }
        : status === 401
          ? { ok: false, what: 'Gitea does not take the token', remedy: TOKEN }
          : { ok: false, what: `${name} can not be seen (${status})`, remedy: 'make the bot’s user a reader of it' },
    );
  }
  const trouble = await prove();
  findings.push(
    trouble === undefined
      ? { ok: true, what: 'what is forbidden can not be seen' }
      : { ok: false, what: trouble.why, remedy: 'let the bot’s user read the documentation and nothing else' },
  );
  if (/^http:\/\/(?!localhost[:/]|127\.|\[::1\])/i.test(`${url}/`))
    findings.push({
      ok: false,
      what: 'GITEA_URL is http: the token goes over the network in the clear',
      remedy: 'use https',
    });
  if (webhookSecret === undefined)
    findings.push({ ok: true, what: 'no webhook (GITEA_WEBHOOK_SECRET): changes are seen when a page is looked at' });
  return findings;
}
