import { z } from 'zod';

/** What is read of Gitea's answers: names and dates. What a page or a commit says is in none of these. */

export const Entry = z.object({ name: z.string(), type: z.string() });

const Moment = z.object({ date: z.string().nullish() }).nullish();
export const Commit = z.object({
  created: z.string().nullish(),
  commit: z.object({ committer: Moment }).nullish(),
});

/** A wiki's revision; Gitea writes `commiter`. */
export const Revision = z.object({ commiter: Moment, committer: Moment });

export const Version = z.object({ version: z.string() });
export const Repository = z.object({ full_name: z.string() });

/** What is stored of a push. */
export const PagesChanged = z.object({
  news: z.literal('pages-changed'),
  repository: z.string(),
  branch: z.string(),
  paths: z.array(z.string()),
});
export type PagesChanged = z.infer<typeof PagesChanged>;

const Paths = z.array(z.string()).nullish();
export const Push = z.object({
  ref: z.string(),
  repository: Repository,
  commits: z.array(z.object({ added: Paths, modified: Paths, removed: Paths })).nullish(),
});
export type Push = z.infer<typeof Push>;
