import { invalid, missing, Refusal } from './refusal.ts';
import { type Context, issueOf, ok, page, type Route, repoOf, route, text, texts } from './router.ts';
import { showComment, showIssue, showLabel } from './show.ts';
import type { Issue, Repo } from './world.ts';

/** Issues, their labels and their comments. */

const MOST_BODY = 65_536;

function checkBody(resource: string, body: string): void {
  if (body.length > MOST_BODY) throw invalid(resource, 'body', 'is too long (maximum is 65536 characters)');
}

/** The oldest change first, or as is asked for; everything since then, that second included. */
function listed<T extends { readonly created: number; readonly updated: number }>(
  { query }: Context,
  rows: readonly T[],
): T[] {
  const since = query.get('since');
  const from = since === null ? 0 : Date.parse(since);
  if (Number.isNaN(from)) throw new Refusal(422, 'Validation Failed');
  const by = query.get('sort') === 'updated' ? 'updated' : 'created';
  const direction = query.get('direction') === 'asc' ? 1 : -1;
  const second = (at: number): number => Math.floor(at / 1000) * 1000;
  return rows
    .filter(({ updated }) => second(updated) >= from)
    .map((row, at) => ({ row, at }))
    .sort((a, b) => direction * (second(a.row[by]) - second(b.row[by]) || a.at - b.at))
    .map(({ row }) => row);
}

const shown = (context: Context, repo: Repo, issue: Issue) => showIssue(context.root, repo, issue);

/** Without push access labels are dropped, and nothing is said of it. */
function newIssue(context: Context) {
  const { repo, user, push } = repoOf(context, 'issues', 'write');
  if (!repo.hasIssues) throw new Refusal(410, 'Issues are disabled for this repo');
  const title = text(context.body.title);
  if (title === '') throw invalid('Issue', 'title', 'missing_field');
  if (title.length > 256) throw invalid('Issue', 'title', 'is too long (maximum is 256 characters)');
  const body = text(context.body.body);
  checkBody('Issue', body);
  const labels = push ? texts(context.body.labels) : [];
  return { status: 201, body: shown(context, repo, context.actions.open(repo, user, { title, body, labels })) };
}

function changed(context: Context) {
  const { repo, user } = repoOf(context, 'issues', 'write');
  const issue = issueOf(context, repo);
  const { state, state_reason: reason } = context.body;
  if (state !== undefined && state !== 'open' && state !== 'closed') throw invalid('Issue', 'state', 'invalid');
  if (state !== undefined)
    context.actions.turn(repo, issue, user, state, typeof reason === 'string' ? reason : undefined);
  return ok(shown(context, repo, issue));
}

