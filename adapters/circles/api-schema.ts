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

/** A name, or a pair of a name and a colour; one without a name is none. */
const Tag = z
  .union([z.string(), z.tuple([z.string()], z.unknown()).transform(([name]) => name)])
  .optional()
  .catch(undefined);
const Tags = z
  .array(Tag)
  .nullish()
  .catch(undefined)
  .transform((tags) => (tags ?? []).filter((tag) => tag !== undefined));

/** A story or an issue, in a list or alone. */
export const Entry = z.object({
  id: Id,
  ref: Id,
  version: Id,
  subject: z.string(),
  status: Id.nullable().catch(null),
  status_extra_info: z.object({ is_closed: z.boolean() }).nullish().catch(undefined),
  is_closed: z.boolean(),
  modified_date: z.string().catch(''),
  tags: Tags,
  severity: Id.nullish().catch(undefined),
  milestone: Id.nullish().catch(undefined),
  /** Stories have it. */
  milestone_name: z.string().nullish().catch(undefined),
  external_reference: z.array(z.string()).nullish().catch(undefined),
  project_extra_info: z.object({ slug: z.string() }).nullish().catch(undefined),
  owner_extra_info: z.object({ username: z.string() }).nullish().catch(undefined),
});
export type Entry = z.infer<typeof Entry>;

const Dated = z.object({ modified_date: z.string() });
const Numbered = z.object({ ref: z.number() });
const Known = z.object({ id: z.number() });
/** A list, row by row: one that is odd keeps nobody from reading the others. `odd`: the numbers of those passed over. */
const rowsOf = <T>(row: z.ZodType<T>) =>
  z.array(z.unknown()).transform((all) => {
    const read = all.map((each) => row.safeParse(each));
    const odd = all.filter((_, at) => read[at]?.success !== true);
    return {
      rows: read.flatMap(({ data }): T[] => (data === undefined ? [] : [data])),
      last: all.flatMap((each) => Dated.safeParse(each).data?.modified_date ?? []).at(-1),
      odd: odd.map((each) => Numbered.safeParse(each).data?.ref ?? Known.safeParse(each).data?.id ?? null),
      isEmpty: all.length === 0,
    };
  });
export const Entries = rowsOf(Entry);

export const Made = z.object({ ref: Id });
export const Tasks = rowsOf(z.object({ id: Id, user_story: Id.nullish().catch(undefined) }));
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
