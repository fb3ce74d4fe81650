import type { Hooks } from './hooks.ts';
import { showComment, showDeployment, showIssue, showLabel, showRepo, showState, showUser } from './show.ts';
import type { Comment, Deployment, Issue, Repo, User, World } from './world.ts';

/** What happens on this GitHub, whoever does it; the webhooks that tell of it go out with it. */

interface NewIssue {
  readonly title: string;
  readonly body?: string;
  readonly labels?: readonly string[];
  readonly isPull?: boolean;
}
interface NewDeployment {
  readonly environment: string;
  readonly ref?: string;
  readonly sha?: string;
  readonly run?: number;
}

export interface Actions {
  open(repo: Repo, user: User, given: NewIssue): Issue;
  comment(repo: Repo, issue: Issue, user: User, body: string): Comment;
  edit(repo: Repo, issue: Issue, comment: Comment, body: string): void;
  label(repo: Repo, issue: Issue, user: User, names: readonly string[]): void;
  unlabel(repo: Repo, issue: Issue, user: User, name: string): void;
  turn(repo: Repo, issue: Issue, user: User, to: 'open' | 'closed', reason?: string): void;
  rename(repo: Repo, issue: Issue, user: User, title: string): void;
  remove(repo: Repo, issue: Issue, user: User): void;
  /** To another repository, where it has another number; the old one leads there. */
  transfer(repo: Repo, issue: Issue, user: User, to: Repo): Issue;
  makeLabel(repo: Repo, name: string, color?: string): void;
  deploy(repo: Repo, user: User, given: NewDeployment): Deployment;
  /** The run is started again: another deployment, which waits at the same address. */
  rerun(repo: Repo, deployment: Deployment, user: User): Deployment;
  finish(repo: Repo, deployment: Deployment, user: User, state: string): void;
}

/** The hash of a commit, from its name. */
export const shaOf = (name: string): string => Buffer.from(name).toString('hex').padEnd(40, '0').slice(0, 40);

