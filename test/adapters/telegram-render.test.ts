import { FormattedString } from '@grammyjs/parse-mode';
import { describe, expect, test } from 'vitest';
import { keyboardOf } from '../../adapters/telegram/keyboard.ts';
import { render, split } from '../../adapters/telegram/render.ts';
import type { Button, Node } from '../../src/core/text.ts';
import { bold, buttons, code, item, list, say, toPlain } from '../../src/core/text.ts';
import { found } from '../peers/telegram/text.ts';
import { fc, runs } from '../support/chance.ts';

/** How answers look on Telegram: the words, the entities beside them, the buttons under them. */

const J = '\u2060';
const person = (name: string): Node => ({ node: 'person', id: 'p', name });
const link = (url: string, label: string): Node => ({ node: 'link', url, label });
const shown = (nodes: readonly Node[]) => {
  const { text } = render(nodes);
  return {
    text: text.rawText,
    entities: text.rawEntities.map(({ type, offset, length }) => [
      type,
      text.rawText.slice(offset, offset + length),
      offset,
    ]),
  };
};

test('entities count in UTF-16 units, past emoji and astral letters', () => {
  expect(shown(say`😀 ${bold('𝒜b')} by ${person('Zoë')}: ${code('/help')} ${item('WEB-1', 'Map 🗺')}`)).toEqual({
    text: '😀 𝒜b by Zoë: /help WEB-1 “Map 🗺”',
    entities: [
      ['bold', '𝒜b', 3],
      ['code', '/help', 15],
      ['bold', 'WEB-1', 21],
    ],
  });
});

test('a list has a line for each row, and reads as in the terminal', () => {
  const text = say`Two wait: ${list([say`${item('A-1')} at ${bold('design')}`, say`${item('A-2')}`])}\nThat is all.`;
  expect(shown(text).text).toBe('Two wait: \n• A-1 at design\n• A-2\nThat is all.');
  expect(shown(text).text).toBe(toPlain(text));
});

test('spaces at the ends are taken off before the entities are counted', () => {
  expect(shown(['\n  ', bold('x'), ' y \n'])).toEqual({ text: 'x y', entities: [['bold', 'x', 0]] });
});

describe('links', () => {
  test.each<[string, string, string]>([
    ['https://example.org/a b', 'the page', 'https://example.org/a%20b'],
    ['http://gitea.internal/x', 'docs', 'http://gitea.internal/x'],
    ['https://example.org/', 'https://example.org/', 'https://example.org/'],
  ])('%s under “%s”', (url, label, href) => {
    expect(render([link(url, label)]).text).toMatchObject({
      rawText: label,
      rawEntities: [{ type: 'text_link', url: href, offset: 0, length: label.length }],
    });
  });

  test.each<[string, string, string]>([
    ['javascript:alert(1)', 'page', 'page (javascript:alert(1))'],
    ['tg://user?id=5', 'page', `page (tg:${J}//user?id=5)`],
    ['https://evil.example/', 'https://bank.example/', 'https://bank.example/ (https://evil.example/)'],
    ['https://evil.example/', 'bank.example', 'bank.example (https://evil.example/)'],
    ['https://user@evil.example/', 'page', 'page (https://user@evil.example/)'],
    ['no address', 'page', 'page (no address)'],
  ])('%s under “%s” is plain', (url, label, text) => {
    expect(shown([link(url, label)])).toEqual({ text, entities: [] });
  });
});

