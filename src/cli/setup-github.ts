import { spawn } from 'node:child_process';
import { accessSync, constants, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { keepSecret } from '../shell/redact.ts';
import { createAsker } from './ask.ts';
import type { ExitCode, Invocation, MadeApp } from './cli.ts';
import { type EnvironmentFile, withValues, writeEnvironmentFile } from './environment-file.ts';
import { type ManifestPage, openManifestPage } from './manifest-page.ts';
import type { Draft } from './setup-draft.ts';

/** `baton setup github`: a GitHub App of one's own, made with one click in the browser, and its key put beside `.env`. */

const LASTS = 10 * 60_000;
const MOST_NAME = 34;
const OURS = ['GITHUB_APP_ID', 'GITHUB_PRIVATE_KEY', 'GITHUB_WEBHOOK_SECRET'] as const;

export async function setupGithub(invocation: Invocation, draft: Draft, file: EnvironmentFile): Promise<ExitCode> {
  const { complain, print } = invocation;
  const set = OURS.filter((name) => draft.value(name) !== undefined);
  if (set.length > 0)
    return complain(
      `${set.join(', ')} ${set.length === 1 ? 'is' : 'are'} set already; baton doctor checks the App, and for another one take them out of ${file.path} first`,
    );
  const unwritable = writeProblem(file);
  if (unwritable !== undefined) return complain(unwritable);
  const asked = await askAll(invocation, draft);
  if (typeof asked === 'string') return complain(asked);
  const { url, account } = asked;
  const api = draft.value('GITHUB_API_URL');
  const name = `Baton of ${account ?? draft.organisation.read?.organisation ?? 'ours'}`.slice(0, MOST_NAME);
  const page = await openManifestPage({
    web: webOf(api),
    organisation: account,
    manifest: (redirect) => invocation.githubApp.manifest({ url, name, redirect }),
    lasts: LASTS,
  });
  tellWhere(invocation, page);
  const code = await page.code();
  if (code === undefined) {
    await page.close('Too late', 'The ten minutes are over. Say baton setup github again.');
    return complain(
      'nobody came back from GitHub within ten minutes; nothing was written. Say baton setup github again',
    );
  }
  const made = await invocation.githubApp.exchange(code, api);
  if (!made.ok) {
    await page.close('That did not work', `${made.why}.`);
    return complain(`${made.why}; nothing was written. An App that GitHub shows by now can be deleted there`);
  }
  keepSecret(made.privateKey);
  keepSecret(made.webhookSecret);
  const failed = keep(made, url, file);
  const install = `${made.page}/installations/new`;
  if (failed === undefined)
    await page.close('Made', 'The App is made and its key is kept. Next, install it on your repositories:', install);
  else await page.close('Made, and not kept', 'The App is made, but its key could not be written. See the terminal.');
  if (failed !== undefined) return complain(`${failed}. Delete the App ${made.slug} on GitHub, and begin again`);
  for (const line of farewell(made, file, draft)) print(line);
  return 0;
}

/** Looked at before an App is made whose key could not be kept. */
function writeProblem({ path, text }: EnvironmentFile): string | undefined {
  const folder = dirname(path);
  try {
    accessSync(folder, constants.W_OK);
  } catch {
    return `${folder} can not be written into; check its permissions`;
  }
  return withValues(text, valuesOf({ appId: '1', webhookSecret: 'x' }, 'https://x', 'x')) === undefined
    ? `${path} can not be changed so that Node reads the same again; look for a quote that nothing closes`
    : undefined;
}

async function askAll(
  { stdin, stdout }: Invocation,
  draft: Draft,
): Promise<{ readonly url: string; readonly account: string | undefined } | string> {
  const asker = createAsker(stdin, stdout);
  try {
    const given =
      draft.value('BATON_URL') ?? (await asker.ask('The public address of Baton that GitHub calls, https://…:'));
    if (given === undefined || given === '')
      return 'a GitHub App calls a public address; without one set GITHUB_TOKEN, which is enough for issues (docs/github.md)';
    if (!URL.canParse(given) || new URL(given).protocol !== 'https:')
      return `${given} is no address that GitHub calls; it begins with https://`;
    const account = await asker.ask('The organisation on GitHub that the App is for, or Enter for your own account:');
    if (account === undefined)
      return 'the input ended where the organisation on GitHub was asked for; nothing was made';
    if (!/^[A-Za-z0-9-]{0,39}$/.test(account))
      return `${account} is no organisation on GitHub; it stands in its address`;
    return { url: given, account: account === '' ? undefined : account };
  } finally {
    asker.close();
  }
}

/** GitHub's pages beside its API: of GitHub itself, of one with data residency, of an Enterprise server. */
function webOf(api = 'https://api.github.com'): string {
  const { protocol, host } = new URL(api);
  return `${protocol}//${/^api\.(github\.com|[\w-]+\.ghe\.com)$/.test(host) ? host.slice('api.'.length) : host}`;
}

function tellWhere({ print, environment }: Invocation, { address, port }: ManifestPage): void {
  print(`Open this page within ten minutes: ${address}`);
  const isRemote = environment.SSH_CONNECTION !== undefined;
  if (isRemote)
    print(
      `  It is on this machine. From yours, keep open: ssh -L ${port}:127.0.0.1:${port} USER@HOST, and open the same address.`,
    );
  const hasScreen = environment.DISPLAY !== undefined || environment.WAYLAND_DISPLAY !== undefined;
  const opener = process.platform === 'darwin' ? 'open' : hasScreen ? 'xdg-open' : undefined;
  if (isRemote || opener === undefined) return;
  // Where there is no such program the printed address is enough.
  spawn(opener, [address], { stdio: 'ignore', detached: true })
    .on('error', () => undefined)
    .unref();
}

const valuesOf = ({ appId, webhookSecret }: Pick<MadeApp, 'appId' | 'webhookSecret'>, url: string, key: string) =>
  new Map([
    ['BATON_URL', url],
    ['GITHUB_APP_ID', appId],
    ['GITHUB_PRIVATE_KEY_FILE', key],
    ['GITHUB_WEBHOOK_SECRET', webhookSecret],
  ]);

/** Writes the key first: a line in `.env` without its file would start nothing. What went wrong, or undefined. */
function keep(made: MadeApp, url: string, { path, text }: EnvironmentFile): string | undefined {
  const key = join(dirname(path), `github-app-${made.appId}.pem`);
  try {
    writeFileSync(key, made.privateKey, { flag: 'wx', mode: 0o600 });
  } catch (error) {
    const why = error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
    return `${key} can not be written (${why})`;
  }
  const changed = withValues(text, valuesOf(made, url, key));
  const failed =
    changed === undefined ? { problem: `${path} can not be changed` } : writeEnvironmentFile(path, changed);
  if (failed !== undefined) rmSync(key, { force: true });
  return failed?.problem;
}

function farewell({ page, slug, appId }: MadeApp, { path }: EnvironmentFile, draft: Draft): readonly string[] {
  return [
    `The App ${slug} is made. Its key is in github-app-${appId}.pem and the rest in ${path}, both for their owner alone.`,
    'Next:',
    `  1. Install it on your repositories: ${page}/installations/new`,
    '  2. For the freeze of releases, in each repository: Settings, Environments, production, “Deployment protection rules”:',
    `     tick ${slug}, and take “Allow administrators to bypass” off. Private repositories need GitHub Enterprise for it.`,
    '  3. List the repositories in the organisation’s file: github: { repositories: [owner/name] }',
    '  4. npm run -s baton -- doctor says whether all of it is right; npm run -s baton -- import takes in what is open there.',
    ...(draft.value('GITHUB_TOKEN') === undefined ? [] : ['GITHUB_TOKEN is not needed any more: take it out.']),
  ];
}
