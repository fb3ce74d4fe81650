/** What a look at a page says beside the statuses of HTTP. Neither counts as an answer. */

/** It is on the organisation's Gitea and not on the list: it was not asked. */
export const NOT_LISTED = -1;
/** Gitea may not be asked yet. */
export const NOT_VERIFIED = -2;

/** Why a page was not asked, and what to do about it; undefined: it was. */
export function unasked(status: number | undefined): string | undefined {
  if (status === NOT_LISTED)
    return 'It was not asked, because this repository is not on the list: give a page of one that is, or have it added to gitea: documents in the organisation’s file.';
  if (status === NOT_VERIFIED) return 'It is not verified, because Gitea is away: say it again when Gitea answers.';
  return undefined;
}
