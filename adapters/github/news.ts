import type { z } from 'zod';
import type { ForgeNews } from '../../src/forge-ports.ts';
import { callbackOf } from './callback.ts';
import { readGithub } from './inbound.ts';
import { readPull } from './pulls.ts';
import type { Repositories, Repository } from './repositories.ts';
import {
  type Account,
  Asked,
  Authors,
  type Deployment,
  type DeploymentStatus,
  StatusPayload,
  Stored,
} from './schema.ts';
import { isMarked } from './words.ts';

/** Reads stored webhooks. Pure: who we are shows in the marks that we leave. */

export interface Reader {
  readonly repositories: Repositories;
  readonly apiUrl: string;
}

/** What a stored webhook tells; empty where it is none of our business, or of our own making. */
export function readNews(body: unknown, reader: Reader): ForgeNews[] {
  const stored = Stored.safeParse(body);
  if (!stored.success) return [];
  const { name, payload } = stored.data;
  if (name === 'issues' || name === 'issue_comment') return readTracker(name, payload, reader);
  if (name === 'pull_request') return readPull(payload, reader.repositories);
  if (name === 'deployment_protection_rule') return readAsked(payload, reader);
  return name === 'deployment_status' ? readStatus(payload, reader) : [];
}

function readTracker(name: string, payload: unknown, { repositories }: Reader): ForgeNews[] {
  const read = Authors.safeParse(payload);
  const repository = read.success ? repositories.find(read.data.repository.full_name) : undefined;
  if (!read.success || repository === undefined) return [];
  const { action, issue, comment, sender } = read.data;
  const ref = `${repository.name}#${issue.number}`;
  const tracker = readGithub(name, payload).map((of) => ({ news: 'tracker' as const, of: { ...of, ref } }));
  if (name === 'issues') return isOwnLog(read.data) ? [] : tracker;
  if (action !== 'created' || comment == null || isMarked(comment.body ?? '')) return [];
  const author = comment.user ?? sender;
  const isBot = [author, sender].some(isMachine) || comment.performed_via_github_app != null;
  // Who writes a comment is who sends it: one in somebody else's name is nobody's word.
  const isOther = author != null && sender != null && author.login !== sender.login;
  const text = isBot || isOther ? undefined : commandOf(comment.body ?? '');
  if (text !== undefined && author != null) return [saidOf(comment.id, ref, author, text)];
  // A pull request is no issue: nothing of it is kept.
  return issue.pull_request == null ? tracker : [];
}

export const saidOf = (id: number, ref: string, { login, id: number }: Account, text: string): ForgeNews => ({
  news: 'said',
  id: String(id),
  ref,
  account: `github:${login}`,
  ...(number === undefined ? {} : { number: String(number) }),
  text,
});

/** An issue that we log ourselves, and the labels that it gets with it: the job's end tells of them. */
function isOwnLog({ action, issue, sender }: z.infer<typeof Authors>): boolean {
  const isEarly = action === 'opened' || action === 'labeled';
  return isEarly && isMarked(issue.body ?? '') && sender != null && issue.user?.login === sender.login;
}

export const isMachine = (account: Account | null | undefined): boolean =>
  account != null && (account.type === 'Bot' || account.login.endsWith('[bot]'));

const MOST_COMMAND = 4_000;

