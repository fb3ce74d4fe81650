import { z } from 'zod';

/** What is read of GitHub's payloads, and nothing more; everything else may change as it likes. */

const Label = z.union([z.string(), z.object({ name: z.string() }).transform((label) => label.name)]);
const Repository = z.object({ full_name: z.string() });
const Sender = z.object({ login: z.string() });

const Issue = z.object({
  number: z.number().int(),
  title: z.string().optional(),
  state: z.string().optional(),
  labels: z.array(Label).optional(),
  /** There when the issue is a pull request. */
  pull_request: z.unknown().optional(),
});

export const IssuesPayload = z.object({
  action: z.string(),
  issue: Issue,
  label: Label.optional(),
  repository: Repository,
  sender: Sender.optional(),
});
export const IssueCommentPayload = z.object({
  action: z.string(),
  issue: Issue,
  comment: z.object({ body: z.string().nullish() }),
  repository: Repository,
  sender: Sender.optional(),
});