describe('people’s words', () => {
  test.each([
    ['@olga look', `@${J}olga look`],
    ['(@olga)', `(@${J}olga)`],
    ['mail a@b.example', 'mail a@b.example'],
    ['/approve PRJ-1', `/${J}approve PRJ-1`],
    ['see a/b and https://example.org/x/-/y', 'see a/b and https://example.org/x/-/y'],
    ['https://medium.example/@ann/post', 'https://medium.example/@ann/post'],
    ['http://@olga', `http://@${J}olga`],
    ['https://x.example,@olga', `https://x.example,@${J}olga`],
    ['tg://user?id=5', `tg:${J}//user?id=5`],
    ['<b>*bold*</b> _x_ `y` [z](https://z.example)', '<b>*bold*</b> _x_ `y` [z](https://z.example)'],
    ['a\u202eb\u2066c\u2069d\u0000e\u0007', 'abcde'],
    ['half \ud83d', 'half \ufffd'],
    ['@ olga / x 5/7', '@ olga / x 5/7'],
  ])('%j', (words, safe) => {
    expect(shown([words])).toEqual({ text: safe, entities: [] });
    expect(shown([bold(words)]).text).toBe(safe);
    expect(shown([person(words)]).text).toBe(safe);
  });

  test('nothing arises where two pieces meet', () => {
    expect(shown(['@', person('olga'), ' /', bold('approve')]).text).toBe(`@${J}olga /${J}approve`);
    expect(shown(['https://example.org/', 'x']).text).toBe('https://example.org/x');
  });

  test('Telegram finds no mention and no command in any of them, wherever they stand', () => {
    const words = ['@olga_p', '/approve', 'x\n/reject@other_bot', '“@olga_p”', '.@olga_p', '-/approve', '(/approve)'];
    for (const each of words) {
      const places: Node[][] = [
        [each],
        [bold(each)],
        [person(each)],
        [item('A-1', each)],
        [item(each)],
        [list([[each], [each]])],
        [link('https://example.org', each)],
        [link('tg://user?id=1', each)],
        ['a ', each, each],
        ['@', each],
      ];
      for (const nodes of places) {
        const { rawText, rawEntities } = render(nodes).text;
        const types = found(rawText, rawEntities).map(({ type }) => type);
        expect({ rawText, types: types.filter((type) => type !== 'url') }).toEqual({ rawText, types: [] });
      }
    }
  });
});

describe('long answers', () => {
  test('are cut between lines, and their entities go along', () => {
    const rows = Array.from({ length: 90 }, (_, at) => say`${bold(`row ${at}`)} ${'x'.repeat(100)}`);
    const parts = split(render([list(rows)]).text);
    expect(parts.length).toBe(3);
    const all = parts.flatMap(({ rawText, rawEntities }) =>
      rawEntities.map(({ offset, length }) => rawText.slice(offset, offset + length)),
    );
    expect(all).toEqual(rows.map((_, at) => `row ${at}`));
    for (const { rawText } of parts) {
      expect(rawText.length).toBeLessThanOrEqual(4096);
      expect(rawText.startsWith('• ')).toBe(true);
    }
  });

  test('no more entities in one than Telegram keeps', () => {
    const parts = split(render([list(Array.from({ length: 250 }, (_, at) => [bold(`b${at}`)]))]).text);
    expect(parts.map(({ rawEntities }) => rawEntities.length)).toEqual([100, 100, 50]);
  });

  test('without a line or a space, but never inside a character', () => {
    const parts = split(new FormattedString(`x${'😀'.repeat(3000)}`));
    expect(parts.map(({ rawText }) => rawText).join('')).toBe(`x${'😀'.repeat(3000)}`);
    expect(parts.every(({ rawText }) => rawText.isWellFormed() && rawText.length <= 4096)).toBe(true);
  });

  test.each(['aaaaa/approve', 'aaaa/@approve', 'aaaa😀/approve'])(
    'no command and no mention begins at the cut: %s',
    (word) => {
      const parts = split(new FormattedString(word), 5).map(({ rawText }) => rawText);
      expect(parts.join('')).toBe(word);
      expect(parts.slice(1).filter((part) => /^[@/]/.test(part))).toEqual([]);
    },
  );

  test('an entity over the cut is in both', () => {
    const parts = split(new FormattedString('ab cd', [{ type: 'bold', offset: 0, length: 5 }]), 3);
    expect(parts.map(({ rawText, rawEntities }) => [rawText, rawEntities])).toEqual([
      ['ab', [{ type: 'bold', offset: 0, length: 2 }]],
      ['cd', [{ type: 'bold', offset: 0, length: 2 }]],
    ]);
  });

  test('40,000 characters lose none', () => {
    const words = Array.from({ length: 8000 }, (_, at) => `w${String(at).padStart(3, '0')}`).join(' ');
    const back = split(render([words]).text).map(({ rawText }) => rawText);
    expect(back.join(' ')).toBe(words);
  });
});

