import { type Reader, type StateRow, TurnFailed, type Work } from '../../src/store/port.ts';
import type { Plant } from './plants.ts';

/** Mistakes of those who remember: a decision that reads what was so a while ago. */

/** One stream is read once, and remembered until the process ends; whoever writes to it reads it anew. */
const remembering =
  (stream: string): NonNullable<Plant['store']> =>
  (store) => {
    let kept: { readonly row: StateRow | undefined } | undefined;
    const stale = (read: Reader): Reader => ({
      ...read,
      state: (name) => {
        if (name !== stream) return read.state(name);
        kept ??= { row: read.state(name) };
        return kept.row;
      },
    });
    return {
      ...store,
      write: (turn) =>
        store.write(
          turn.map((work) => {
            if ('receive' in work) return work;
            const decide: Work['decide'] = (read, now) => {
              const commit = work.decide(stale(read), now);
              return commit.states.some((row) => row.stream === stream) ? work.decide(read, now) : commit;
            };
            return { ...work, decide };
          }),
        ),
    };
  };

/** What a turn would have left that was not committed is taken for what is so. */
const notForgetting: NonNullable<Plant['store']> = (store) => {
  const wrong = new Map<string, StateRow>();
  return {
    ...store,
    async write(turn) {
      const last: StateRow[] = [];
      const works = turn.map((work) => {
        if ('receive' in work) return work;
        const decide: Work['decide'] = (read, now) => {
          const commit = work.decide({ ...read, state: (name) => wrong.get(name) ?? read.state(name) }, now);
          last.push(...commit.states);
          return commit;
        };
        return { ...work, decide };
      });
      try {
        return await store.write(works);
      } catch (error) {
        if (error instanceof TurnFailed) for (const row of last) wrong.set(row.stream, row);
        throw error;
      }
    },
  };
};

export const STALE_PLANTS = {
  'the calendar as it was when the process began': {
    plant: { store: remembering('calendar/all') },
    found: /^I5/,
  },
  'roles as they were when the process began': {
    plant: { store: remembering('people/all') },
    found: /^I5/,
  },
  'what a failed commit left in memory': { plant: { store: notForgetting }, found: /^(fault|I2|I7|I3)/ },
} as const;
