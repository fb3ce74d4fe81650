import { invalid, missing, Refusal } from './refusal.ts';
import { type Context, ok, page, type Route, repoOf, route, text } from './router.ts';
import { type Json, showDeployment, showState } from './show.ts';
import type { CheckRun, Deployment, Repo } from './world.ts';

/** Deployments, their protection rules, and checks. */

const MOST_REPORTS = 10;
const MOST_COMMENT = 1_024;

function appOnly({ caller }: Context): void {
  if (caller.is !== 'installation') throw new Refusal(403, 'You must authenticate via a GitHub App.');
}

const deploymentOf = (context: Context, repo: Repo): Deployment => {
  const found = repo.deployments.find(({ id }) => id === Number(context.params.id));
  if (found === undefined) throw missing();
  return found;
};

/** The word of the App on a deployment that waits for it. */
function review(context: Context) {
  appOnly(context);
  const { repo } = repoOf(context, 'deployments', 'write');
  const { environment_name: environment, state, comment } = context.body;
  const ofRun = repo.deployments.filter(({ run }) => run === Number(context.params.run));
  if (ofRun.length === 0) throw missing();
  const deployment = ofRun.findLast((each) => each.environment === environment);
  if (deployment === undefined || !deployment.waits)
    throw new Refusal(422, 'Validation Failed', { errors: ['No pending deployment requests for this environment'] });
  if (text(comment).length > MOST_COMMENT) throw invalid('DeploymentReview', 'comment', 'is too long');
  if (state !== undefined && state !== 'approved' && state !== 'rejected')
    throw invalid('DeploymentReview', 'state', 'invalid');
  if (state === undefined && text(comment) === '') throw invalid('DeploymentReview', 'comment', 'missing_field');
  if (deployment.reports.length >= MOST_REPORTS)
    throw new Refusal(422, 'Validation Failed', { errors: ['The maximum number of status reports is reached'] });
  deployment.reports.push({ state, comment: text(comment) });
  if (state !== undefined) {
    deployment.waits = false;
    if (state === 'rejected') context.actions.finish(repo, deployment, context.access.bot, 'failure');
  }
  context.world.changes.emit('change');
  return { status: 204 };
}

const showCheck = ({ id, name, sha, status, conclusion, external, output }: CheckRun): Json => ({
  id,
  name,
  head_sha: sha,
  status,
  conclusion,
  external_id: external,
  output,
});

const outputOf = (value: unknown): CheckRun['output'] => {
  if (typeof value !== 'object' || value === null) return {};
  const title = 'title' in value ? text(value.title) : '';
  const summary = 'summary' in value ? text(value.summary) : '';
  if (title === '' || summary === '')
    throw new Refusal(422, 'Invalid request. "title" and "summary" weren\'t supplied.');
  return { title, summary };
};

function makeCheck(context: Context) {
  appOnly(context);
  const { repo } = repoOf(context, 'checks', 'write');
  const { name, head_sha: sha, status, conclusion, external_id: external, output } = context.body;
  if (!/^[0-9a-f]{40}$/.test(text(sha))) throw new Refusal(422, `No commit found for SHA: ${text(sha)}`);
  if (text(name) === '') throw invalid('CheckRun', 'name', 'missing_field');
  const check: CheckRun = {
    id: context.world.id(),
    name: text(name),
    sha: text(sha),
    status: text(status) || 'queued',
    conclusion: text(conclusion) || null,
    external: text(external),
    output: outputOf(output),
  };
  repo.checks.push(check);
  return { status: 201, body: showCheck(check) };
}

export const RELEASE_ROUTES: readonly Route[] = [
  route('GET /repos/{owner}/{repo}/deployments', (context) => {
    const { repo } = repoOf(context, 'deployments');
    const { rows, headers } = page(context, `/repos/${repo.name}/deployments`, repo.deployments.toReversed());
    return ok(rows.map(showDeployment), headers);
  }),
  route('GET /repos/{owner}/{repo}/deployments/{id}', (context) => {
    const { repo } = repoOf(context, 'deployments');
    return ok(showDeployment(deploymentOf(context, repo)));
  }),
  route('GET /repos/{owner}/{repo}/deployments/{id}/statuses', (context) => {
    const { repo } = repoOf(context, 'deployments');
    const { rows, headers } = page(context, '', deploymentOf(context, repo).states.toReversed());
    return ok(rows.map(showState), headers);
  }),
  route('POST /repos/{owner}/{repo}/actions/runs/{run}/deployment_protection_rule', review),
  route('GET /repos/{owner}/{repo}/actions/runs/{run}/pending_deployments', (context) => {
    const { repo } = repoOf(context, 'actions');
    const waiting = repo.deployments.filter(({ run, waits }) => waits && run === Number(context.params.run));
    return ok(
      waiting.map(({ environment }) => ({ environment: { name: environment }, current_user_can_approve: false })),
    );
  }),
  route('POST /repos/{owner}/{repo}/check-runs', makeCheck),
  route('PATCH /repos/{owner}/{repo}/check-runs/{id}', (context) => {
    appOnly(context);
    const { repo } = repoOf(context, 'checks', 'write');
    const check = repo.checks.find(({ id }) => id === Number(context.params.id));
    if (check === undefined) throw missing();
    const { status, conclusion, external_id: external, output } = context.body;
    Object.assign(check, { status, conclusion, external, output: outputOf(output) });
    return ok(showCheck(check));
  }),
  route('GET /repos/{owner}/{repo}/commits/{sha}/check-runs', (context) => {
    const { repo } = repoOf(context, 'checks');
    const name = context.query.get('check_name');
    const found = repo.checks.filter(
      (check) => check.sha === context.params.sha && (name === null || check.name === name),
    );
    return ok({ total_count: found.length, check_runs: found.map(showCheck) });
  }),
];
