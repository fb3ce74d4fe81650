/** The organisation's repositories, in its own spelling: GitHub's is the same whatever the case of its letters. */

export interface Repository {
  /** As the organisation writes it: `owner/name`. */
  readonly name: string;
  readonly owner: string;
  readonly repo: string;
}
export interface Issue extends Repository {
  readonly number: number;
}

export interface Repositories {
  readonly all: readonly Repository[];
  /** Undefined: none of ours. */
  find(name: string): Repository | undefined;
  /** Reads `owner/name#12`; undefined: no issue of ours. */
  issue(ref: string): Issue | undefined;
}

export function createRepositories(names: readonly string[]): Repositories {
  const known = new Map<string, Repository>();
  for (const name of names) {
    const [owner = '', repo = ''] = name.split('/');
    if (owner !== '' && repo !== '') known.set(name.toLowerCase(), { name, owner, repo });
  }
  const find = (name: string): Repository | undefined => known.get(name.toLowerCase());
  return {
    all: [...known.values()],
    find,
    issue: (ref) => {
      const read = /^([\w.-]+\/[\w.-]+)#(\d{1,9})$/.exec(ref);
      const repository = read === null ? undefined : find(read[1] ?? '');
      return repository === undefined ? undefined : { ...repository, number: Number(read?.[2]) };
    },
  };
}
