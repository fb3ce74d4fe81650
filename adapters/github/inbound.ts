import type { TrackerNews } from '../../src/ports.ts';
import { IssueCommentPayload, IssuesPayload } from './schema.ts';

/** Who did it, with the number that stays when the login goes to somebody else. */
export const byOf = (
  sender: { readonly login: string; readonly id?: number | undefined } | undefined,
): Pick<TrackerNews, 'by' | 'byNumber'> => ({
  ...(sender === undefined ? {} : { by: sender.login }),
  ...(sender?.id === undefined ? {} : { byNumber: String(sender.id) }),
});

/** Reads a GitHub webhook, already verified, into news. An event that says nothing of issues is no news. */
export function readGithub(name: string, payload: unknown): TrackerNews[] {
  if (name === 'issues') return readIssue(payload);
  return name === 'issue_comment' ? readComment(payload) : [];
}

function readIssue(payload: unknown): TrackerNews[] {
  const parsed = IssuesPayload.safeParse(payload);
  if (!parsed.success) return [];
  const { action, issue, label, repository, sender } = parsed.data;
  // Where it went is looked up there: until then nothing is known of it but that there was something.
  if (action === 'transferred')
    return [{ platform: 'github', ref: `${repository.full_name}#${issue.number}`, kind: 'issue' }];
  const isLast = action === 'deleted' || action === 'closed' || (action !== 'reopened' && issue.state === 'closed');
  const labels = issue.labels === undefined ? {} : { labels: issue.labels };
  const added = issue.labels === undefined && action === 'labeled' && label !== undefined ? { added: label } : {};
  const removed = issue.labels === undefined && action === 'unlabeled' && label !== undefined ? { removed: label } : {};
  const open = isLast
    ? { open: false }
    : action === 'reopened' || action === 'opened' || issue.state === 'open'
      ? { open: true }
      : {};
  return [
    {
      platform: 'github',
      ref: `${repository.full_name}#${issue.number}`,
      kind: 'issue',
      ...(issue.title === undefined ? {} : { title: issue.title }),
      ...(issue.milestone === undefined ? {} : { milestone: issue.milestone?.title ?? null }),
      ...open,
      ...(action === 'labeled' || action === 'unlabeled' ? { isAboutLabels: true } : {}),
      ...labels,
      ...added,
      ...removed,
      ...byOf(sender),
    },
  ];
}

function readComment(payload: unknown): TrackerNews[] {
  const parsed = IssueCommentPayload.safeParse(payload);
  if (!parsed.success || parsed.data.action !== 'created') return [];
  const { issue, comment, repository, sender } = parsed.data;
  return [
    {
      platform: 'github',
      ref: `${repository.full_name}#${issue.number}`,
      kind: 'issue',
      ...(issue.title === undefined ? {} : { title: issue.title }),
      ...byOf(sender),
      comment: comment.body ?? '',
    },
  ];
}
