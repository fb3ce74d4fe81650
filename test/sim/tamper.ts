import type { ItemState } from '../../src/core/item.ts';
import type { Commit, OutboxDraft, Store } from '../../src/store/port.ts';

/** What planted mistakes do to a decision on its way to the store. */

export const NOTHING = (outbox: readonly OutboxDraft[]): Commit => ({
  events: [], states: [], outbox, timers: [], cleared: [], mirrors: [], outcome: null,
}); // biome-ignore format: one value

export const tampered =
  (tamper: (commit: Commit) => Commit) =>
  (store: Store): Store => ({
    ...store,
    write: (turn) =>
      store.write(
        turn.map((work) =>
          'receive' in work ? work : { ...work, decide: (read, now) => tamper(work.decide(read, now)) },
        ),
      ),
  });

/** Who casts a ballot stands twice in the electorate from then on. */
export function countTwice(commit: Commit): Commit {
  const cast = commit.events.find((event) => event.type === 'ballot-cast')?.data as
    | { person: string; vote: string }
    | undefined;
  if (cast === undefined) return commit;
  const states = commit.states.map((row) => {
    if (row.type !== 'item') return row;
    const item = row.state as ItemState;
    const votes = item.votes.map((vote) => {
      if (vote.id !== cast.vote) return vote;
      const groups = vote.groups.map((group) => ({ ...group, electorate: [...group.electorate, cast.person] }));
      return { ...vote, groups };
    });
    return { ...row, state: { ...item, votes } };
  });
  return { ...commit, states };
}
