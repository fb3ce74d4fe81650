import type { TrackerNews } from './incoming.ts';

/** What a forge tells. Its own times are for display: the moment is the clock's. */
export type ForgeNews =
  | { readonly news: 'tracker'; readonly of: TrackerNews }
  /** A command that somebody wrote as a comment; `id` is the comment's own. */
  | {
      readonly news: 'said';
      readonly id: string;
      readonly ref: string;
      /** As in the people of the file: `github:olga`. */
      readonly account: string;
      /** What stays when the account's name goes to somebody else, where the platform tells it. */
      readonly number?: string;
      readonly text: string;
    }
  /** A deployment waits for a word. Whatever was not told is undefined: then it is held. */
  | {
      readonly news: 'deployment-asked';
      readonly repository: string;
      readonly environment: string | undefined;
      readonly callback: string | undefined;
      readonly sha: string | undefined;
      readonly version: string | undefined;
      readonly by: string | undefined;
      /** What stays when that login goes to somebody else. */
      readonly byNumber?: string | undefined;
      /** GitHub's number of the deployment: a run that is started again has another one, at the same address. */
      readonly number?: number | undefined;
      /** The App's installation through which it was told. */
      readonly installation?: number | undefined;
      /** Why it can not be let through, whatever else holds. */
      readonly unsure?: string | undefined;
    }
  /** A deployment happened, whoever made it. */
  | {
      readonly news: 'deployed';
      readonly repository: string;
      readonly environment: string;
      readonly sha: string;
      readonly version: string;
      readonly by: string;
      /** What stays when that login goes to somebody else. */
      readonly byNumber?: string | undefined;
      readonly url: string | undefined;
      /** GitHub's number of the deployment: the same commit may be deployed again, under another one. */
      readonly number?: number | undefined;
      /** When it was made, as the platform says: we may hear of it much later. */
      readonly made?: number | undefined;
    };
