import { describe, expect, it } from 'vitest';
import { harmlessBody, harmlessTitle, hiddenLine, isMarkerTag, markerTag } from '../../adapters/circles/words.ts';

/** What Taiga's renderer looks for, before and beside Markdown. */
const RINGS = /(?<![\p{L}\p{N}_])@[\p{L}\p{N}_.-]+/u;
const REFERS = /(?<![a-zA-Z0-9-[])#\p{Nd}+/u;
/** Markdown that is not taken back by a backslash, and HTML. */
const MARKS = /(?<!\\)(?:\\\\)*[`*_{}[\]]|</;

const HOSTILE = [
  '@anna please',
  'cc:@anna, _@anna_ (@anna) "@anna" -@anna',
  'mail anna@example.org',
  'see #12, #١٢ and [#3] and TG-1 #done',
  '# heading\n## more\n> quote\n- list\n+ list\n1. one\n2) two\n---\n===\n~~~\n    code @anna #12',
  '**bold** __bold__ `code @anna` ~~gone~~ ~~~~',
  '<b>html</b> <script>alert(1)</script> <img src=x onerror=alert(1)>',
  '<!-- baton:status -->',
  '[label](https://evil.example) ![pic](https://evil.example/x.png) [[wiki]] [x]: https://evil.example',
  'https://ok.example/a_b?c=1&d=2#12 and https://ok.example/@anna/~~x~~',
  'table | cell\n--- | ---\n{: #id .class }\n*[HTML]: x\n: definition',
  'bidi \u202eabc\u202c nul \u0000 bell \u0007 joiner @\u2060anna #\u206012 lone \ud800 end',
  '&lt;b&gt; &#64;anna &amp;',
  '\\@anna \\#12 \\\\*x*',
  '\t@anna',
  '@@anna ##12 @#12',
];

describe('what people wrote', () => {
  it.each(HOSTILE)('rings nobody, refers to nothing and is no Markdown: %j', (text) => {
    const body = harmlessBody(text);
    for (const line of body.split('\n')) {
      expect(line).not.toMatch(RINGS);
      expect(line).not.toMatch(REFERS);
      const plain = line.replace(/https?:\/\/\S+/g, '');
      expect(plain).not.toMatch(MARKS);
      expect(line).not.toMatch(/^\s*(#|>|[-+*] |\d+[.)] |-{3}|=|~{3}|:\s|\s{4})/);
    }
    expect(body.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\u202a-\u202e\u2066-\u2069]/u);
    expect(body.isWellFormed()).toBe(true);
    const title = harmlessTitle(text);
    expect(title).not.toMatch(RINGS);
    expect(title).not.toMatch(REFERS);
    expect(title).not.toContain('\n');
  });

  it('stays readable: plain words, lines and addresses are as they were', () => {
    const text = 'The page is slow.\nSee https://ok.example/a_b?c=1&d=2 (twice), 3 < 4 & so on: 50% – fine!';
    expect(harmlessBody(text)).toBe(text.replace('<', '&lt;'));
    expect(harmlessTitle('  A  title: with things  ')).toBe('A title: with things');
    expect(harmlessTitle(' \n')).toBe('(no title)');
    expect(harmlessTitle('x'.repeat(900))).toHaveLength(500);
    expect(harmlessBody('mail anna@example.org')).toBe('mail anna@example.org');
  });

  it('can not be taken for a hidden line of ours', () => {
    expect(harmlessBody(hiddenLine('status'))).not.toContain(hiddenLine('status'));
  });
});

it('a marker becomes a tag that Taiga keeps as it is, one for each', () => {
  const tags = ['a', 'A', 'a,b', ' a', 'é'.repeat(300)].map(markerTag);
  expect(new Set(tags).size).toBe(5);
  for (const tag of tags) {
    expect(tag).toBe(tag.toLowerCase());
    expect(isMarkerTag(tag)).toBe(true);
  }
  expect(isMarkerTag('baton-stuff')).toBe(false);
});
