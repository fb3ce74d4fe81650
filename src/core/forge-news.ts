import type { TrackerNews } from './incoming.ts';

/** What a forge tells. Its own times are for display: the moment is the clock's. */
export type ForgeNews =
  | { readonly news: 'tracker'; readonly of: TrackerNews }
  /** A command that somebody wrote as a comment; `id` is the comment's own. */
  | {
      readonly news: 'said';
      readonly id: string;
      readonly ref: string;
      readonly account: string;
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
    }
  /** A deployment happened, whoever made it. */
  | {
      readonly news: 'deployed';
      readonly repository: string;
      readonly environment: string;
      readonly sha: string;
      readonly version: string;
      readonly by: string;
      readonly url: string | undefined;
    };
