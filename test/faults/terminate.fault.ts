import { expect, test } from 'vitest';
import { tally } from '../support/tally.ts';
import { CONVERSATION } from './conversation.ts';
import { MOMENTS } from './kill-moments.ts';
import { beyond, MODES, platformOf, play, undisturbedOn } from './kill-play.ts';

/** The bot is asked to end (SIGTERM) in the middle of each step: it ends in good order, and then nothing came twice at all. */

test.concurrent.each(MODES)('%s: ended in every step', { timeout: 600_000 }, async (mode) => {
  // What hangs at a platform is waited for, up to its time-out: that is another test's.
  const moments = MOMENTS[platformOf(mode)].filter(({ at }) => at !== 'call');
  const { events, messages } = await undisturbedOn(mode);
  const offset = MODES.indexOf(mode) * 5;
  const ended = await play(
    mode,
    CONVERSATION.map((_, at) => moments[(at * 3 + offset) % moments.length]),
    'SIGTERM',
  );
  console.log(`${mode}, ended ${ended.hits.length} times (${ended.hits.join(', ')})`);
  expect(ended.hits.length).toBeGreaterThan(CONVERSATION.length / 3);
  expect(ended.events).toEqual(events);
  expect(beyond(messages, ended.messages)).toEqual([]);
  expect(beyond(ended.messages, messages)).toEqual([]);
  tally('fault', 'SIGTERM in the middle', ended.hits.length);
});
