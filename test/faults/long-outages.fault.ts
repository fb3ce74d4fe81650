import { expect, test } from 'vitest';
import { tally } from '../support/tally.ts';
import { createRig, HOUR, MINUTE, type Rig } from './rig.ts';
import type { Voice } from './voice.ts';

/** Outages of all lengths, one platform after the other on the same bot: each time it comes back to what is so now. */

const platforms = ['telegram', 'slack'] as const;
const other = { telegram: 'slack', slack: 'telegram' } as const;
const LENGTHS = [10 * MINUTE, HOUR, 8 * HOUR, 25 * HOUR];

const texts = (rig: Rig, platform: (typeof platforms)[number]) =>
  rig.voices[platform]
    .seen()
    .filter(({ alone }) => !alone)
    .map(({ where, text }) => `${where}: ${text}`);

async function says(voice: Voice, person: string, text: string): Promise<void> {
  const before = voice.seenBy(person).length;
  voice.say(person, text);
  await voice.waitFor(() => voice.seenBy(person).length > before);
}

test('10 minutes, an hour, 8 hours and 25 hours of each, one after the other', { timeout: 600_000 }, async () => {
  const rig = await createRig({ at: Date.parse('2026-11-23T08:00:00+01:00') });
  let n = 0;
  for (const length of LENGTHS)
    for (const gone of platforms) {
      n += 1;
      const here = rig.voices[other[gone]];
      const there = rig.voices[gone];
      await rig.stage[gone].away(true);
      await says(here, 'dave', `/alert critical Trouble number ${n}`);
      await says(here, 'olga', `/ack ALERT-${n}`);
      for (let left = length; left > 0; left -= 5 * MINUTE) await rig.advance(Math.min(left, 5 * MINUTE));
      await says(here, 'olga', `/resolve ALERT-${n} over`);
      await rig.stage[gone].away(false);
      await rig.outlast();
      // It is there, and it answers.
      await says(there, 'sue', '/oncall');
      const parked = rig.bot().engine.store.parked(1_000);
      expect(parked.filter(({ state }) => state === 'failed')).toEqual([]);
      // Cards that were there before show the same end; what was asked meanwhile is not asked again and again.
      const all = texts(rig, gone).filter((text) => text.includes(`Trouble number ${n}`) && !/Resolved by/.test(text));
      const again = all.filter((text, at) => all.indexOf(text) !== at);
      expect(again, `after ${length / HOUR} h without ${gone}`).toEqual([]);
    }
  expect(n).toBe(LENGTHS.length * platforms.length);
  tally('fault', 'outages of ten minutes to 25 hours', n);
});
