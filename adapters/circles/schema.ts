import { z } from 'zod';

/** What is read of a Taiga webhook. */

const Project = z.object({ permalink: z.string().optional(), slug: z.string().optional() });
const Status = z.object({ slug: z.string().optional(), is_closed: z.boolean().optional() });

const Data = z.object({
  ref: z.number().int(),
  subject: z.string().optional(),
  is_closed: z.boolean().optional(),
  status: Status.nullish(),
  tags: z.array(z.union([z.string(), z.tuple([z.string(), z.unknown()]).transform(([name]) => name)])).nullish(),
  severity: z.object({ name: z.string() }).nullish(),
  permalink: z.string().optional(),
  project: Project.optional(),
});

export const TaigaPayload = z.object({
  action: z.string(),
  type: z.string(),
  by: z.object({ username: z.string() }).optional(),
  data: Data,
  change: z.object({ comment: z.string().nullish() }).nullish(),
});
export type TaigaPayload = z.infer<typeof TaigaPayload>;
