import { z } from 'zod';

/** What is read of Taiga's answers; whatever else is in them is passed over. */

const Id = z.number().int();
const Status = z.object({
  id: Id,
  slug: z.string(),
  name: z.string(),
  order: z.number(),
  is_closed: z.boolean(),
  is_archived: z.boolean().optional(),
});
export type Status = z.infer<typeof Status>;
const Named = z.object({ id: Id, name: z.string() });
export type Named = z.infer<typeof Named>;
const listOf = <T>(row: z.ZodType<T>) =>
  z
    .array(row)
    .nullish()
    .transform((rows) => rows ?? []);

export const Me = z.object({ id: Id, username: z.string().min(1) });
export type Me = z.infer<typeof Me>;

export const Project = z.object({
  id: Id,
  slug: z.string(),
  name: z.string(),
  is_private: z.boolean().optional(),
  i_am_admin: z.boolean().optional(),
  my_permissions: listOf(z.string()),
  members: listOf(z.object({ id: Id })),
  default_us_status: Id.nullish(),
  default_issue_status: Id.nullish(),
  default_priority: Id.nullish(),
  default_severity: Id.nullish(),
  default_issue_type: Id.nullish(),
  us_statuses: listOf(Status),
  issue_statuses: listOf(Status),
  severities: listOf(Named),
  priorities: listOf(Named),
  issue_types: listOf(Named),
});
export type Project = z.infer<typeof Project>;

export const Brief = z.array(z.object({ id: Id, slug: z.string(), name: z.string() }));

const Tag = z.union([z.string(), z.tuple([z.string(), z.unknown()]).transform(([name]) => name)]);

/** A story or an issue, in a list or alone. */
export const Entry = z.object({
  id: Id,
  ref: Id,
  version: Id,
  subject: z.string(),
  status: Id.nullable(),
  status_extra_info: z.object({ is_closed: z.boolean() }).nullish(),
  is_closed: z.boolean(),
  modified_date: z.string(),
  tags: listOf(Tag),
  severity: Id.nullish(),
  milestone: Id.nullish(),
  /** Stories have it. */
  milestone_name: z.string().nullish(),
  external_reference: z.array(z.string()).nullish(),
  project_extra_info: z.object({ slug: z.string() }).nullish(),
  owner_extra_info: z.object({ username: z.string() }).nullish(),
});
export type Entry = z.infer<typeof Entry>;
export const Entries = z.array(Entry);

export const Made = z.object({ ref: Id });
export const Tasks = z.array(z.object({ id: Id, modified_date: z.string(), user_story: Id.nullish() }));
export const Resolved = z.object({ project: Id, us: Id.optional(), issue: Id.optional() });
export const History = z.array(
  z.object({
    id: z.string(),
    user: z.object({ username: z.string().nullish() }).nullish(),
    comment: z.string().nullish(),
    delete_comment_date: z.string().nullish(),
  }),
);
export const Hooks = z.array(z.object({ url: z.string() }));
export const Anything = z.unknown();
