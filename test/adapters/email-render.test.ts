import { expect, test } from 'vitest';
import { letterOf } from '../../adapters/email/render.ts';
import type { Node, Text } from '../../src/ports.ts';

/** What a letter says, as text and as HTML. */

const of = (nodes: Text, more: Partial<Parameters<typeof letterOf>[0]> = {}) =>
  letterOf({ organisation: 'Grid', kind: 'notice', nodes, ...more });
const bodyOf = (html: string): string => /<main>([\s\S]*)<\/main>/.exec(html)?.[1] ?? '';

const NODES: Text = [
  'Please test ',
  { node: 'item', key: 'WEB-1', title: 'A new <console>' },
  '\nAsked by ',
  { node: 'person', id: 'olga', name: 'Olga & co' },
  '.',
  { node: 'list', rows: [['one'], ['two, ', { node: 'bold', text: 'bold' }]] },
  'See ',
  { node: 'link', url: 'https://grid.example/web-1?a=1&b="2"', label: 'the page' },
  '.',
  { node: 'buttons', buttons: [{ label: 'Approve', command: 'approve', on: 'WEB-1' }] },
];

test('an invitation', () => {
  const letter = of(NODES, {
    kind: 'invitation',
    url: 'https://baton.example/join',
    unsubscribe: 'https://baton.example/no',
  });
  expect(letter.subject).toBe('Grid: Please test WEB-1 “A new <console>”');
  expect(letter.urgent).toBe(false);
  expect(letter.text).toBe(
    [
      'Please test WEB-1 “A new <console>”',
      'Asked by Olga & co.',
      '• one',
      '• two, bold',
      'See the page (https://grid.example/web-1?a=1&b=%222%22).',
      '→ Approve: write /approve WEB-1 in the chat',
      '',
      'Take part: https://baton.example/join',
      '',
      '-- ',
      'You asked Grid for invitations to test by mail.',
      'No more of these: https://baton.example/no or /mail off invitations in the chat.',
      '',
    ].join('\n'),
  );
  expect(bodyOf(letter.html)).toBe(
    '<p>Please test <strong>WEB-1</strong> “<bdi>A new &lt;console&gt;</bdi>”<br>Asked by <bdi>Olga &amp; co</bdi>.</p>' +
      '<ul><li>one</li><li>two, <strong><bdi>bold</bdi></strong></li></ul>' +
      '<p>See <a href="https://grid.example/web-1?a=1&amp;b=%222%22" rel="noopener noreferrer">the page</a>.</p>' +
      '<ul><li>Approve: write <code>/approve WEB-1</code> in the chat</li></ul>' +
      '<p><a href="https://baton.example/join" rel="noopener noreferrer">Take part</a></p>',
  );
});

test('a page is urgent, a digest is not', () => {
  expect(of(['The site is down'], { kind: 'page' })).toMatchObject({
    urgent: true,
    subject: 'Grid, urgent: The site is down',
  });
  expect(of([], { kind: 'digest' })).toMatchObject({ urgent: false, subject: 'Grid: what waits for you' });
});

test('for a screen reader, for a dark screen, and nothing is fetched', () => {
  const { html } = of(NODES, { url: 'https://baton.example/' });
  expect(html).toMatch(/^<!doctype html><html lang="en" dir="ltr">/);
  expect(html).toContain('<title>Grid: Please test WEB-1');
  expect(html).toContain('prefers-color-scheme:dark');
  expect(html).toContain('<meta name="color-scheme" content="light dark">');
  expect(html).not.toMatch(/<img|src=|url\(|@import|<link|<script|style="/i);
});

const HOSTILE = '<script>alert(1)</script><img src=x onerror=y>"\'&\u202e\u0000\ud800';
const PLACES: readonly [string, Node][] = [
  ['text', HOSTILE],
  ['bold', { node: 'bold', text: HOSTILE }],
  ['code', { node: 'code', text: HOSTILE }],
  ['person', { node: 'person', id: 'x', name: HOSTILE }],
  ['item', { node: 'item', key: HOSTILE, title: HOSTILE }],
  ['label', { node: 'link', url: 'https://x.example', label: HOSTILE }],
  ['address', { node: 'link', url: `https://x.example/${HOSTILE}`, label: HOSTILE }],
  ['row', { node: 'list', rows: [[HOSTILE, { node: 'list', rows: [[HOSTILE]] }]] }],
  ['button', { node: 'buttons', buttons: [{ label: HOSTILE, command: HOSTILE, on: HOSTILE, args: HOSTILE }] }],
];
test.each(PLACES)('hostile words: %s', (_, node) => {
  const { html, text, subject } = of([node], { organisation: HOSTILE });
  const tags = [...html.matchAll(/<\/?([a-z]+)/gi)].map(([, name]) => name);
  expect(tags).not.toContain('script');
  expect(tags).not.toContain('img');
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
  expect([html, text, subject].join('')).not.toMatch(/[\u0000\u202e]/);
  expect([html, text, subject].every((each) => each.isWellFormed())).toBe(true);
});

test.each([
  ['javascript:alert(1)', 'press', 'press'],
  ['data:text/html,x', 'press', 'press'],
  ['no address', 'press', 'press'],
  ['https://user:pass@x.example/', 'press', 'press'],
  ['https://evil.example/', 'https://bank.example/', 'https://bank.example/ (https://evil.example/)'],
  ['https://evil.example/', 'bank.example', 'bank.example (https://evil.example/)'],
])('a link to %s under “%s”', (url, label, plain) => {
  const { html, text } = of([{ node: 'link', url, label }]);
  expect(text.split('\n')[0]).toBe(plain);
  expect(html).not.toMatch(/href="(?!https:\/\/evil\.example\/")/);
  expect(html).not.toMatch(/<a [^>]*>[^<]*bank/);
});

test('a subject is short, whatever the first line was', () => {
  const { subject } = of(['🚀'.repeat(400)]);
  expect(subject.length).toBeLessThan(110);
  expect(subject.isWellFormed()).toBe(true);
});
