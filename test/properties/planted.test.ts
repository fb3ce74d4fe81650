import { expect, test } from 'vitest';
import type { ItemState } from '../../src/core/item.ts';
import type { Commit, Store, Work } from '../../src/store/port.ts';
import { fc } from '../support/chance.ts';
import { cases, playCase } from './driver.ts';
import type { Plant } from './rig.ts';

/** The properties can fail: each mistake that is planted here is found, and by the property that is about it. */

/** A store to which every decision is handed in with one mistake. */
const tampered =
  (tamper: (commit: Commit, work: Work) => Commit): NonNullable<Plant['store']> =>
  (store: Store) => ({
    ...store,
    write: (turn) =>
      store.write(
        turn.map((work) =>
          'receive' in work ? work : { ...work, decide: (read, now) => tamper(work.decide(read, now), work) },
        ),
      ),
  });

const isRefused = (outcome: unknown): boolean =>
  typeof outcome === 'object' && outcome !== null && 'ok' in outcome && outcome.ok === false;

/** Who casts a ballot stands twice in the electorate from then on. */
function countTwice(commit: Commit): Commit {
  const cast = commit.events.find((event) => event.type === 'ballot-cast')?.data as
    | { person: string; vote: string }
    | undefined;
  if (cast === undefined) return commit;
  const states = commit.states.map((row) => {
    if (row.type !== 'item') return row;
    const item = row.state as ItemState;
    const votes = item.votes.map((vote) =>
      vote.id === cast.vote
        ? {
            ...vote,
            groups: vote.groups.map((group) => ({ ...group, electorate: [...group.electorate, cast.person] })),
          }
        : vote,
    );
    return { ...row, state: { ...item, votes } };
  });
  return { ...commit, states };
}

/** A refusal that writes itself into the calendar. */
function noteRefusal(commit: Commit, work: Work): Commit {
  if (work.inbox === undefined || !isRefused(commit.outcome)) return commit;
  const row = { kind: 'hint', lane: 'answer', to: { person: 's1' }, key: null, at: 0, late: false, body: {} } as const;
  return { ...commit, outbox: [...commit.outbox, row] };
}

const PLANTS: Readonly<Record<string, { readonly plant: Plant; readonly found: RegExp }>> = {
  'one person with two votes': {
    plant: { store: tampered(countTwice) },
    found: /recount|tally|counted twice|disagrees|fold/,
  },
  'R2 taken out of the rules': {
    plant: { rules: (rules) => rules.filter((rule) => rule.id !== 'R2') },
    found: /released inside a freeze|disagrees/,
  },
  'needs that nobody looks at': {
    plant: {
      processes: (version) => ({
        ...version,
        process: { ...version.process, steps: version.process.steps.map((step) => ({ ...step, needs: [] })) },
      }),
    },
    found: /disagrees/,
  },
  'a redelivery that is done again': {
    plant: {
      store: (store) => ({
        ...store,
        write: (turn) =>
          store.write(
            turn.map((work) => {
              if ('receive' in work) return work;
              const { inbox: _known, ...rest } = work;
              return rest;
            }),
          ),
      }),
    },
    found: /a redelivery/,
  },
  'a refusal that leaves a message': {
    plant: { store: tampered(noteRefusal) },
    found: /refusal left something|without its event/,
  },
  'an event without its messages': {
    plant: { store: tampered((commit) => ({ ...commit, outbox: [] })) },
    found: /without its messages/,
  },
  'a state that is not the fold of its events': {
    plant: {
      store: tampered((commit) => ({
        ...commit,
        states: commit.states.map((row) =>
          row.type === 'item' ? { ...row, state: { ...(row.state as ItemState), touchedAt: 0 } } : row,
        ),
      })),
    },
    found: /the fold is not the state row/,
  },
};

test.each(Object.entries(PLANTS))('found: %s', async (_name, { plant, found }) => {
  const details = await fc.check(
    fc.asyncProperty(cases(40), (history) => playCase(history, plant)),
    { numRuns: 60, endOnFailure: true, seed: 7 },
  );
  expect(details.failed).toBe(true);
  expect(String(details.errorInstance)).toMatch(found);
});
