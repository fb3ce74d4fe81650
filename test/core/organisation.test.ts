import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parseOrganisation, readOrganisation } from '../../src/shell/read-organisation.ts';
import { TRANSCRIPTS } from '../support/simulator.ts';

const GOOD = `organisation: Example Grid
timezone: Europe/Brussels
people:
  - { id: olga, name: Olga, roles: [ops], telegram: 1001, slack: U0OLGA, github: olga-gh, email: olga@example.org }
  - { id: sam, name: Sam, roles: [stakeholder], telegram: 1002, slack: U0SAM }
chats:
  - { name: ops, team: ops, slack: C0OPS }
calendar:
  release_freeze: { from: Thu 00:00, until: Mon 00:00, emergency: false }
  ops_hours: { days: [Sun, Mon], from: "09:00", until: "18:00" }
on_call: { rotates: weekly, starts: 2026-11-02, people: [olga] }
reminders: { wednesday-morning: "0 9 * * Wed", digest: off }
`;

const problemsOf = (text: string): readonly string[] => {
  const read = parseOrganisation('org.yaml', text);
  return 'problems' in read ? read.problems : [];
};

test('an organisation, a timezone and people are enough, and the rest has the defaults of the contract', () => {
  const read = parseOrganisation('org.yaml', 'organisation: A\ntimezone: Europe/Brussels\npeople: []\n');
  expect('organisation' in read ? read.organisation : read.problems).toMatchObject({
    calendar: {
      release_freeze: { from: 'Thu 00:00', until: 'Mon 00:00', emergency: false },
      critical_nights: true,
      ops_hours: { days: ['Sun', 'Mon', 'Tue', 'Wed', 'Thu'], from: '09:00', until: '18:00' },
      on_call_hours: { days: ['Fri', 'Sat'], from: '09:00', until: '18:00' },
      working_hours: { days: ['Mon', 'Tue', 'Wed', 'Thu', 'Fri'], from: '09:00', until: '18:00' },
      sprint: { starts: '2026-11-02', days: 14 },
      holidays: [],
    },
    environments: { shared: ['devnet', 'testnet', 'staging', 'mainnet', 'production'] },
    severities: { critical: ['critical', 'priority_critical'], major: ['major'], minor: ['minor'] },
    github: { repositories: [] },
    reminders: {},
    link_hosts: [],
  });
});

test('the transcripts’ file and the good one have no mistakes', () => {
  expect(readOrganisation(join(TRANSCRIPTS, 'organisation.yaml'))).toHaveProperty('organisation');
  expect(problemsOf(GOOD)).toEqual([]);
});

const CASES: readonly (readonly [what: string, from: string, to: string, place: string, words: RegExp])[] = [
  ['a timezone that is none', 'Europe/Brussels', 'Europe/Brussel', '2:1', /IANA/],
  ['a role that is none', 'roles: [ops]', 'roles: [opps]', '4:37', /roles/],
  ['an unknown key', 'telegram: 1001', 'telegramm: 1001', '4:43', /did you mean telegram/],
  ['an unknown key above', 'chats:', 'chat:', '6:1', /did you mean chats/],
  ['an id twice', 'id: sam', 'id: olga', '5:7', /used twice/],
  ['an account twice', 'telegram: 1002', 'telegram: 1001', '5:49', /belongs to two/],
  ['a time that is none', 'from: "09:00"', 'from: "9 am"', '10:34', /time of day/],
  ['a moment that is none', 'from: Thu 00:00', 'from: Thursday', '9:21', /moment of the week/],
  ['hours that end before they begin', 'until: "18:00"', 'until: "08:00"', '10:3', /begin before they end/],
  ['somebody on call who is not there', 'people: [olga]', 'people: [omar]', '11:58', /nobody has the id omar/],
  ['a rotation that is none', 'rotates: weekly', 'rotates: monthly', '11:12', /rotates/],
  ['a day that is none', 'starts: 2026-11-02', 'starts: 2026-02-30', '11:29', /no such day/],
  ['a reminder of no name', 'digest: off', 'digests: off', '12:48', /did you mean digest/],
  ['a cron that is none', '0 9 * * Wed', '9 o’clock', '12:14', /no cron expression/],
  ['a missing name', 'organisation: Example Grid\n', '', '1:1', /organisation/],
];

test.each(CASES)('%s has its line and column, and says what to write', (_what, from, to, place, words) => {
  expect(GOOD).toContain(from);
  const problems = problemsOf(GOOD.replace(from, to));
  expect(problems.join('\n')).toMatch(words);
  expect(problems.map((problem) => /^org\.yaml:(\d+:\d+): /.exec(problem)?.[1])).toContain(place);
});

test('all mistakes are told at once', () => {
  const text = GOOD.replace('Europe/Brussels', 'Mars')
    .replace('[ops]', '[opps]')
    .replace('people: [olga]', 'people: [zoe]');
  expect(problemsOf(text).map((problem) => problem.split(':')[1])).toEqual(['2', '4', '11']);
});
