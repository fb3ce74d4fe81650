import { expect, test } from 'vitest';
import { cut, render, toShown } from '../../adapters/slack/render.ts';
import { renderForm, renderHome } from '../../adapters/slack/views.ts';
import type { Node, Text } from '../../src/ports.ts';

const token = () => 'tok';
const shown = (nodes: Text) => render(nodes, { token });
const button = (label: string, command = 'mine') => ({ label, command, on: 'WEB-1' });
const list = (...rows: readonly Text[]): Node => ({ node: 'list', rows });

test('words, lists and buttons in their order', () => {
  const nodes: Text = [
    { node: 'bold', text: 'Review' },
    ' of ',
    { node: 'item', key: 'WEB-1', title: 'Login' },
    ' by ',
    { node: 'person', id: 'olga', name: 'Olga' },
    ':\n',
    list(['one ', { node: 'code', text: '/x' }], ['two', list(['inner'])], ['three']),
    '\nThe end.',
    { node: 'buttons', buttons: [button('Yes', 'approve'), button('No', 'reject'), button('Look')] },
  ];
  const { text, blocks } = shown(nodes);
  expect(text).toBe('Review of WEB-1 “Login” by Olga:\n• one /x\n• two\n• inner\n• three\nThe end.');
  expect(blocks.map(({ type }) => type)).toEqual([
    'rich_text',
    'rich_text',
    'rich_text',
    'rich_text',
    'rich_text',
    'actions',
  ]);
  expect(blocks.slice(1, 4)).toMatchObject([
    { elements: [{ type: 'rich_text_list', indent: 0, elements: [{}, {}] }] },
    { elements: [{ type: 'rich_text_list', indent: 1, elements: [{}] }] },
    { elements: [{ type: 'rich_text_list', indent: 0, elements: [{}] }] },
  ]);
  expect(blocks[4]).toEqual({
    type: 'rich_text',
    elements: [{ type: 'rich_text_section', elements: [{ type: 'text', text: 'The end.' }] }],
  });
  expect(blocks[5]).toMatchObject({
    elements: [
      { action_id: 'b0', value: 'tok', style: 'primary', text: { type: 'plain_text', text: 'Yes' } },
      { action_id: 'b1', style: 'danger' },
      { action_id: 'b2', text: { text: 'Look' } },
    ],
  });
});

const HOSTILE = [
  '<!channel>',
  '<!here|x>',
  '<@U0OLGA>',
  '<!subteam^S1>',
  '@everyone',
  '#general',
  '*bold* _it_ ~no~ `code` ```block```',
  '&lt;!channel&gt;',
  '[x](!channel)',
  '> quote',
  '<https://evil.example|https://bank.example>',
  ':smile:',
];
test.each(HOSTILE)('nothing arises from %s, wherever it stands', (text) => {
  const nodes: Text = [
    text,
    { node: 'bold', text },
    { node: 'code', text },
    { node: 'person', id: text, name: text },
    { node: 'item', key: 'WEB-1', title: text },
    { node: 'link', url: `javascript:${text}`, label: text },
    list([text]),
    { node: 'buttons', buttons: [button(text)] },
  ];
  const rendered = shown(nodes);
  const kinds = [...JSON.stringify(rendered.blocks).matchAll(/"type":"(\w+)"/g)].map(([, kind]) => kind);
  expect(new Set(kinds)).toEqual(
    new Set(['rich_text', 'rich_text_section', 'rich_text_list', 'text', 'actions', 'button', 'plain_text']),
  );
  expect(rendered.text).not.toMatch(/[<>]/);
  expect(rendered.text.replaceAll(/&(?:amp|lt|gt);/g, '')).not.toContain('&');
});

