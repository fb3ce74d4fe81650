import { z } from 'zod';

/** What is read of a Taiga webhook. */

const Project = z.object({ permalink: z.string().optional(), slug: z.string().optional() });
const Status = z.object({ slug: z.string().optional(), is_closed: z.boolean().optional() });
/** A name, or a pair of a name and a colour; one without a name is none. */
const Tag = z
  .union([z.string(), z.tuple([z.string()], z.unknown()).transform(([name]) => name)])
  .optional()
  .catch(undefined);
const Tags = z.array(Tag).transform((tags) => tags.filter((tag) => tag !== undefined));

const Thing = z.object({
  /** Milestones and tests have none. */
  ref: z.number().int().optional(),
  subject: z.string().optional().catch(undefined),
  is_closed: z.boolean().optional(),
  status: Status.nullish(),
  tags: Tags.nullish().catch(undefined),
  severity: z.object({ name: z.string() }).nullish().catch(undefined),
  milestone: z.object({ name: z.string() }).nullish().catch(undefined),
  permalink: z.string().optional().catch(undefined),
  project: Project.optional().catch(undefined),
});
export type TaigaData = z.infer<typeof Thing>;

export const TaigaPayload = z.object({
  action: z.string(),
  type: z.string(),
  by: z.object({ username: z.string() }).optional().catch(undefined),
  data: Thing.extend({ user_story: Thing.nullish() }),
  change: z.object({ comment: z.string().nullish() }).nullish().catch(undefined),
});

/** What makes a delivery itself: there is no id of its own, and sent again it has other bytes. */
export const Delivery = z.object({
  action: z.string().max(40),
  type: z.string().max(40),
  date: z.string().max(40).optional(),
  data: z.object({ id: z.union([z.number(), z.string().max(40)]).optional() }),
});

/** A delivery as it is stored: with our own name at that moment, so that what we did is known by it for ever. */
export const Stored = z.object({
  own: z.string().nullable(),
  payload: z.looseObject({ by: z.object({ username: z.string() }).optional().catch(undefined) }),
});