/** A comment that begins with a command. What is quoted, in a block of code, or below an empty line is not part of it. */
export function commandOf(body: string): string | undefined {
  const lines = body
    .replace(/\r\n?/g, '\n')
    .replace(/^(?:[ \t]*\n)+/, '')
    .slice(0, MOST_COMMAND)
    .split('\n');
  if (!/^\/[a-z][a-z-]*(?:\s|$)/i.test(lines[0] ?? '')) return undefined;
  const end = lines.findIndex((line) => line.trim() === '' || /^\s*(?:>|```|~~~)/.test(line));
  return lines
    .slice(0, end === -1 ? undefined : end)
    .join('\n')
    .trim();
}

/** The first of them that is a person. */
const personAmong = (...accounts: readonly (Account | null | undefined)[]): Account | undefined =>
  accounts.find((account) => account != null && !isMachine(account)) ?? undefined;

const numberOf = (account: Account | undefined): { byNumber?: string } =>
  account?.id === undefined ? {} : { byNumber: String(account.id) };

function readAsked(payload: unknown, { repositories, apiUrl }: Reader): ForgeNews[] {
  const read = Asked.safeParse(payload);
  const repository = read.success ? repositories.find(read.data.repository.full_name) : undefined;
  if (!read.success || repository === undefined) return [];
  const { deployment, deployment_callback_url: url, workflow_run: run, sender, installation } = read.data;
  const by = personAmong(sender, run?.triggering_actor, run?.actor, deployment?.creator);
  const callback = callbackOf(url ?? '', apiUrl, repositories);
  return [
    {
      news: 'deployment-asked',
      repository: repository.name,
      environment: oneOf(read.data.environment, deployment?.environment),
      callback: callback?.named === read.data.repository.full_name ? (url ?? undefined) : undefined,
      // Without the deployment itself nobody knows what this commit is of.
      sha: deployment == null ? undefined : oneOf(deployment.sha, read.data.sha),
      version: versionOf(oneOf(deployment?.ref, read.data.ref)),
      by: by?.login,
      ...numberOf(by),
      number: deployment?.id,
      installation: installation?.id,
      // Only an App is asked, and it is always told through which of its installations.
      ...(installation == null ? { unsure: 'GitHub did not tell the installation through which it asks.' } : {}),
    },
  ];
}

/** Told twice and not the same: then it is not told. */
function oneOf(first: string | null | undefined, second: string | null | undefined): string | undefined {
  if (first != null && second != null && first !== second) return undefined;
  return first ?? second ?? undefined;
}

/** The tag's name. A branch is no version, however it is called. */
const versionOf = (ref: string | null | undefined): string | undefined =>
  ref == null || ref.startsWith('refs/heads/') || ref.startsWith('refs/pull/')
    ? undefined
    : ref.replace(/^refs\/tags\//, '');

function readStatus(payload: unknown, { repositories }: Reader): ForgeNews[] {
  const read = StatusPayload.safeParse(payload);
  const repository = read.success ? repositories.find(read.data.repository.full_name) : undefined;
  if (!read.success || repository === undefined || read.data.action !== 'created') return [];
  const { deployment, deployment_status: status, sender, workflow_run: run } = read.data;
  return deployedOf(repository, deployment, status, run?.triggering_actor, run?.actor, sender);
}

/** A deployment that succeeded; empty for any other. */
export function deployedOf(
  repository: Repository,
  deployment: Deployment,
  status: DeploymentStatus,
  ...others: readonly (Account | null | undefined)[]
): ForgeNews[] {
  const environment = status.environment ?? deployment.environment;
  if (status.state !== 'success' || environment == null || deployment.sha == null) return [];
  const { creator } = deployment;
  const by = personAmong(creator, ...others, status.creator);
  return [
    {
      news: 'deployed',
      repository: repository.name,
      environment,
      sha: deployment.sha,
      version: versionOf(deployment.ref) ?? deployment.ref ?? deployment.sha,
      by: by?.login ?? creator?.login ?? 'unknown',
      ...numberOf(by),
      number: deployment.id,
      made: momentOf(status.created_at),
      url: [status.environment_url, status.log_url, status.target_url].find(isWeb) ?? undefined,
    },
  ];
}

function momentOf(text: string | null | undefined): number | undefined {
  const at = Date.parse(text ?? '');
  return Number.isNaN(at) ? undefined : at;
}

const isWeb = (url: string | null | undefined): url is string => url != null && /^https?:\/\//i.test(url);