test('whatever people write, every part is one that Telegram takes', () => {
  const words = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 300 }),
    fc.string({
      unit: fc.constantFrom('@', '/', 'a', '_', '\n', ' ', '😀', '\u202e', ':', 'tg', '.', '\ud83d'),
      maxLength: 60,
    }),
  );
  const node: fc.Arbitrary<Node> = fc.oneof(
    words,
    words.map(bold),
    words.map(code),
    words.map(person),
    fc.tuple(words, words).map(([key, title]) => item(key, title)),
    fc.tuple(fc.webUrl(), words).map(([url, label]) => link(url, label)),
    fc.tuple(words, words).map(([url, label]) => link(url, label)),
    fc.array(fc.array(words)).map(list),
  );
  fc.assert(
    fc.property(fc.array(node), fc.integer({ min: 20, max: 200 }), (nodes, most) => {
      const { text } = render(nodes);
      const parts = split(text, most);
      const bare = (all: string): string => all.replace(/\s/g, '');
      expect(bare(parts.map(({ rawText }) => rawText).join(''))).toBe(bare(text.rawText));
      for (const { rawText, rawEntities } of parts) {
        expect(rawText.isWellFormed() && rawText.length <= most && rawText === rawText.trim()).toBe(true);
        for (const { type, offset, length } of rawEntities) {
          expect(['bold', 'code', 'text_link']).toContain(type);
          expect(offset >= 0 && length > 0 && offset + length <= rawText.length).toBe(true);
          expect(rawText.slice(offset, offset + length).isWellFormed()).toBe(true);
        }
        const acting = found(rawText, rawEntities).filter(({ type }) => type !== 'url');
        expect({ rawText, acting }).toEqual({ rawText, acting: [] });
      }
    }),
    { numRuns: runs(500) },
  );
});

describe('buttons', () => {
  const button = (label: string, more: Partial<Button> = {}): Button => ({
    label,
    command: 'vote',
    on: 'A-1',
    ...more,
  });
  const rows = (all: readonly Button[], username?: string): string[][] => {
    const keyboard = keyboardOf({ buttons: all, token: ({ label }) => `t:${label.slice(0, 5)}`, username });
    if (keyboard === undefined || 'problem' in keyboard) return [];
    return keyboard.inline_keyboard.map((row) => row.map(({ text }) => text));
  };

  test('two or three a row, long ones alone', () => {
    expect(rows(['Yes', 'No', 'Abstain', 'Why'].map((label) => button(label)))).toEqual([
      ['Yes', 'No', 'Abstain'],
      ['Why'],
    ]);
    expect(rows([button('Put it on the agenda'), button('Ask OPS about it'), button('Ok')])).toEqual([
      ['Put it on the agenda'],
      ['Ask OPS about it', 'Ok'],
    ]);
    expect(rows([button('x'.repeat(90))])[0]?.[0]).toHaveLength(64);
  });

  test('the same label on two things says on which', () => {
    expect(rows([button('Accept'), button('Accept', { on: 'A-2' })])).toEqual([['Accept A-1', 'Accept A-2']]);
  });

  test('to join there is a way into private beside it, once our name is known', () => {
    const join = button('Join the test', { command: 'join', on: 'PRJ-1' });
    expect(rows([join])).toEqual([['Join the test']]);
    expect(keyboardOf({ buttons: [join], token: () => 't', username: 'baton_bot' })).toMatchObject({
      inline_keyboard: [
        [{ callback_data: 't' }],
        [{ text: 'Open me in private', url: 'https://t.me/baton_bot?start=join-PRJ-1' }],
      ],
    });
  });

  test('they are found wherever they stand in the text', () => {
    const nodes = [list([say`one ${buttons(button('A'))}`]), buttons(button('B'))];
    expect(render(nodes).buttons.map(({ label }) => label)).toEqual(['A', 'B']);
  });

  test('a token of more than 64 bytes is a problem in words', () => {
    expect(keyboardOf({ buttons: [button('x')], token: () => '😀'.repeat(17) })).toEqual({
      problem: 'the token of the button “x” has 68 bytes; 1 to 64 are taken',
    });
    expect(keyboardOf({ buttons: [], token: () => 't' })).toBeUndefined();
  });
});
