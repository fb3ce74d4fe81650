import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readOrganisation } from '../../src/shell/read-organisation.ts';
import type { EventRow } from '../../src/store/port.ts';
import { checkReleases } from './oracle-releases.ts';

/** The oracle itself, on a few events by hand: it lets pass what is right, and says what is not. */

const MONDAY = Date.parse('2026-11-23T10:00:00+01:00');
const FRIDAY = Date.parse('2026-11-27T10:00:00+01:00');
const HOUR = 3_600_000;
const SHA = 'c'.repeat(40);
const ITEM = 'item/WEB-1';

type Told = readonly [at: number, stream: string, type: string, data: object];
const at = (instant: number, type: string, data: object = {}, stream = ITEM): Told => [instant, stream, type, data];

function problemOf(told: readonly Told[], made: readonly number[] = []): string | undefined {
  const read = readOrganisation(join(import.meta.dirname, '../transcripts/organisation.yaml'));
  if ('problems' in read) throw new Error(read.problems.join('\n'));
  const { calendar } = read.organisation;
  const organisation = {
    ...read.organisation,
    calendar: { ...calendar, release_freeze: { ...calendar.release_freeze, emergency: true } },
  };
  const events = told.map(
    ([instant, stream, type, data], seq): EventRow => ({
      seq, stream, type, data, at: instant, version: seq, actor: 'x', via: 'web',
    }), // biome-ignore format: one event
  );
  try {
    checkReleases(
      organisation,
      events,
      (what) => new Error(what),
      () => made,
    );
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

const reviewed = at(MONDAY, 'vote-closed', { vote: 'WEB-1/9', subject: 'review', result: 'approved' });
const decided = (by: string, when = MONDAY, sha = SHA): Told =>
  at(when, 'deployment-decided', { deployment: 'd1', decision: 'approved', environment: 'production', sha, by });
const arrived = (when: number, more: object): readonly Told[] => [
  at(when, 'deployed', { environment: 'production', sha: SHA, by: 'olga', note: null }),
  at(when, 'released', { environment: 'production', by: 'olga', emergency: null, outside: true, ...more }),
  at(when, 'step-done', { step: 'production' }),
];
const ADMITTED = { admitted: true };

test('what was let go may arrive six hours later, however late we hear of it, and no later', () => {
  const told = [reviewed, decided('olga-gh'), ...arrived(MONDAY + 30 * HOUR, ADMITTED)];
  expect(problemOf(told, [MONDAY + 6 * HOUR])).toBeUndefined();
  expect(problemOf(told, [MONDAY + 6 * HOUR + 1])).toMatch(/let go too long before/);
  expect(problemOf(told)).toMatch(/let go too long before/);
});

test.each([
  ['nobody let it go', [reviewed, ...arrived(MONDAY, ADMITTED)], /that nobody had let go/],
  ['another commit was', [reviewed, decided('olga-gh', MONDAY, 'd'), ...arrived(MONDAY, ADMITTED)], /nobody had/],
  ['it was let go for a developer', [reviewed, decided('dave-gh')], /was let go by dave-gh, who is not of OPS/],
  ['it was let go in the freeze', [reviewed, decided('olga-gh', FRIDAY)], /inside the weekly freeze/],
  ['it was let go unapproved', [decided('olga-gh')], /without its approvals/],
  [
    'it went past the bot in the freeze',
    [reviewed, ...arrived(FRIDAY, {})],
    /went on by a release past the bot .* inside the weekly/,
  ],
] as const)('a deployment is wrong where %s', (_name, told, wrong) => {
  expect(problemOf(told)).toMatch(wrong);
});

const ISSUE = 'example/web#7';
const issue = (severity = 'critical'): readonly Told[] => [
  at(FRIDAY, 'linked', { ref: ISSUE }),
  at(FRIDAY, 'seen', { open: true }, `ref/${ISSUE}`),
  at(FRIDAY, 'severity-set', { severity }, `ref/${ISSUE}`),
];
const RELEASE = { environment: 'production', version: null, by: 'omar', emergency: ISSUE };
const VOTE = { vote: 'WEB-1/12', subject: 'emergency' };
const ballots = (...people: readonly string[]): readonly Told[] =>
  people.map((person) => at(FRIDAY, 'ballot-cast', { vote: 'WEB-1/12', person, choice: 'approve' }));
const emergency = (signed: readonly string[], between: readonly Told[] = [], by = 'omar'): readonly Told[] => [
  at(FRIDAY, 'release-requested', { ...RELEASE, by }),
  at(FRIDAY, 'vote-opened', VOTE),
  ...ballots(...signed),
  ...between,
  at(FRIDAY, 'vote-closed', { ...VOTE, result: 'approved' }),
  at(FRIDAY, 'released', { ...RELEASE, by, approvedBy: [...new Set(signed)] }),
];

test('an emergency that whoever is on call asked for and two stakeholders signed is right', () => {
  expect(problemOf([...issue(), ...emergency(['sam', 'sue'])])).toBeUndefined();
});

test.each([
  ['one signed it', [...issue(), ...emergency(['sam'])], /signed by sam alone/],
  ['one signed it twice', [...issue(), ...emergency(['sam', 'sam'])], /signed by sam alone/],
  ['a developer signed it', [...issue(), ...emergency(['sam', 'dave'])], /signed by dave, who is no stakeholder/],
  ['somebody else was on call', [...issue(), ...emergency(['sam', 'sue'], [], 'olga')], /while omar was on call/],
  ['its issue is a small one', [...issue('minor'), ...emergency(['sam', 'sue'])], /no open critical issue/],
  [
    'its issue was closed meanwhile',
    [...issue(), ...emergency(['sam', 'sue'], [at(FRIDAY, 'closed', {}, `ref/${ISSUE}`)])],
    /no open critical issue/,
  ],
  [
    'its asker is of OPS no longer',
    [
      ...issue(),
      ...emergency(['sam', 'sue'], [at(FRIDAY, 'role-revoked', { person: 'omar', role: 'ops' }, 'people/all')]),
    ],
    /omar, who is not of OPS any more/,
  ],
  ['nobody asked for it', emergency(['sam', 'sue']).slice(1), /that nobody approved just before/],
] as const)('an emergency is wrong where %s', (_name, told, wrong) => {
  expect(problemOf(told)).toMatch(wrong);
});
