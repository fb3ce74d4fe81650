import { z } from 'zod';
import type { AdapterLog } from '../../src/forge-ports.ts';
import { Authors, IssueCommentPayload, IssuesPayload, PullPayload, StatusPayload } from './schema.ts';

/** Webhooks that were taken and tell nothing, for they can not be read: somebody should hear of them. */

const READ: Readonly<Record<string, readonly z.ZodType[]>> = {
  issues: [Authors, IssuesPayload],
  issue_comment: [Authors, IssueCommentPayload],
  pull_request: [PullPayload],
  deployment_status: [StatusPayload],
};

const Some = z.object({ number: z.number() }).optional().catch(undefined);
const Named = z.object({ issue: Some, pull_request: Some });

/** Says so in one line, with the number alone. */
export function tellUnread(log: AdapterLog, name: string, payload: unknown): void {
  const schemas = Object.hasOwn(READ, name) ? (READ[name] ?? []) : [];
  if (schemas.every((schema) => schema.safeParse(payload).success)) return;
  const { issue, pull_request: pull } = Named.safeParse(payload).data ?? {};
  log.warn('a webhook of GitHub can not be read; it is passed over', {
    event: name,
    number: issue?.number ?? pull?.number ?? null,
  });
}