export function createActions(world: World, hooks: Hooks, root: () => string, installation: () => number): Actions {
  const send = (repo: Repo, user: User, event: string, payload: Readonly<Record<string, unknown>>): void =>
    void hooks.send(event, {
      ...payload,
      repository: showRepo(repo),
      sender: showUser(user),
      installation: { id: installation() },
    });
  const touch = (issue: Issue): void => {
    issue.updated = Math.max(issue.updated, world.now());
    world.changes.emit('change');
  };
  const tell = (repo: Repo, issue: Issue, user: User, action: string, more = {}): void =>
    send(repo, user, 'issues', { action, issue: showIssue(root(), repo, issue), ...more });

  const actions: Actions = {
    open: (repo, user, given) => {
      const now = world.now();
      const issue: Issue = {
        id: world.id(),
        number: repo.issues.length + 1,
        title: given.title,
        body: given.body ?? '',
        user,
        state: 'open',
        reason: null,
        labels: [],
        created: now,
        updated: now,
        comments: [],
        isPull: given.isPull ?? false,
      };
      repo.issues.push(issue);
      const labels = given.labels ?? [];
      for (const name of labels) actions.makeLabel(repo, name);
      issue.labels.push(...labels);
      if (!issue.isPull) {
        tell(repo, issue, user, 'opened');
        for (const name of labels) tell(repo, issue, user, 'labeled', { label: showLabel(repo, name) });
      }
      touch(issue);
      return issue;
    },
    comment: (repo, issue, user, body) => {
      const now = world.now();
      const viaApp = user.type === 'Bot';
      const comment: Comment = { id: world.id(), body, user, created: now, updated: now, viaApp };
      issue.comments.push(comment);
      touch(issue);
      send(repo, user, 'issue_comment', {
        action: 'created',
        issue: showIssue(root(), repo, issue),
        comment: showComment(root(), repo, issue, comment),
      });
      return comment;
    },
    edit: (repo, issue, comment, body) => {
      comment.body = body;
      comment.updated = Math.max(world.now(), comment.created + 1_000);
      touch(issue);
      send(repo, comment.user, 'issue_comment', {
        action: 'edited',
        issue: showIssue(root(), repo, issue),
        comment: showComment(root(), repo, issue, comment),
      });
    },
    label: (repo, issue, user, names) => {
      for (const name of names) {
        if (issue.labels.some((label) => label.toLowerCase() === name.toLowerCase())) continue;
        actions.makeLabel(repo, name);
        issue.labels.push(name);
        touch(issue);
        tell(repo, issue, user, 'labeled', { label: showLabel(repo, name) });
      }
    },
    unlabel: (repo, issue, user, name) => {
      issue.labels = issue.labels.filter((label) => label.toLowerCase() !== name.toLowerCase());
      touch(issue);
      tell(repo, issue, user, 'unlabeled', { label: showLabel(repo, name) });
    },
    turn: (repo, issue, user, to, reason) => {
      if (issue.state === to) return;
      issue.state = to;
      issue.reason = reason ?? (to === 'closed' ? 'completed' : 'reopened');
      touch(issue);
      tell(repo, issue, user, to === 'closed' ? 'closed' : 'reopened');
    },
    rename: (repo, issue, user, title) => {
      const from = issue.title;
      issue.title = title;
      touch(issue);
      tell(repo, issue, user, 'edited', { changes: { title: { from } } });
    },
    remove: (repo, issue, user) => {
      tell(repo, issue, user, 'deleted');
      issue.gone = 'deleted';
      world.changes.emit('change');
    },
    transfer: (repo, issue, user, to) => {
      const number = to.issues.length + 1;
      const there: Issue = {
        ...issue,
        id: world.id(),
        number,
        labels: [...issue.labels],
        comments: [...issue.comments],
      };
      to.issues.push(there);
      for (const name of there.labels) actions.makeLabel(to, name);
      touch(there);
      issue.gone = { to: `/repos/${to.name}/issues/${number}` };
      const changes = { new_issue: showIssue(root(), to, there), new_repository: showRepo(to) };
      tell(repo, issue, user, 'transferred', { changes });
      tell(to, there, user, 'opened', {
        changes: { old_issue: { number: issue.number }, old_repository: showRepo(repo) },
      });
      return there;
    },
    makeLabel: (repo, name, color = 'ededed') => {
      if (!repo.labels.some((label) => label.name.toLowerCase() === name.toLowerCase()))
        repo.labels.push({ name, color });
    },
    rerun: (repo, before, user) => {
      before.waits = false;
      const { environment, ref, sha, run } = before;
      return actions.deploy(repo, user, { environment, ref, sha, run });
    },
    deploy: (repo, user, { environment, ref = 'v1.0.0', sha = shaOf(ref), run = world.id() }) => {
      const waits = repo.guarded.has(environment);
      const deployment: Deployment = {
        id: world.id(),
        sha,
        ref,
        environment,
        creator: user,
        created: world.now(),
        states: [],
        run,
        waits,
        reports: [],
      };
      repo.deployments.push(deployment);
      world.changes.emit('change');
      if (waits)
        send(repo, user, 'deployment_protection_rule', {
          action: 'requested',
          environment,
          event: 'push',
          deployment_callback_url: `${root()}/repos/${repo.name}/actions/runs/${deployment.run}/deployment_protection_rule`,
          deployment: showDeployment(deployment),
          pull_requests: [],
        });
      return deployment;
    },
    finish: (repo, deployment, user, state) => {
      const { environment } = deployment;
      const entry = { state, environment, url: 'https://grid.example.org', user, created: world.now() };
      deployment.states.push(entry);
      world.changes.emit('change');
      send(repo, user, 'deployment_status', {
        action: 'created',
        deployment: showDeployment(deployment),
        deployment_status: showState(entry),
        workflow_run: null,
      });
    },
  };
  return actions;
}
