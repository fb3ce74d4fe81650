import { NOT_LISTED } from '../core/page-status.ts';
import type { Documents } from '../forge-ports.ts';
import type { LinkCheck } from '../ports.ts';

/**
 * Pages on the allow-list are asked of Gitea's API, and what else is on its host is not asked at all; every other address
 * is looked at as anybody would.
 */
export const withDocuments = (links: LinkCheck, documents: Documents | undefined): LinkCheck =>
  documents === undefined
    ? links
    : {
        check: async (url) => {
          if (!documents.covers(url)) return documents.isHere(url) ? NOT_LISTED : links.check(url);
          try {
            return (await documents.look(url)).status;
          } catch {
            return 0;
          }
        },
      };
