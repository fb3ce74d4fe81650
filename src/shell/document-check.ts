import type { Documents } from '../forge-ports.ts';
import type { LinkCheck } from '../ports.ts';

/** Pages on the allow-list are asked of Gitea's API; every other address is looked at as anybody would. */
export const withDocuments = (links: LinkCheck, documents: Documents | undefined): LinkCheck =>
  documents === undefined
    ? links
    : {
        check: async (url) => {
          if (!documents.covers(url)) return links.check(url);
          try {
            return (await documents.look(url)).status;
          } catch {
            return 0;
          }
        },
      };