test.each([
  ['https://a.example/x', 'the page', { type: 'link', url: 'https://a.example/x', text: 'the page' }],
  [
    'https://evil.example',
    'https://bank.example',
    { type: 'link', url: 'https://evil.example', text: 'https://evil.example' },
  ],
  ['javascript:alert(1)', 'x', { type: 'text', text: 'x (javascript:alert(1))' }],
  ['slack://open', 'slack://open', { type: 'text', text: 'slack://open' }],
  [`https://a.example/${'x'.repeat(3_000)}`, 'long', { type: 'text' }],
])('a link to %s', (url, label, element) => {
  expect(shown([{ node: 'link', url, label }]).blocks).toMatchObject([{ elements: [{ elements: [element] }] }]);
});

test('directions and control characters are taken out, halves of characters as well', () => {
  expect(toShown('a\u202eb\u2066c\u0000d\u0007\ne\ud800')).toBe('abcd\ne\ufffd');
  expect(cut('ab😀', 3)).toBe('ab…');
  expect(cut('abc', 3)).toBe('abc');
});

test('too much is cut on a line, and the buttons stay', () => {
  const rows = Array.from({ length: 900 }, (_, index) => [`WEB-${index} ${'x'.repeat(30)}`]);
  const { blocks, text } = shown([list(...rows), { node: 'buttons', buttons: [button('More')] }]);
  const json = JSON.stringify(blocks);
  const kept = [...json.matchAll(/WEB-\d+ x{30}"/g)].length;
  expect(kept).toBeGreaterThan(200);
  expect(json).toContain(`… (${900 - kept} more lines; /board KIND narrows it)`);
  expect(json).toContain('More');
  expect(text.length).toBeLessThanOrEqual(9_000);
  const characters = [...json.matchAll(/"text":"([^"]*)"/g)].reduce((sum, [, part]) => sum + (part ?? '').length, 0);
  expect(characters).toBeLessThan(13_000);
  expect(JSON.stringify(shown(['y'.repeat(50_000)]).blocks).length).toBeLessThan(13_000);
});

test('many buttons are several rows, long labels are cut, and a message is never empty', () => {
  const many = Array.from({ length: 60 }, (_, index) => button(`${index} ${'x'.repeat(90)}`));
  const { blocks, text } = shown([{ node: 'buttons', buttons: many }]);
  expect(blocks.map((block) => (block.type === 'actions' ? block.elements.length : 0))).toEqual([25, 25, 10]);
  const ids = [...JSON.stringify(blocks).matchAll(/"action_id":"(b\d+)"/g)].map(([, id]) => id);
  expect(new Set(ids).size).toBe(60);
  expect(
    Math.max(...[...JSON.stringify(blocks).matchAll(/"text":"([^"]*)"/g)].map(([, label]) => label?.length ?? 0)),
  ).toBe(75);
  expect(text).not.toBe('');
});

test('a home page stays within a hundred blocks', () => {
  const section = { title: 'x'.repeat(200), nodes: ['a', { node: 'buttons' as const, buttons: [button('b')] }] };
  const home = renderHome(
    Array.from({ length: 60 }, () => section),
    token,
  );
  expect(home.blocks.length).toBeLessThanOrEqual(100);
  const ids = [...JSON.stringify(home).matchAll(/"action_id":"(b\d+)"/g)].map(([, id]) => id);
  expect(new Set(ids).size).toBe(ids.length);
  expect(renderHome([], token).blocks).toHaveLength(1);
});

test('choices that a menu can not hold are typed', () => {
  const field = { name: 'env', label: 'Where?', optional: false, sort: 'choice' as const };
  const kind = (choices: readonly string[]) =>
    renderForm(
      { token: 't', title: '/x', example: '', fields: [{ ...field, choices }] },
      { platform: 'slack', chat: 'C1' },
      false,
    ).blocks[1];
  expect(kind(['qa'])).toMatchObject({ element: { type: 'static_select' } });
  expect(kind([])).toMatchObject({ element: { type: 'plain_text_input' } });
  expect(kind(Array.from({ length: 101 }, (_, index) => `${index}`))).toMatchObject({
    element: { type: 'plain_text_input' },
  });
});
