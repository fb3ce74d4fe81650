import { z } from 'zod';
import type { Clock, Finding } from '../../src/forge-ports.ts';
import type { Clients } from './clients.ts';
import { isAnswered, Trouble } from './failure.ts';
import { EVENTS, PERMISSIONS } from './manifest.ts';
import { WEBHOOK_PATH } from './path.ts';
import type { Repositories, Repository } from './repositories.ts';
import { Labels } from './schema.ts';

/** Calls GitHub and says what we may do there, what is lacking, and where to click. */

export interface CheckParts {
  readonly clients: Clients;
  readonly repositories: Repositories;
  readonly clock: Clock;
  readonly hasSecret: boolean;
  /** Labels that should be there. */
  readonly labels: readonly string[];
}

const good = (what: string): Finding => ({ ok: true, what });
const bad = (what: string, remedy: string): Finding => ({ ok: false, what, remedy });

export async function checkGithub(parts: CheckParts): Promise<readonly Finding[]> {
  const { clients, repositories, hasSecret } = parts;
  const findings = await guarded(() => (clients.isApp ? checkApp(parts) : checkToken(parts)), 'GitHub');
  if (!hasSecret)
    findings.push(
      bad(
        'GITHUB_WEBHOOK_SECRET is not set: no webhook is taken, and all is found by asking every few minutes.',
        'Set it to the secret of the webhook.',
      ),
    );
  if (findings.some(({ ok, what }) => !ok && what.startsWith('GitHub'))) return findings;
  for (const repository of repositories.all)
    findings.push(...(await guarded(() => checkRepository(parts, repository), repository.name)));
  return findings;
}

/** What a call that fails tells is a finding too. */
async function guarded(work: () => Promise<Finding[]>, what: string): Promise<Finding[]> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof Trouble)) throw error;
    const { failure } = error;
    if (isAnswered(failure, 401)) return [bad(`GitHub does not take our credentials (${failure.why}).`, CREDENTIALS)];
    if (failure.is === 'answered') return [bad(`${what}: GitHub says ${failure.why}.`, ACCESS)];
    return [bad(`${failure.why}.`, 'Look at the connection and at GITHUB_API_URL.')];
  }
}

const CREDENTIALS =
  'Set GITHUB_TOKEN, or GITHUB_APP_ID and GITHUB_PRIVATE_KEY, anew; `baton setup github` makes an App.';
const ACCESS = 'On GitHub, “Settings”, “Applications”: let the App or the token into this repository.';
const PERMISSION_PAGE =
  'On the App’s page, “Permissions & events”: grant it, then accept the change where it is installed.';

const Permissions = z.record(z.string(), z.string()).catch({});
const AppAnswer = z.object({ slug: z.string(), permissions: Permissions, events: z.array(z.string()).catch([]) });
const HookConfig = z.object({
  url: z.string().nullish(),
  content_type: z.string().nullish(),
  secret: z.string().nullish(),
  insecure_ssl: z.union([z.string(), z.number()]).nullish(),
});

async function checkApp({ clients, clock }: CheckParts): Promise<Finding[]> {
  const { rest } = clients.root;
  const { data, headers } = await clients.read(AppAnswer, () => rest.apps.getAuthenticated());
  const lacking = lackingOf(data.permissions);
  const deaf = EVENTS.filter((event) => !data.events.includes(event));
  const hook = await clients.read(HookConfig, () => rest.apps.getWebhookConfigForApp());
  return [
    good(`GitHub takes the App ${data.slug}.`),
    ...skewOf(headers.date, clock),
    ...lacking.map((right) => bad(`The App lacks ${right}.`, PERMISSION_PAGE)),
    ...deaf.map((event) => bad(`The App does not hear of ${event}.`, PERMISSION_PAGE)),
    ...hookFindings(hook.data, 'The App’s webhook'),
  ];
}

function lackingOf(granted: Readonly<Record<string, string>>): string[] {
  return Object.entries(PERMISSIONS)
    .filter(([name, wanted]) => granted[name] === undefined || (wanted === 'write' && granted[name] === 'read'))
    .map(([name, wanted]) => `${name}: ${wanted}`);
}

function hookFindings(
  { url, content_type: type, secret, insecure_ssl: insecure }: z.infer<typeof HookConfig>,
  what: string,
) {
  const remedy = `Set it to our public address with ${WEBHOOK_PATH}, application/json, with a secret and SSL verification.`;
  const findings: Finding[] = [];
  if (url == null || !URL.canParse(url) || new URL(url).pathname !== WEBHOOK_PATH)
    findings.push(bad(`${what} does not lead to ${WEBHOOK_PATH}.`, remedy));
  if (type !== 'json') findings.push(bad(`${what} does not send application/json.`, remedy));
  if (secret == null || secret === '') findings.push(bad(`${what} has no secret.`, remedy));
  if (String(insecure ?? '0') !== '0') findings.push(bad(`${what} does not look at our certificate.`, remedy));
  return findings.length === 0 ? [good(`${what} leads to ${WEBHOOK_PATH}.`)] : findings;
}

