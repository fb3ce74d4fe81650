import type { Plan, Say, Step } from './plan.ts';

/** Histories that once went wrong, in their smallest form: each run begins with them. */

const HOUR = 3_600_000;
const say = (at: number, verb: Say['verb'], n: number, on: Say['on'] = 'telegram'): Step => ({
  at, do: 'say', on, verb, n, isPrivate: true, isCommand: false, twice: false,
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
  // What the dead process had sent over a slow line arrived after the next one had looked for it, and it was sent again.
  'sent before it died, and there after it was looked for': {
    seed: 111686,
    beginning: 'a Monday morning',
    steps: [
      { at: 72847, do: 'weather', lasts: 64045, on: 'slack', is: 'slow', after: 5000 },
      { at: 107841, do: 'crash', crash: { point: 'github.perform', place: 'after', nth: 1, how: 'kill', down: 1304 } },
      say(107842, 'bug', 92, 'slack'),
    ],
  },
  // The clock was set back by minutes, which is followed, and leapt at once: safe mode began before the event before it.
  'safe mode just after the clock was set back': {
    seed: 601360,
    beginning: 'the evening on which it ends',
    steps: [
      { at: 404731, do: 'say', on: 'telegram', verb: 'go', n: 505, isPrivate: true, isCommand: false, twice: false },
      { at: 405010, do: 'leap', by: -240000 },
      { at: 409498, do: 'leap', by: 7200000 },
    ],
  },
  // A vote that was done came again while the disk was full, and was answered with “Not done, nothing was changed”.
  'brought again while nothing is written': {
    seed: 601243,
    beginning: 'the night that is an hour longer',
    steps: [
      { at: 32192, do: 'full', lasts: 15276 },
      { at: 39903, do: 'say', on: 'slack', verb: 'vote', n: 0, isPrivate: true, isCommand: true, twice: false },
      { at: 40879, do: 'say', on: 'slack', verb: 'vote', n: 1, isPrivate: true, isCommand: true, twice: true },
      { at: 41093, do: 'say', on: 'slack', verb: 'vote', n: 2, isPrivate: false, isCommand: false, twice: false },
    ],
  },
  // A job waited a full minute for its next try, and so longer than that after GitHub was back.
  'a job that waits while GitHub is back': {
    seed: 108875,
    beginning: 'the night that is an hour longer',
    steps: [
      say(61034, 'freeze', 925, 'slack'),
      { at: 167576, do: 'crash', crash: { point: 'store.decide', place: 'after', nth: 1, how: 'kill', down: 269951 } },
      say(187619, 'go', 7, 'slack'),
      { at: 206906, do: 'say', on: 'telegram', verb: 'bug', n: 77, isPrivate: false, isCommand: false, twice: false },
      say(215906, 'ack', 0, 'slack'),
      { at: 216384, do: 'weather', lasts: 600000, on: 'github', is: 'refused', after: 45000 },
      { at: 389841, do: 'say', on: 'slack', verb: 'go', n: 925, isPrivate: false, isCommand: false, twice: false },
      { at: 403006, do: 'press', on: 'telegram', n: 561, times: 1, isOld: false },
      say(473402, 'go', 5, 'slack'),
    ],
  },
};
