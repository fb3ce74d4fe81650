import { describe, expect, test } from 'vitest';
import { IMPLEMENT, STAGED, script } from '../support/script.ts';
import { outcomeOf, play } from '../support/simulator.ts';

/** A title has at most 200 characters, a note, a reason or a text 2,000; more is refused with the limit’s name. */

const START = '@2026-11-23T10:00:00+01:00';

const CASES: readonly (readonly [before: string, who: string, command: string, most: number, code: string])[] = [
  [START, 'sam', '/propose web', 200, 'proposed'],
  [START, 'dave', '/bug minor', 200, 'logged'],
  [START, 'dave', '/feature', 200, 'logged'],
  [START, 'dave', '/story', 200, 'logged'],
  [START, 'dave', '/feedback', 200, 'logged'],
  [START, 'dave', '/alert major', 200, 'alerted'],
  [IMPLEMENT, 'dave', '/urgent PROD-1', 200, 'logged'],
  [IMPLEMENT, 'sam', '/escalate PROD-1', 2000, 'escalated'],
  [IMPLEMENT, 'sam', '/drop PROD-1', 2000, 'dropped'],
  [IMPLEMENT, 'sam', '/object PROD-1', 2000, 'objected'],
  [IMPLEMENT, 'mia', '/announce PROD-1', 2000, 'drafted'],
  [STAGED, 'sam', '/approve WEB-1', 2000, 'voted'],
  [STAGED, 'sam', '/reject WEB-1', 2000, 'voted'],
  [START, 'olga', '/freeze declare 2026-12-24 2026-12-25', 2000, 'declared'],
];

describe.each(CASES)('%#', (before, who, command, most, code) => {
  const say = async (length: number) =>
    (await play([...script(before), { as: who, say: `${command} ${'é'.repeat(length)}` }])).answers.at(-1) ?? {};

  test(`${command}: ${most} characters are carried out, one more is refused with the limit`, async () => {
    expect((await say(most)).code).toBe(code);
    const more = await say(most + 1);
    expect(outcomeOf(more)).toBe('usage');
    expect(more.text).toContain(String(most));
  });
});
