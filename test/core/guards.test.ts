import { expect, test } from 'vitest';
import type { Context, Words } from '../../src/core/command.ts';
import { unknownPerson } from '../../src/core/guards.ts';
import { pageProbes, readPage } from '../../src/core/pages.ts';
import { toPlain } from '../../src/core/text.ts';
import { createStage } from './stage.ts';

/** What many commands ask first, and how they read what they are given. */

const stage = createStage();
const answer = (who: string, word: string): string => {
  const context = { world: stage.world(), actor: { id: who, known: true } } as Context<unknown>;
  return toPlain(unknownPerson(context, word).text);
};

test.each([
  ['ole', 'ole'],
  ['@ole', 'ole'],
  ['ole.o_1-x', 'ole.o_1-x'],
  ['Øle', 'Øle'],
  ['1st', '1st'],
  ['x'.repeat(64), 'x'.repeat(64)],
  ['x'.repeat(65), 'ID'],
  ['-ole', 'ID'],
  ['@@ole', 'ID'],
  ['ole!', 'ID'],
  ['', 'ID'],
])('an admin is told how to add %s', (word, id) =>
  expect(answer('ada', word)).toBe(
    `I do not know “${word}”. Add them with /person add ${id} NAME telegram NUMBER (or slack ID), or name people by their id.`,
  ),
);

test('others are told whom to ask, and no more of a long name than fits', () => {
  expect(answer('sam', 'ole')).toBe(
    'I do not know “ole”. Name people by their id; an admin adds them with /person add.',
  );
  expect(answer('sam', 'x'.repeat(200))).toContain(`“${'x'.repeat(80)}”`);
});

test.each([
  ['https://docs.example.org/a', 'https://docs.example.org/a'],
  ['<https://docs.example.org/a>', 'https://docs.example.org/a'],
  ['<https://docs.example.org/a', '<https://docs.example.org/a'],
  ['https://docs.example.org/a>', 'https://docs.example.org/a>'],
])('the page in %s is %s', (word, url) => {
  const words = { all: [word, 'more'], rest: '' } satisfies Words;
  expect(readPage(words)).toEqual({ url });
});

test('only addresses are looked at, with or without the marks of a chat', () => {
  const all = ['WEB-1', 'http://a', 'HTTPS://b', '<https://c>', 'see:https://d', 'ftp://e', 'https'];
  expect(pageProbes(undefined, { all, rest: '' })).toEqual(['http://a', 'HTTPS://b', 'https://c']);
});
