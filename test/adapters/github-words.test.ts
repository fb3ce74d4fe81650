import { expect, test } from 'vitest';
import { harmless, harmlessTitle, hasMarker, isMarked, isStatusComment, marked } from '../../adapters/github/words.ts';
import { effectsOf, withoutMarks } from '../peers/github/effects.ts';

const NOTHING = { mentions: [], references: [], closes: [], images: [], html: [], links: [] };

test.each([
  '@team please look, and @org/team-one too',
  'é@team _@team_ (@team) [@team] `@team` "@team"',
  'fixes #2, Closes: #3 and resolved example/grid#4',
  'fixes https://github.com/example/grid/issues/2',
  'Duplicate of https://github.com/example/grid/issues/2',
  'Duplicate of #2',
  'see GH-12 and #12',
  '![cat](https://evil.example/cat.png)',
  '![cat][1]\n\n[1]: https://evil.example/cat.png',
  '[bank](https://evil.example)',
  '<img src=x onerror=alert(1)> <b>bold</b> <!-- hidden -->',
  '<!-- baton:status --> <!-- baton:web-1 -->',
  'https://evil.example/@team/x and https://evil.example/#2',
  'xhttps://evil.example/@team',
  '```\n@team fixes #2\n```',
  '    @team in an indented block fixes #2',
  '&#64;team &lt;img src=x&gt;',
  '\\@team \\[x](y) \\\\![x](y)',
  '> quoted @team\n# heading\n/close\n- [ ] task',
  '@\u202eteam\u0000',
])('GitHub makes nothing of %j', (words) => {
  expect(effectsOf(harmless(words))).toEqual(NOTHING);
  expect(effectsOf(withoutMarks(marked(harmless(words), 'web-1')))).toEqual(NOTHING);
  expect(effectsOf(harmlessTitle(words).replaceAll(/[[\]!<]/g, ''))).toEqual(NOTHING);
});

test('the detector finds what it is to find', () => {
  const found = effectsOf('@team fixes #2 ![x](y) <b> [a](b)');
  expect(found).toMatchObject({ mentions: ['@team'], references: ['#2'], closes: ['fixes #2'] });
  expect([found.images, found.html, found.links].map(({ length }) => length)).toEqual([1, 1, 2]);
});

test('words, addresses and mail addresses stay what they are', () => {
  expect(harmless('See https://grid.example.org/a_b?c=d, by olga@example.org; all is well.')).toBe(
    'See https://grid.example.org/a_b?c=d, by olga@example.org; all is well.',
  );
  expect(harmless('a_b *c* & <d>\n- one')).toBe('a\\_b \\*c\\* &amp; &lt;d>\n\\- one');
  expect(harmlessTitle('  Two\nlines  ')).toBe('Two lines');
  expect(harmlessTitle(' \u0000 ')).toBe('Untitled');
});

test('nothing is longer than GitHub takes, and no character is halved', () => {
  expect(harmlessTitle('😀'.repeat(300)).length).toBeLessThanOrEqual(256);
  expect(harmlessTitle('😀'.repeat(300)).isWellFormed()).toBe(true);
  const body = harmless('<'.repeat(70_000));
  expect(body.length).toBeLessThanOrEqual(60_000);
  expect(harmless('x_'.repeat(2_000), 1_024).length).toBeLessThanOrEqual(1_024);
});

test('marks are found again where they were set, and nowhere else', () => {
  const body = marked(harmless('Words <!-- baton:web-2 -->'), 'web-1');
  expect(hasMarker(body, 'web-1')).toBe(true);
  expect(hasMarker(body, 'web-2')).toBe(false);
  expect(hasMarker(body, 'web')).toBe(false);
  expect(isMarked(body)).toBe(true);
  expect(isMarked('quoting <!-- baton:web-1 --> in the middle')).toBe(false);
  expect(isStatusComment(body)).toBe(false);
  expect(isStatusComment(marked('x', 'web-1', true))).toBe(true);
  expect(isStatusComment(marked(harmless('<!-- baton:status --> <!-- baton:x -->'), 'web-1'))).toBe(false);
  const odd = marked('x', 'a-->b--');
  expect(odd.match(/-->/g)).toHaveLength(1);
  expect(hasMarker(odd, 'a-->b--')).toBe(true);
});
