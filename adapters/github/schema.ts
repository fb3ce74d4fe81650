import { z } from 'zod';

/** What is read of GitHub's payloads and answers, and nothing more; everything else may change as it likes. */

const Named = z.union([z.string(), z.object({ name: z.string() }).transform((label) => label.name)]);
/** A label need not have a name; one without is none. */
const Label = Named.optional().catch(undefined);
const namesOf = (labels: readonly (string | undefined)[]): string[] =>
  labels.filter((name) => name !== undefined && name !== '').map(String);
/** Undefined: nothing is told of them. */
const LabelsThere = z.array(Label).transform(namesOf).optional().catch(undefined);
const Repository = z.object({ full_name: z.string() });
const Sender = z
  .object({ login: z.string(), id: z.number().int().optional().catch(undefined) })
  .optional()
  .catch(undefined);

const Milestone = z.object({ title: z.string() }).nullish().catch(undefined);

const Issue = z.object({
  number: z.number().int(),
  title: z.string().optional().catch(undefined),
  state: z.string().optional().catch(undefined),
  labels: LabelsThere,
  milestone: Milestone,
  /** There when the issue is a pull request. */
  pull_request: z.unknown().optional(),
});

export const IssuesPayload = z.object({
  action: z.string(),
  issue: Issue,
  label: Label,
  repository: Repository,
  sender: Sender,
});
export const IssueCommentPayload = z.object({
  action: z.string(),
  issue: Issue,
  comment: z.object({ body: z.string().nullish() }),
  repository: Repository,
  sender: Sender,
});

export const PullPayload = z.object({
  action: z.string(),
  pull_request: z.object({
    number: z.number().int(),
    title: z.string(),
    state: z.string(),
    merged: z.boolean().nullish(),
    draft: z.boolean().nullish(),
    body: z.string().nullish(),
  }),
  repository: Repository,
  sender: Sender,
});

/** A stored webhook. */
export const Stored = z.object({ name: z.string(), payload: z.unknown() });

export const Account = z.object({
  login: z.string(),
  /** It stays when the login changes hands. */
  id: z.number().int().optional().catch(undefined),
  type: z.string().nullish(),
});
export type Account = z.infer<typeof Account>;
const Somebody = Account.nullish().catch(undefined);

/** Who wrote what, beside what the tracker's news tell. */
export const Authors = z.object({
  action: z.string(),
  issue: z.object({
    number: z.number().int(),
    body: z.string().nullish(),
    user: Somebody,
    pull_request: z.unknown().optional(),
    updated_at: z.string().nullish().catch(undefined),
  }),
  comment: z
    .object({
      id: z.number().int(),
      body: z.string().nullish(),
      user: Somebody,
      performed_via_github_app: z.unknown().optional(),
    })
    .nullish(),
  repository: Repository,
  sender: Somebody,
});

const Text = z.string().min(1).nullish().catch(undefined);
const Run = z.object({ actor: Somebody, triggering_actor: Somebody }).nullish().catch(undefined);
export const Deployment = z.object({
  id: z.number().int().optional(),
  sha: Text,
  ref: Text,
  environment: Text,
  creator: Somebody,
  created_at: Text,
});
export type Deployment = z.infer<typeof Deployment>;

export const Asked = z.object({
  action: z.literal('requested'),
  environment: Text,
  deployment_callback_url: Text,
  deployment: Deployment.nullish().catch(undefined),
  sha: Text,
  ref: Text,
  repository: Repository,
  sender: Somebody,
  workflow_run: Run,
  installation: z.object({ id: z.number().int().positive() }).nullish().catch(undefined),
});

export const DeploymentStatus = z.object({
  state: z.string(),
  environment: Text,
  environment_url: Text,
  target_url: Text,
  log_url: Text,
  created_at: Text,
  creator: Somebody,
});
export type DeploymentStatus = z.infer<typeof DeploymentStatus>;
export const StatusPayload = z.object({
  action: z.string(),
  deployment: Deployment,
  deployment_status: DeploymentStatus,
  repository: Repository,
  sender: Somebody,
  workflow_run: Run,
});

/** The API's answers. */
export const FullIssue = Issue.extend({
  draft: z.boolean().optional().catch(undefined),
  body: z.string().nullish(),
  user: Somebody,
  created_at: z.string().catch(''),
  updated_at: z.string().catch(''),
  repository_url: z.string().optional().catch(undefined),
});
export type FullIssue = z.infer<typeof FullIssue>;
export const Labels = z.array(Label).transform(namesOf);
export const Comment = z.object({
  id: z.number().int(),
  body: z.string().nullish(),
  user: Somebody,
  issue_url: z.string().optional().catch(undefined),
  created_at: z.string().catch(''),
  updated_at: z.string().catch(''),
  performed_via_github_app: z.unknown().optional(),
});
export type Comment = z.infer<typeof Comment>;
export const Done = z.unknown();
export const Delivery = z.object({
  id: z.number().int(),
  guid: z.string(),
  delivered_at: z.string(),
  event: z.string(),
});
export const DeliveryContent = z.object({ request: z.object({ payload: z.unknown() }) });
export const CheckRuns = z.object({ check_runs: z.array(z.object({ id: z.number().int() })) });
