import type { Plan, Say, Step } from './plan.ts';

/** Histories that once went wrong, in their smallest form: each run begins with them. */

const HOUR = 3_600_000;
const say = (at: number, verb: Say['verb'], n: number): Step => ({
  at, do: 'say', on: 'telegram', verb, n, isPrivate: true, isCommand: false, twice: false,
}); // biome-ignore format: one value

export const FOUND: Readonly<Record<string, Plan>> = {
  // A day of calls about two alerts came a second apart each, also those that were given up for newer ones.
  'a day in which nobody could be called': {
    seed: 1,
    beginning: 'the evening on which it ends',
    steps: [
      { at: 1_000, do: 'weather', on: 'slack', is: 'refused', lasts: 25 * HOUR, after: 1_000 },
      say(2_000, 'alert', 2),
    ],
  },
};
