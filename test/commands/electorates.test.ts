import { describe, expect, test } from 'vitest';
import { table } from '../support/script.ts';
import { outcomeOf, play } from '../support/simulator.ts';

/** Agree votes through the simulator, with one to five stakeholders: the answer to the last ballot. */

const PEOPLE = ['ann', 'bob', 'cat', 'dan', 'eve'];
const WORDS: Readonly<Record<string, string>> = {
  '+': '/approve PROD-1',
  '-': '/reject PROD-1 no',
  o: '/abstain PROD-1',
};

const organisation = (count: number): string =>
  `organisation: Example\ntimezone: Europe/Brussels\npeople:\n${PEOPLE.slice(0, count)
    .map((id) => `  - { id: ${id}, roles: [stakeholder] }\n`)
    .join('')}  - { id: ada, roles: [admin, bizdev] }\n`;

const ROWS = table(`
  1  ann+                       -> approved
  1  ann-                       -> rejected
  2  ann+                       -> voted
  2  ann+ bob+                  -> approved
  2  ann-                       -> rejected
  3  ann+ bob-                  -> voted
  3  ann+ bob- cat+             -> approved
  3  ann+ bob- cat-             -> rejected
  3  ann+ ann+                  -> already
  3  ann+ bob+ cat+             -> already
  4  ann+ bob+                  -> voted
  4  ann+ bob+ cat+             -> approved
  4  ann- bob-                  -> rejected
  4  ann+ bob+ cato dano        -> rejected
  5  ann+ bob+ cat-             -> voted
  5  ann+ bob+ cat- dan- eve+   -> approved
  5  ann- bob- cat-             -> rejected
  5  ann- bob- ann+ cat+ dan+   -> approved
`);

describe('one to five stakeholders', () => {
  test.each(ROWS)('$columns -> $outcome', async ({ columns: [count = '', ballots = ''], outcome }) => {
    const said = ballots.split(' ').map((each) => ({ as: each.slice(0, -1), say: WORDS[each.slice(-1)] }));
    const played = await play(
      [
        { at: '2026-11-23T10:00:00+01:00' },
        { as: 'ann', say: '/call open' },
        { as: 'ada', say: '/propose product Grid' },
        ...said,
      ],
      { organisation: organisation(Number(count)) },
    );
    expect(outcomeOf(played.answers.at(-1) ?? {})).toBe(outcome);
  });
});

test('a vote without anybody who may vote does not open, the step says so, and the admins hear of it', async () => {
  const played = await play(
    [
      { at: '2026-11-23T10:00:00+01:00' },
      { as: 'ada', say: '/propose product First' },
      { as: 'ada', say: '/link PROD-1 org/repo#1' },
      { as: 'ada', say: '/propose product Grid urgent org/repo#1' },
      { as: 'ada', say: '/why PROD-2' },
      { as: 'ada', say: '/role grant stakeholder ada' },
      { as: 'ada', say: '/approve PROD-2' },
    ],
    { organisation: organisation(0) },
  );
  expect(played.sent.map((line) => [line.sent, line.to])).toEqual([
    ['hint', { person: 'ada' }],
    ['vote-opened', { person: 'ada' }],
    ['vote-closed', { person: 'ada' }],
  ]);
  expect(played.answers.at(-3)?.text).toContain('stakeholder');
  expect(outcomeOf(played.answers.at(-1) ?? {})).toBe('approved');
});
