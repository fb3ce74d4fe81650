import type { Comment, Deployment, DeploymentState, Issue, Repo, User } from './world.ts';
import { iso } from './world.ts';

/** How things look in answers and in webhooks: the fields that there are, with GitHub's names. */

export type Json = Readonly<Record<string, unknown>>;

export const showUser = ({ login, id, type }: User): Json => ({ login, id, type, site_admin: false });

export const showRepo = ({ id, name }: Repo): Json => ({
  id,
  name: name.split('/')[1],
  full_name: name,
  private: false,
  owner: { login: name.split('/')[0], type: 'Organization' },
});

export const showLabel = (repo: Repo, name: string): Json => ({
  name: repo.labels.find((label) => label.name.toLowerCase() === name.toLowerCase())?.name ?? name,
  color: repo.labels.find((label) => label.name.toLowerCase() === name.toLowerCase())?.color ?? 'ededed',
});

export const showIssue = (root: string, repo: Repo, issue: Issue): Json => ({
  id: issue.id,
  number: issue.number,
  title: issue.title,
  body: issue.body,
  user: showUser(issue.user),
  state: issue.state,
  state_reason: issue.reason,
  labels: issue.labels.map((name) => showLabel(repo, name)),
  comments: issue.comments.length,
  created_at: iso(issue.created),
  updated_at: iso(issue.updated),
  url: `${root}/repos/${repo.name}/issues/${issue.number}`,
  html_url: `https://github.com/${repo.name}/issues/${issue.number}`,
  repository_url: `${root}/repos/${repo.name}`,
  ...(issue.isPull ? { pull_request: { url: `${root}/repos/${repo.name}/pulls/${issue.number}` } } : {}),
});

export const showComment = (root: string, repo: Repo, issue: Issue, comment: Comment): Json => ({
  id: comment.id,
  body: comment.body,
  user: showUser(comment.user),
  created_at: iso(comment.created),
  updated_at: iso(comment.updated),
  issue_url: `${root}/repos/${repo.name}/issues/${issue.number}`,
  performed_via_github_app: comment.viaApp ? { slug: comment.user.login.replace('[bot]', '') } : null,
});

export const showDeployment = (deployment: Deployment): Json => ({
  id: deployment.id,
  sha: deployment.sha,
  ref: deployment.ref,
  task: 'deploy',
  environment: deployment.environment,
  creator: showUser(deployment.creator),
  created_at: iso(deployment.created),
  updated_at: iso(deployment.states.at(-1)?.created ?? deployment.created),
});

export const showState = (state: DeploymentState): Json => ({
  state: state.state,
  environment: state.environment,
  environment_url: state.url,
  target_url: '',
  log_url: '',
  description: '',
  creator: showUser(state.user),
  created_at: iso(state.created),
});
