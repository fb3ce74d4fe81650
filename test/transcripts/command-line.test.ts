import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { play, readTranscript, TRANSCRIPTS } from '../support/simulator.ts';

/** The real command line, for what only it shows: exit codes, and where a mistake is. */

const MAIN = join(import.meta.dirname, '../../src/main.ts');
const ORGANISATION = join(TRANSCRIPTS, 'organisation.yaml');
const folder = mkdtempSync(join(tmpdir(), 'baton-command-line-'));
afterAll(() => rmSync(folder, { recursive: true }));

const run = (input: string, org = ORGANISATION, ...more: readonly string[]) => {
  const { status, stdout, stderr } = spawnSync(process.execPath, [MAIN, 'simulate', '--org', org, ...more], {
    input,
    encoding: 'utf8',
  });
  return { status, lines: stdout.split('\n').filter(Boolean), stderr };
};

const FIRST = '{"at":"2026-11-23T10:00:00+01:00"}\n{"as":"sam","say":"/call open"}\n';

test('a transcript on the command line is what it is in this process', () => {
  const { status, lines, stderr } = run(readTranscript('web.jsonl'));
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  expect(`${lines.join('\n')}\n`).toBe(readTranscript('web.out.jsonl'));
});

test('a line that can not be played: exit status 2, and the lines before it stand', () => {
  const db = join(folder, 'stands.sqlite');
  const { status, lines, stderr } = run(`${FIRST}{"as":"sam","says":"/call close"}\n`, ORGANISATION, '--db', db);
  expect(status).toBe(2);
  expect(stderr).toContain('line 3');
  expect(lines.map((line) => JSON.parse(line).code)).toEqual(['moved', 'opened']);
  const again = run('{"at":"2026-11-23T11:00:00+01:00"}\n{"as":"sam","say":"/call open"}\n', ORGANISATION, '--db', db);
  expect(again.lines.map((line) => JSON.parse(line).code)).toEqual(['moved', 'already']);
});

test.each([
  ['an unknown field', '{"as":"sam","say":"/status","loud":true}', /loud/],
  ['no field that is known', '{"hello":"world"}', /say/],
  ['no JSON', '{"as":"sam"', /JSON/],
  ['a list', '[1]', /object/],
  ['a clock that goes backwards', '{"at":"2026-11-23T09:59:59+01:00"}', /backwards/],
  ['a moment that is none', '{"at":"tomorrow"}', /2026-11-23T10:00:00/],
  ['a platform that is none', '{"as":"sam","via":"irc","say":"/status"}', /via/],
])('%s stops the run at its line', async (_what, line, words) => {
  const { bad, answers } = await play(`${FIRST}\n${line}\n{"as":"sam","say":"/status"}`);
  expect(bad?.line).toBe(4);
  expect(bad?.problem).toMatch(words);
  expect(answers).toHaveLength(2);
});

test('every mistake of the organisation’s file is told at once, with line and column, and nothing is played', () => {
  const file = join(folder, 'bad.yaml');
  writeFileSync(file, 'organisation: A\ntimezone: Mars\npeople:\n  - { id: sam, roles: [boss] }\nchat: []\n');
  const { status, lines, stderr } = run(FIRST, file);
  expect({ status, lines }).toEqual({ status: 2, lines: [] });
  expect([...stderr.matchAll(/bad\.yaml:(\d+:\d+)/g)].map((found) => found[1]).sort()).toEqual(['2:1', '4:24', '5:1']);
});
