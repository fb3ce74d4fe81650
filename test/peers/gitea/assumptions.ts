/** What the peer takes for granted about the real Gitea, and where it is from. Nothing here was tried against it. */

export const ASSUMPTIONS: readonly {
  readonly what: string;
  readonly source: 'server source' | 'documentation' | 'our choice' | 'not modelled';
}[] = [
  { what: 'A repository that the token may not see is 404, as one that is not there.', source: 'server source' },
  { what: 'A wrong token is 401, also for what everybody may see.', source: 'our choice' },
  {
    what: '`contents` of a folder is a list without contents, of a file an object with them.',
    source: 'server source',
  },
  { what: '`commits` with a path that no commit touches is 404, of an empty repository 409.', source: 'server source' },
  { what: '`commits` with a path passes over `limit`.', source: 'server source' },
  {
    what: 'A wiki’s `revisions` name no contents, are 404 without the page, and say `commiter`.',
    source: 'server source',
  },
  { what: '`/user/repos` lists what the user was let into; without `read:user` it is 403.', source: 'our choice' },
  { what: 'A page of that list may be shorter than was asked for.', source: 'documentation' },
  { what: 'A repository with another name now is a redirect.', source: 'server source' },
  { what: 'A push is signed over its bytes, with GitHub’s headers beside Gitea’s own.', source: 'server source' },
  { what: 'A branch whose name has a slash in it.', source: 'not modelled' },
];
