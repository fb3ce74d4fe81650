import { FormattedString } from '@grammyjs/parse-mode';
import { expect, test } from 'vitest';
import { render as renderSlack } from '../../adapters/slack/render.ts';
import { renderAnswer, renderForm, renderHome } from '../../adapters/slack/views.ts';
import { keyboardOf } from '../../adapters/telegram/keyboard.ts';
import { render as renderTelegram, split } from '../../adapters/telegram/render.ts';
import { bold, buttons, code, item, list, type Node, say } from '../../src/core/text.ts';
import type { Form } from '../../src/ports.ts';
import { objects } from '../peers/slack/json.ts';
import { effectsOf } from '../peers/slack/notify.ts';
import { found } from '../peers/telegram/text.ts';
import { fc, runs } from '../support/chance.ts';
import { onSlack, onTelegram } from './findings.ts';
import { HOSTILE, hostileWords } from './hostile-texts.ts';

/** Any words in any kind of node, beside any other: what the servers would make of what we render. */

const person = (name: string): Node => ({ node: 'person', id: name, name });
const link = (url: string, label: string): Node => ({ node: 'link', url, label });
const token = () => 'token';

/** Every kind of node with these words in it, whole and beside our own signs. */
const nodesWith = (words: string, more: string): readonly Node[] => [
  ...say`${words}${more} ${bold(words)}${person(more)}${item(words, more)}“${code(more)}”@${bold(words)}/${more}`,
  ...[link(words, more), link(more, words), link('https://board.example.org/', words), link(`https://${words}`, more)],
  list([[words, more], [person(words), bold(more)], [list([[words]])]]),
  buttons({ label: words, command: words, on: more }, { label: more, command: 'join', on: words, args: more }),
];

const READS_AS_ADDRESS = /:\/\/|[a-z0-9]\.[a-z]{2}/i;

function inTelegram(nodes: readonly Node[]): string[] {
  const { text, buttons: pressed } = renderTelegram(nodes);
  const keyboard = keyboardOf({ buttons: pressed, token, username: 'baton_bot' });
  if (keyboard === undefined || 'problem' in keyboard) return ['no keyboard'];
  const parts = [...split(text), ...split(text, 40), new FormattedString(text.rawText, [...text.rawEntities])];
  return parts.flatMap(({ rawText, rawEntities }) => {
    const entities = [...rawEntities, ...found(rawText, rawEntities)].filter(({ type }) => type !== 'text_link');
    return onTelegram({ text: rawText, entities, keyboard: keyboard.inline_keyboard }, (url) =>
      url.startsWith('https://t.me/baton_bot'),
    );
  });
}

function inSlack(nodes: readonly Node[], words: string): string[] {
  const form: Form = {
    token: 't',
    title: words,
    example: words,
    fields: [
      { name: 'a', label: words, optional: false, sort: 'long', value: words },
      { name: 'b', label: words, optional: true, sort: 'choice', choices: ['x', words], value: words },
      { name: 'c', label: words, optional: true, sort: 'person', value: words },
    ],
  };
  const at = { platform: 'slack' as const, chat: 'C1' };
  const views = [
    renderForm(form, at, false),
    renderAnswer(nodes, token, { token: '', chat: 'C1', title: words, isPrivate: false }),
    renderHome([{ title: words, nodes }], token),
  ];
  const { text, blocks } = renderSlack(nodes, { token });
  const shown = [{ text, blocks: objects(blocks) }, ...views.map((view) => ({ text: '', blocks: objects([view]) }))];
  return shown.flatMap((each) => {
    const effects = effectsOf({ ...each, parse: 'none', linkNames: false });
    // A link node leads where it says; whose label it is under is looked at in the renderers' own tests.
    return onSlack(each, { ...effects, links: [] }, () => true);
  });
}

const check = (words: string, more: string): void => {
  const nodes = nodesWith(words, more);
  expect([...inTelegram(nodes), ...inSlack(nodes, words)]).toEqual([]);
};

test.each(HOSTILE)('$what', ({ text }) => {
  check(text, 'x');
  check('x', text);
  for (const { text: other } of HOSTILE.slice(0, 8)) check(text, other);
});

test('nothing but what is not shown, everywhere at once', () => {
  for (const words of ['\u202e', '\u0007', '\u2066\u2069', '']) check(words, words);
});

test('any words', () => {
  fc.assert(
    fc.property(hostileWords, hostileWords, (words, more) => check(words, more)),
    { numRuns: runs(300) },
  );
});

test('a command behind what is no address yet is no command', () => {
  for (const words of [
    'x.ж/approve',
    'x.1/approve',
    '1.2.3/approve',
    'a.b/approve x.ж/approve',
    'evil.exampleж/approve',
  ])
    check(words, `https://${words}`);
  check('x', 'https://t.me/@sam_tg./approve@sam_tg');
});

test('an address behind any letter still reads as one', () => {
  for (const label of ['sam_evil.example', '＠sam_tgevil.example', 'x–evil.example', 'é.example'])
    expect(renderTelegram([link('https://a.example/', label)]).text.rawEntities).toEqual([]);
});

test('a label that names an address leads there and nowhere else', () => {
  fc.assert(
    fc.property(hostileWords, fc.webUrl(), fc.webUrl(), (words, url, other) => {
      for (const label of [words, other, new URL(other).host, `${words}${other}`]) {
        const { text } = renderTelegram([link(url, label)]);
        const asTelegram = onTelegram(
          { text: text.rawText, entities: text.rawEntities, keyboard: [] },
          (href) => href === new URL(url).href && !READS_AS_ADDRESS.test(label),
        );
        const { blocks } = renderSlack([link(url, label)], { token });
        const shown = { text: '', blocks: objects(blocks) };
        const asSlack = onSlack(
          shown,
          { notified: [], channels: [], links: [] },
          (href) => href === url && !READS_AS_ADDRESS.test(label),
        );
        expect([...asTelegram, ...asSlack]).toEqual([]);
      }
    }),
    { numRuns: runs(100) },
  );
});
