import type { Draft, World } from './draft.ts';
import { readReference } from './reference.ts';
import { enumerate } from './text.ts';
import type { Pull } from './tracked.ts';
import { see } from './tracking.ts';

/** Pull requests: what they close is shown at the issues and at their items, and nothing waits for them. */

/** A body may name as many as it likes. */
const MOST_CLOSED = 20;

interface Told {
  readonly title: string;
  readonly pull: Pull | undefined;
  readonly by: string;
}

/** Follows the news of one. Of those that close no issue of ours, and that nobody named here, nothing is kept. */
export function followPull(draft: Draft, ref: string, { title, pull, by }: Told): void {
  const before = draft.get('ref', ref);
  if (pull === undefined) return;
  const closes = [...new Set(pull.closes.flatMap((each) => issueOfOurs(draft, each)))].slice(0, MOST_CLOSED);
  if (before === undefined && closes.length === 0) return;
  const closed = before?.pull?.closes ?? [];
  see(draft, ref, 'pull', title, by);
  if (before?.pull?.state !== pull.state || closed.join() !== closes.join())
    draft.emit('ref', ref, { type: 'pull-changed', state: pull.state, closes, by });
  for (const issue of closed) if (!closes.includes(issue)) draft.emit('ref', issue, { type: 'pull-parted', pull: ref });
  for (const issue of closes)
    if (see(draft, issue, 'issue').pulls?.includes(ref) !== true)
      draft.emit('ref', issue, { type: 'pull-joined', pull: ref });
}

function issueOfOurs({ organisation }: World, words: string): string[] {
  const reference = readReference(organisation, words);
  const repository = reference?.ref.split('#')[0] ?? '';
  return reference?.kind === 'issue' && organisation.github.repositories.includes(repository) ? [reference.ref] : [];
}

/** `pull request example/web#12 (merged)`, for each that closes the issue; nothing where there is none. */
export function pullsOf(world: World, issue: string): string {
  const names = (world.get('ref', issue)?.pulls ?? []).map((ref) => `${ref} (${stateOfPull(world, ref)})`);
  return names.length === 0 ? '' : `, closed by pull request ${enumerate(names)}`;
}

/** How a pull request stands, in a word; one that nobody told us of is only said to be one. */
export const stateOfPull = (world: World, ref: string): string => world.get('ref', ref)?.pull?.state ?? 'not seen yet';
