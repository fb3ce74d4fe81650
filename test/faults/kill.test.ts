import { expect, test } from 'vitest';
import { tally } from '../support/tally.ts';
import { CONVERSATION } from './conversation.ts';
import { MOMENTS } from './kill-moments.ts';
import { beyond, MODES, platformOf, play, undisturbedOn } from './kill-play.ts';

/**
 * The bot is ended by `kill -9` in the middle of each step of a conversation, each time at another moment: at a commit,
 * before or after it; while a platform works on a call, or has done it and its answer is still on the way; while nobody
 * is there at all. `KILL_ROUNDS` plays more rounds, in each of which every step has the next moment.
 */

const ROUNDS = Number(process.env.KILL_ROUNDS ?? 1);

test.concurrent.each(MODES)(
  '%s: killed in every step, and in the end as if nothing had happened',
  { timeout: 60_000 + ROUNDS * 120_000 },
  async (mode) => {
    const moments = MOMENTS[platformOf(mode)];
    const { events, messages } = await undisturbedOn(mode);
    for (let round = 0; round < ROUNDS; round += 1) {
      const offset = MODES.indexOf(mode) * 5 + round;
      const killed = await play(
        mode,
        CONVERSATION.map((_, at) => moments[(at * 3 + offset) % moments.length]),
      );
      const doubles = beyond(killed.messages, messages);
      console.log(
        `${mode}, killed ${killed.hits.length} times (${killed.hits.join(', ')}): of ${killed.messages.length} messages ${killed.underWay} were under way, ${doubles.length} came twice`,
      );
      expect(killed.hits.length).toBeGreaterThan(CONVERSATION.length / 3);
      expect(killed.events).toEqual(events);
      expect(beyond(messages, killed.messages)).toEqual([]);
      // Telegram can not be asked whether a message arrived; Slack can, and is. One kill may catch a message to each chat.
      expect(doubles.length).toBeLessThanOrEqual(platformOf(mode) === 'telegram' ? killed.underWay : 0);
      tally('fault', 'kill -9 in every step of a conversation', killed.hits.length);
    }
  },
);
