import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { loadCommands } from '../../src/catalogue.ts';
import { type OutLine, play, readTranscript, TRANSCRIPTS } from '../support/simulator.ts';

/** Conversations are the acceptance tests: each is played, and what comes out is compared line by line. */

const names = readdirSync(TRANSCRIPTS)
  .filter((name) => name.endsWith('.jsonl') && !name.endsWith('.out.jsonl'))
  .map((name) => name.replace('.jsonl', ''));

/** Codes are secrets, and differ from run to run. */
const asText = (out: readonly OutLine[]): string =>
  out.map((line) => `${JSON.stringify(line).replaceAll(/\b[A-Z2-9]{4}-[A-Z2-9]{4}\b/g, 'ABCD-2345')}\n`).join('');

test.each(names)('%s', async (name) => {
  const folder = mkdtempSync(join(tmpdir(), 'baton-transcript-'));
  try {
    const script = readTranscript(`${name}.jsonl`);
    const db = script.includes('"restart"') ? { db: join(folder, 'baton.sqlite') } : {};
    const { out, bad } = await play(script, db);
    expect(bad).toBeUndefined();
    expect(out.filter((line) => line.code === 'fault')).toEqual([]);
    if (process.env['UPDATE'] === '1') writeFileSync(join(TRANSCRIPTS, `${name}.out.jsonl`), asText(out));
    expect(asText(out)).toBe(readTranscript(`${name}.out.jsonl`));
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('every input line has exactly one answer, in order', async () => {
  for (const name of names) {
    const lines = readTranscript(`${name}.jsonl`)
      .split('\n')
      .flatMap((line, at) => (line.trim() === '' ? [] : [at + 1]));
    const answered = readTranscript(`${name}.out.jsonl`)
      .split('\n')
      .flatMap((line) => (line === '' ? [] : ((JSON.parse(line) as OutLine).line ?? [])));
    expect(answered, name).toEqual(lines);
  }
});

test('every command is played, once carried out and once not', async () => {
  const outcomes = new Map<string, Set<boolean>>();
  const { commands } = await loadCommands();
  for (const name of names) {
    const said = readTranscript(`${name}.jsonl`)
      .split('\n')
      .map((line) => /"say": "\/([a-z-]+)/.exec(line)?.[1]);
    for (const line of readTranscript(`${name}.out.jsonl`).split('\n').filter(Boolean)) {
      const answer = JSON.parse(line) as OutLine;
      const command = commands.get(said[(answer.line ?? 0) - 1] ?? '');
      if (command !== undefined && answer.ok !== undefined)
        outcomes.set(command.name, (outcomes.get(command.name) ?? new Set()).add(answer.ok));
    }
  }
  const all = [...new Set([...commands.values()].map((command) => command.name))];
  expect(all.filter((name) => outcomes.get(name)?.has(true) !== true)).toEqual([]);
  // A question has nothing to refuse to somebody who is known.
  const questions = new Set(['agenda', 'mine', 'whoami', 'feature', 'feedback']);
  expect(all.filter((name) => !questions.has(name) && outcomes.get(name)?.has(false) !== true)).toEqual([]);
});
