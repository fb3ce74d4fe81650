import type { Repositories } from './repositories.ts';
import { Authors } from './schema.ts';

/**
 * Webhooks that come late tell of what is no more, and nothing has changed since that a question for changes would show.
 * So what they speak of is looked at once more.
 */
export interface Late {
  /** Hears of a webhook. */
  came(name: string, payload: unknown): void;
  /** The changes of a repository are known up to this moment. */
  known(repository: string, at: number): void;
  /** Was there a webhook since this was last asked? Then nothing is left out because GitHub has nothing new. */
  takeStirred(repository: string): boolean;
  /** Numbers to look at, at most so many; they count as looked at. */
  take(repository: string, most: number): readonly number[];
  again(repository: string, number: number): void;
  has(repository: string): boolean;
}

const MOST = 2_000;

export function createLate(repositories: Repositories, margin: number): Late {
  const upTo = new Map<string, number>();
  const stirred = new Set<string>();
  const waiting = new Map<string, Set<number>>();
  const add = (repository: string, number: number): void => {
    const numbers = waiting.get(repository) ?? new Set<number>();
    if (numbers.size < MOST) numbers.add(number);
    waiting.set(repository, numbers);
  };
  return {
    came: (name, payload) => {
      if (name !== 'issues' && name !== 'issue_comment') return;
      const read = Authors.safeParse(payload);
      const repository = read.success ? repositories.find(read.data.repository.full_name)?.name : undefined;
      if (!read.success || repository === undefined || read.data.issue.pull_request != null) return;
      stirred.add(repository);
      const at = Date.parse(read.data.issue.updated_at ?? '');
      const limit = upTo.get(repository);
      if (limit === undefined || Number.isNaN(at) || at < limit - margin) add(repository, read.data.issue.number);
    },
    known: (repository, at) => void upTo.set(repository, at),
    takeStirred: (repository) => stirred.delete(repository),
    take: (repository, most) => {
      const numbers = waiting.get(repository);
      const taken = [...(numbers ?? [])].slice(0, most);
      for (const number of taken) numbers?.delete(number);
      return taken;
    },
    again: add,
    has: (repository) => (waiting.get(repository)?.size ?? 0) > 0,
  };
}