async function checkToken({ clients, clock }: CheckParts): Promise<Finding[]> {
  const { data, headers } = await clients.read(z.object({ login: z.string() }), () =>
    clients.root.rest.users.getAuthenticated(),
  );
  const given = headers['x-oauth-scopes'];
  const scopes = typeof given === 'string' ? given.split(',').map((scope) => scope.trim()) : undefined;
  const isEnough = scopes === undefined || scopes.includes('repo') || scopes.includes('public_repo');
  return [
    good(`GitHub takes the token of ${data.login}: enough for issues, not for the freeze of deployments.`),
    ...skewOf(headers.date, clock),
    ...(isEnough
      ? []
      : [
          bad(
            'The token lacks repo (public_repo for public repositories).',
            'On GitHub, “Developer settings”, “Personal access tokens”: add it.',
          ),
        ]),
  ];
}

const MOST_SKEW = 60_000;

function skewOf(date: unknown, clock: Clock): Finding[] {
  const skew = Math.abs(Date.parse(String(date)) - clock.now());
  if (Number.isNaN(skew)) return [];
  if (skew <= MOST_SKEW) return [good('Our clock and GitHub’s agree.')];
  return [
    bad(`Our clock and GitHub’s are ${Math.round(skew / 1000)} seconds apart.`, 'Set the machine’s clock (NTP).'),
  ];
}

const RepositoryAnswer = z.object({
  has_issues: z.boolean().optional(),
  permissions: z.record(z.string(), z.boolean()).optional(),
});
const Installed = z.object({ permissions: Permissions });
const Hooks = z.array(z.object({ active: z.boolean(), events: z.array(z.string()), config: HookConfig }));

async function checkRepository(parts: CheckParts, repository: Repository): Promise<Finding[]> {
  const { clients } = parts;
  const { name, owner, repo } = repository;
  const client = await clients.of(repository);
  const { data } = await clients.read(RepositoryAnswer, () => client.rest.repos.get({ owner, repo }));
  const findings = clients.isApp
    ? await installedFindings(clients, repository)
    : await tokenFindings(parts, repository, data);
  if (data.has_issues === false)
    findings.push(bad(`${name} has no issues.`, 'In the repository’s settings, “Features”: turn Issues on.'));
  const missing = await missingLabels(parts, repository);
  if (missing.length > 0)
    findings.push(
      bad(`${name} lacks labels: ${missing.join(', ')}.`, 'They are made with the first issue that needs them.'),
    );
  return findings.length === 0 ? [good(`${name} can be read and written.`)] : findings;
}

async function installedFindings(clients: Clients, { name, owner, repo }: Repository): Promise<Finding[]> {
  const { data } = await clients.read(Installed, () => clients.root.rest.apps.getRepoInstallation({ owner, repo }));
  return lackingOf(data.permissions).map((right) => bad(`On ${name} the App lacks ${right}.`, PERMISSION_PAGE));
}

async function tokenFindings(
  { clients }: CheckParts,
  { name, owner, repo }: Repository,
  { permissions }: z.infer<typeof RepositoryAnswer>,
): Promise<Finding[]> {
  const findings: Finding[] = [];
  if (permissions !== undefined && permissions.push !== true && permissions.triage !== true)
    findings.push(
      bad(`On ${name} the token may not write: labels would be dropped.`, 'Give its user the role Triage or Write.'),
    );
  const remedy = `In the repository’s settings, “Webhooks”: add our public address with ${WEBHOOK_PATH}.`;
  try {
    const { data } = await clients.read(Hooks, () =>
      clients.root.rest.repos.listWebhooks({ owner, repo, per_page: 100 }),
    );
    const own = data.find(({ active, config }) => active && config.url?.endsWith(WEBHOOK_PATH) === true);
    if (own === undefined) return [...findings, bad(`${name} has no webhook of ours.`, remedy)];
    const deaf = ['issues', 'issue_comment', 'deployment_status'].filter(
      (event) => !own.events.includes(event) && !own.events.includes('*'),
    );
    const wrong = hookFindings(own.config, `${name}’s webhook`).filter(({ ok }) => !ok);
    return [...findings, ...wrong, ...deaf.map((event) => bad(`${name}’s webhook does not hear of ${event}.`, remedy))];
  } catch (error) {
    if (!(error instanceof Trouble) || !isAnswered(error.failure, 403, 404)) throw error;
    return [...findings, bad(`Whether ${name} has a webhook of ours can not be seen with this token.`, remedy)];
  }
}

async function missingLabels({ clients, labels }: CheckParts, repository: Repository): Promise<readonly string[]> {
  if (labels.length === 0) return [];
  const { owner, repo } = repository;
  const client = await clients.of(repository);
  const there = new Set<string>();
  for (let page = 1; page <= 10; page += 1) {
    const { data } = await clients.read(Labels, () =>
      client.rest.issues.listLabelsForRepo({ owner, repo, per_page: 100, page }),
    );
    for (const label of data) there.add(label.toLowerCase());
    if (data.length < 100) break;
  }
  return labels.filter((label) => !there.has(label.toLowerCase()));
}
