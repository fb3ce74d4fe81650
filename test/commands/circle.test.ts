import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ROADMAP, script } from '../support/script.ts';
import { itemIn, outcomeOf, play, TRANSCRIPTS } from '../support/simulator.ts';

/** Which addresses are an item's circle where the organisation says where Circles is, also over plain http. */

let folder = '';
let organisation = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'baton-circle-'));
  organisation = join(folder, 'organisation.yaml');
  const text = readFileSync(join(TRANSCRIPTS, 'organisation.yaml'), 'utf8');
  writeFileSync(organisation, text.replaceAll('https://circles.example.org', 'http://circles.example.org'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const HERE = 'http://circles.example.org/project/new-grid';
const said = async (...lines: string[]) => {
  const text = [ROADMAP, ...lines.map((line) => `pia: /circle PROD-1 ${line}`), '?PROD-1'].join('\n');
  const played = await play(script(text), { organisation });
  const { links } = itemIn(played, 'PROD-1');
  return {
    codes: played.answers.map(outcomeOf).filter(Boolean).slice(-lines.length),
    links: links.map(({ ref }) => ref),
  };
};

test('plain http is taken where Circles itself is', async () => {
  expect(await said(HERE)).toEqual({ codes: ['recorded'], links: [HERE] });
});

test('the views of a circle are that circle', async () => {
  expect(await said(`${HERE}/timeline`, HERE, `${HERE}/kanban`, `${HERE}/`)).toEqual({
    codes: ['recorded', 'already', 'already', 'already'],
    links: [`${HERE}/`],
  });
});

test('a second circle takes the place of the first', async () => {
  const other = HERE.replace('new-grid', 'harbour');
  expect(await said(HERE, other)).toEqual({ codes: ['recorded', 'recorded'], links: [other] });
});

test('another host, and what is no circle, is none', async () => {
  const found = await said('https://elsewhere.example.org/project/x', 'https://circles.example.net/project/x');
  expect(found.codes.every((code) => code.startsWith('usage'))).toBe(true);
  expect(found.links).toEqual([]);
});
