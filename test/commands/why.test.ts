import { expect, test } from 'vitest';
import { script } from '../support/script.ts';
import { play } from '../support/simulator.ts';

const HELD_UP = `
  @2026-11-23T10:00:00+01:00
  sam: /call open
  bea: /propose service Backups
  sam: /approve SVC-1
  sue: /approve SVC-1
  sam: /prioritise SVC-1 1
  bea: /bug major SVC-1 Slow`;

const why = async (at: string) =>
  (await play(script(`${HELD_UP}\n @${at}\n sam: /why SVC-1`))).answers.at(-1)?.text ?? '';

test('/why names an offer that nobody took (R6) and a major issue past its time (R15), and not a moment too early', async () => {
  const early = await why('2026-11-23T17:59:59+01:00');
  expect(early).not.toContain('R6');
  expect(early).not.toContain('R15');
  expect(await why('2026-11-24T10:00:00+01:00')).toContain('(R6)');
  expect(await why('2026-11-25T09:59:59+01:00')).not.toContain('(R15)');
  expect(await why('2026-11-25T10:00:00+01:00')).toContain('baton#1: Major and open for more than 48 hours (R15)');
});
