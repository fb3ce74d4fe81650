import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readProcess } from '../../src/shell/read-process.ts';

const FOLDER = join(import.meta.dirname, '../../src/processes');

const GOOD = `kind: pod
prefix: POD
title: Podcast
proposed_by: [promotion]
steps:
  - { id: agree, kind: vote, owner: stakeholder, majority: stakeholder, on_call: true }
  - { id: record, kind: work, owner: promotion, marks: [development] }
  - { id: hand, kind: handover, owner: promotion, to: ops }
  - { id: publish, kind: release, owner: ops, environment: production }
  - { id: listen, kind: test, owner: qa, on_fail: publish }
`;

const problemsOf = (text: string): readonly string[] => {
  const read = readProcess('pod.yaml', text);
  return 'problems' in read ? read.problems : [];
};

test('the processes of the product, and a good one, have no mistakes', () => {
  expect(problemsOf(GOOD)).toEqual([]);
  for (const file of readdirSync(FOLDER))
    expect(problemsOf(readFileSync(join(FOLDER, file), 'utf8')), file).toEqual([]);
});

const CASES: readonly (readonly [what: string, from: string, to: string, place: string, words: RegExp])[] = [
  ['an unknown kind', 'kind: work', 'kind: wrk', '7:19', /kind is one of/],
  ['an unknown role', 'owner: qa', 'owner: tester', '10:31', /owner/],
  ['an unknown key', 'marks: [development]', 'mark: [development]', '7:49', /did you mean marks/],
  ['an unknown environment', 'environment: production', 'environment: prod', '9:47', /environment/],
  ['no release on mainnet or production', 'environment: production', 'environment: testnet', '5:1', /R9/],
  ['a step twice', 'id: record', 'id: agree', '7:7', /there twice/],
  ['a way back that leads nowhere', 'on_fail: publish', 'on_fail: nowhere', '10:42', /no earlier step/],
  ['a way back that leads forward', 'on_fail: publish', 'on_fail: listen', '10:42', /no earlier step/],
  ['a handover to the wrong team', 'to: ops', 'to: qa', '8:51', /belongs to ops/],
  ['a prefix that is ours', 'prefix: POD', 'prefix: ALERT', '2:1', /Baton's own/],
  ['a prefix in small letters', 'prefix: POD', 'prefix: pod', '2:1', /capital letters/],
  ['a mark twice', 'owner: qa,', 'owner: qa, marks: [development],', '10:42', /only one step/],
  ['a missing title', 'title: Podcast\n', '', '1:1', /title/],
];

test.each(CASES)('%s has its line and column, and says what to write', (_what, from, to, place, words) => {
  expect(GOOD).toContain(from);
  const problems = problemsOf(GOOD.replace(from, to));
  expect(problems.length).toBeGreaterThan(0);
  expect(problems.join('\n')).toMatch(words);
  expect(problems.map((problem) => /^pod\.yaml:(\d+:\d+): /.exec(problem)?.[1])).toContain(place);
});

test('all mistakes are told at once', () => {
  const text = GOOD.replace('kind: pod', 'kind: POD!')
    .replace('to: ops', 'to: qa')
    .replace('on_fail: publish', 'on_fail: no');
  expect(problemsOf(text).map((problem) => problem.split(':')[1])).toEqual(['1', '8', '10']);
});

test('what is no YAML has its place too', () => {
  expect(problemsOf('kind: [pod\n').join()).toMatch(/^pod\.yaml:\d+:\d+: /);
});