const issues: readonly Route[] = [
  route('GET /repos/{owner}/{repo}/issues', (context) => {
    const { repo } = repoOf(context, 'issues');
    if (!repo.hasIssues) throw new Refusal(410, 'Issues are disabled for this repo');
    const state = context.query.get('state') ?? 'open';
    const rows = repo.issues.filter((issue) => issue.gone === undefined && (state === 'all' || issue.state === state));
    const { rows: some, headers } = page(context, `/repos/${repo.name}/issues`, listed(context, rows));
    return ok(
      some.map((issue) => shown(context, repo, issue)),
      headers,
    );
  }),
  route('POST /repos/{owner}/{repo}/issues', newIssue),
  route('GET /repos/{owner}/{repo}/issues/comments', (context) => {
    const { repo } = repoOf(context, 'issues');
    const every = repo.issues.flatMap((issue) => issue.comments.map((comment) => ({ issue, comment, ...comment })));
    const { rows, headers } = page(context, `/repos/${repo.name}/issues/comments`, listed(context, every));
    return ok(
      rows.map(({ issue, comment }) => showComment(context.root, repo, issue, comment)),
      headers,
    );
  }),
  route('GET /repos/{owner}/{repo}/issues/{number}', (context) => {
    const { repo } = repoOf(context, 'issues');
    const issue = issueOf(context, repo);
    if (issue.gone !== undefined && issue.gone !== 'deleted')
      return {
        status: 301,
        body: { message: 'Moved Permanently' },
        headers: { location: `${context.root}${issue.gone.to}` },
      };
    return ok(shown(context, repo, issue));
  }),
  route('PATCH /repos/{owner}/{repo}/issues/{number}', changed),
  route('GET /repos/{owner}/{repo}/issues/{number}/comments', (context) => {
    const { repo } = repoOf(context, 'issues');
    const issue = issueOf(context, repo);
    const { rows, headers } = page(context, `/repos/${repo.name}/issues/${issue.number}/comments`, issue.comments);
    return ok(
      rows.map((comment) => showComment(context.root, repo, issue, comment)),
      headers,
    );
  }),
  route('POST /repos/{owner}/{repo}/issues/{number}/comments', (context) => {
    const { repo, user } = repoOf(context, 'issues', 'write');
    const issue = issueOf(context, repo);
    const body = text(context.body.body);
    if (body === '') throw invalid('IssueComment', 'body', 'missing_field');
    checkBody('IssueComment', body);
    return {
      status: 201,
      body: showComment(context.root, repo, issue, context.actions.comment(repo, issue, user, body)),
    };
  }),
  route('PATCH /repos/{owner}/{repo}/issues/comments/{id}', (context) => {
    const { repo, user } = repoOf(context, 'issues', 'write');
    const issue = repo.issues.find(({ comments }) => comments.some(({ id }) => id === Number(context.params.id)));
    const comment = issue?.comments.find(({ id }) => id === Number(context.params.id));
    if (issue === undefined || comment === undefined) throw missing();
    if (comment.user.login !== user.login) throw new Refusal(403, 'Must have admin rights to Repository.');
    checkBody('IssueComment', text(context.body.body));
    context.actions.edit(repo, issue, comment, text(context.body.body));
    return ok(showComment(context.root, repo, issue, comment));
  }),
];

const labels: readonly Route[] = [
  route('GET /repos/{owner}/{repo}/labels', (context) => {
    const { repo } = repoOf(context, 'issues');
    const { rows, headers } = page(context, `/repos/${repo.name}/labels`, repo.labels);
    return ok(
      rows.map(({ name }) => showLabel(repo, name)),
      headers,
    );
  }),
  route('POST /repos/{owner}/{repo}/labels', (context) => {
    const { repo, push } = repoOf(context, 'issues', 'write');
    if (!push) throw missing();
    const name = text(context.body.name);
    if (name === '' || name.length > 50) throw invalid('Label', 'name', 'invalid');
    if (!/^[0-9a-f]{6}$/i.test(text(context.body.color))) throw invalid('Label', 'color', 'invalid');
    if (repo.labels.some((label) => label.name.toLowerCase() === name.toLowerCase()))
      throw invalid('Label', 'name', 'already_exists');
    context.actions.makeLabel(repo, name, text(context.body.color));
    return { status: 201, body: showLabel(repo, name) };
  }),
  route('GET /repos/{owner}/{repo}/labels/{name}', (context) => {
    const { repo } = repoOf(context, 'issues');
    const label = repo.labels.find(({ name }) => name.toLowerCase() === context.params.name?.toLowerCase());
    if (label === undefined) throw missing();
    return ok(showLabel(repo, label.name));
  }),
  route('POST /repos/{owner}/{repo}/issues/{number}/labels', (context) => {
    const { repo, user, push } = repoOf(context, 'issues', 'write');
    const issue = issueOf(context, repo);
    if (!push) throw new Refusal(403, 'Must have admin rights to Repository.');
    context.actions.label(repo, issue, user, texts(context.body.labels));
    return ok(issue.labels.map((name) => showLabel(repo, name)));
  }),
  route('DELETE /repos/{owner}/{repo}/issues/{number}/labels/{name}', (context) => {
    const { repo, user } = repoOf(context, 'issues', 'write');
    const issue = issueOf(context, repo);
    const name = context.params.name ?? '';
    if (!issue.labels.some((label) => label.toLowerCase() === name.toLowerCase()))
      throw new Refusal(404, 'Label does not exist');
    context.actions.unlabel(repo, issue, user, name);
    return ok(issue.labels.map((each) => showLabel(repo, each)));
  }),
];

export const ISSUE_ROUTES: readonly Route[] = [...issues, ...labels];
