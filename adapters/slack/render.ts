import type { ActionsBlock, Button as ButtonElement, KnownBlock, RichTextElement } from '@slack/types';
import type { Button, Node, Text } from '../../src/ports.ts';
import type { Spell } from './spelling.ts';

/**
 * Renders reply nodes as Block Kit. Words stand in `rich_text` blocks: their text elements are shown as they are, so nothing
 * that a person wrote can become a mention, a link or formatting, and nothing has to be escaped but the plain fallback.
 */

export interface Rendered {
  /** For notifications and screen readers; escaped. */
  readonly text: string;
  readonly blocks: KnownBlock[];
}

export interface RenderOptions {
  token(button: Button): string;
  /** The first number of the buttons' action ids, where several renderings share one view. */
  readonly firstButton?: number;
  /** How commands are spelt there; without it as the core does. */
  readonly spell?: Spell | undefined;
}

/** Slack refuses a message of more than about 13,200 characters in its blocks, whatever the single blocks' limits say. */
const MOST_CHARACTERS = 11_000;
const MOST_FALLBACK = 3_000;
const MOST_BLOCKS = 48;
const MOST_IN_ROW = 25;
const MOST_LABEL = 75;
const MOST_TOKEN = 2_000;
const MOST_URL = 3_000;

/** Characters that would turn the direction of our words, or of nobody's, and those that show nothing. */
const UNSAFE = /\p{Bidi_Control}|(?![\n\t])\p{Cc}/gu;
export const toShown = (text: string): string => text.toWellFormed().replace(UNSAFE, '');

const escapeMarks = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

/** At most so many characters, never half of one. */
export function cut(text: string, most: number): string {
  return text.length <= most
    ? text
    : `${text
        .slice(0, most - 1)
        .toWellFormed()
        .replace(/\ufffd$/, '')}…`;
}

interface Page {
  readonly blocks: KnownBlock[];
  readonly plain: string[];
  readonly token: (button: Button) => string;
  readonly spell: Spell | undefined;
  /** Are we within what somebody is quoted with? */
  isQuoted: boolean;
  section: RichTextElement[];
  buttons: number;
  left: number;
  lost: number;
}

export function render(nodes: Text, { token, spell, firstButton = 0 }: RenderOptions): Rendered {
  const page: Page = {
    blocks: [],
    plain: [],
    token,
    spell,
    isQuoted: false,
    section: [],
    buttons: firstButton,
    left: MOST_CHARACTERS,
    lost: 0,
  };
  for (const node of nodes) add(page, node);
  closeSection(page);
  if (page.lost > 0) {
    const narrower = spell?.code('/board KIND') ?? '/board KIND';
    const more = `… (${page.lost} more ${page.lost === 1 ? 'line' : 'lines'}; ${narrower} narrows it)`;
    page.plain.push(`\n${more}`);
    page.blocks.push(richText([{ type: 'text', text: more }]));
  }
  const text = page.plain
    .join('')
    .replace(/\n{2,}/g, '\n')
    .trim();
  // A message can not be empty: one of buttons alone still has to say something in a notification.
  return {
    text: escapeMarks(cut(text === '' ? 'Baton' : text, MOST_FALLBACK)),
    blocks: page.blocks.slice(0, MOST_BLOCKS),
  };
}

function add(page: Page, node: Node): void {
  if (typeof node !== 'string' && node.node === 'list') {
    closeSection(page);
    const buttons = addList(page, node.rows, 0);
    addButtons(page, buttons);
  } else if (typeof node !== 'string' && node.node === 'buttons') {
    closeSection(page);
    addButtons(page, node.buttons);
  } else {
    for (const element of inline(page, node)) {
      const kept = takeIn(page, element);
      if (kept !== undefined) page.section.push(kept);
    }
  }
}

/** One node within a line, as elements. */
function inline(page: Page, node: Exclude<Node, { node: 'list' | 'buttons' }>): RichTextElement[] {
  if (typeof node === 'string') return words(page, node);
  switch (node.node) {
    case 'bold':
      return [{ type: 'text', text: node.text, style: { bold: true } }];
    case 'code':
      return [{ type: 'text', text: page.spell?.code(node.text) ?? node.text, style: { code: true } }];
    case 'person':
      return [{ type: 'text', text: node.name }];
    case 'item':
      return [
        { type: 'text', text: node.key, style: { bold: true } },
        ...(node.title === undefined ? [] : [{ type: 'text' as const, text: ` “${node.title}”` }]),
      ];
    case 'link':
      return [link(node.url, node.label)];
    default:
      return node satisfies never;
  }
}

function words(page: Page, text: string): RichTextElement[] {
  if (page.spell === undefined) return [{ type: 'text', text }];
  const { pieces, isQuoted } = page.spell.plain(text, page.isQuoted);
  page.isQuoted = isQuoted;
  return pieces.map((piece) => ({
    type: 'text',
    text: piece.text,
    ...(piece.isCode ? { style: { code: true } } : {}),
  }));
}

const LOOKS_LIKE_ADDRESS = /:\/\/|[\p{L}\p{N}]\.\p{L}{2,}/u;

/** A name before the host would be read as the host. */
function isWebLink(url: string): boolean {
  if (!/^https?:\/\//i.test(url) || !URL.canParse(url) || url.length > MOST_URL) return false;
  const { username, password } = new URL(url);
  return username === '' && password === '';
}

function link(url: string, label: string): RichTextElement {
  const isSafe = isWebLink(url);
  // A label that reads like an address must be the one that the link leads to.
  const isHonest = label !== '' && !LOOKS_LIKE_ADDRESS.test(label);
  if (isSafe) return { type: 'link', url, text: isHonest ? label : url };
  return { type: 'text', text: label === url || url === '' ? label : `${label} (${url})` };
}

/** Takes an element in as far as there is room: what is beyond is counted in lines and left out. */
function takeIn(page: Page, element: RichTextElement): RichTextElement | undefined {
  if (element.type !== 'text' && element.type !== 'link') return undefined;
  const text = toShown(element.text ?? '').replace(/\n{2,}/g, '\n');
  if (text === '') return undefined;
  const size = text.length + (element.type === 'link' ? element.url.length : 0);
  if (page.lost > 0) {
    page.lost += text.split('\n').length - 1;
    return undefined;
  }
  if (size <= page.left) {
    page.left -= size;
    page.plain.push(text);
    return { ...element, text };
  }
  return cutElement(page, element, text);
}

function cutElement(page: Page, element: RichTextElement, text: string): RichTextElement | undefined {
  const lines = text.split('\n');
  const kept: string[] = [];
  let length = 0;
  for (const line of lines) {
    if (length + line.length + 1 > page.left) break;
    kept.push(line);
    length += line.length + 1;
  }
  page.lost = Math.max(1, lines.length - kept.length);
  // One line that is longer than a message has nowhere else to be cut than in its middle.
  const shown = kept.length > 0 ? kept.join('\n') : cut(text, Math.max(1, page.left));
  page.left = 0;
  if (element.type !== 'text' || shown === '') return undefined;
  page.plain.push(shown);
  return { ...element, text: shown };
}

const richText = (elements: RichTextElement[]): KnownBlock => ({
  type: 'rich_text',
  elements: [{ type: 'rich_text_section', elements }],
});

/** Ends the running text. Line breaks at its edges would show as empty lines beside a list or a button. */
function closeSection(page: Page): void {
  const elements = trim(page.section);
  page.section = [];
  if (elements.length > 0) page.blocks.push(richText(elements));
}

function trim(elements: readonly RichTextElement[]): RichTextElement[] {
  const kept = elements.map((element) => ({ ...element }));
  for (const [at, edge] of [
    [0, /^\s+/],
    [-1, /\s+$/],
  ] as const) {
    for (let element = kept.at(at); element?.type === 'text'; element = kept.at(at)) {
      element.text = element.text.replace(edge, '');
      if (element.text !== '') break;
      if (at === 0) kept.shift();
      else kept.pop();
    }
  }
  return kept;
}

/** Adds a list, the lists within it after their row and one step in; returns the buttons that stood in its rows. */
function addList(page: Page, rows: readonly Text[], indent: number): Button[] {
  const buttons: Button[] = [];
  let items: { type: 'rich_text_section'; elements: RichTextElement[] }[] = [];
  const close = () => {
    if (items.length > 0)
      page.blocks.push({
        type: 'rich_text',
        elements: [{ type: 'rich_text_list', style: 'bullet', indent, elements: items }],
      });
    items = [];
  };
  for (const row of rows) {
    if (page.lost > 0) {
      page.lost += 1;
      continue;
    }
    page.plain.push('\n• ');
    page.isQuoted = false;
    const elements: RichTextElement[] = [];
    const inner: Text[] = [];
    for (const node of row) {
      if (typeof node !== 'string' && node.node === 'buttons') buttons.push(...node.buttons);
      else if (typeof node !== 'string' && node.node === 'list') inner.push(...node.rows);
      else
        for (const element of inline(page, node))
          elements.push(...[takeIn(page, element)].filter((each) => each !== undefined));
    }
    const shown = trim(elements);
    if (shown.length > 0) items.push({ type: 'rich_text_section', elements: shown });
    if (inner.length === 0) continue;
    close();
    buttons.push(...addList(page, inner, Math.min(indent + 1, 8)));
  }
  close();
  page.plain.push('\n');
  return buttons;
}

const YES = new Set(['approve', 'accept', 'ack', 'resolve', 'join']);
const NO = new Set(['reject', 'object', 'drop', 'fail']);

function addButtons(page: Page, buttons: readonly Button[]): void {
  page.plain.push('\n');
  for (let first = 0; first < buttons.length; first += MOST_IN_ROW) {
    const elements = buttons.slice(first, first + MOST_IN_ROW).flatMap((button) => toElement(page, button));
    const block: ActionsBlock = { type: 'actions', elements };
    if (elements.length > 0) page.blocks.push(block);
  }
}

function toElement(page: Page, button: Button): ButtonElement[] {
  const value = page.token(button);
  if (value === '' || value.length > MOST_TOKEN) return [];
  const label = toShown(button.label.replace(/\s+/g, ' ')).trim();
  const element: ButtonElement = {
    type: 'button',
    action_id: `b${page.buttons}`,
    text: { type: 'plain_text', text: cut(label === '' ? '…' : label, MOST_LABEL), emoji: false },
    value,
    ...(YES.has(button.command) ? { style: 'primary' as const } : {}),
    ...(NO.has(button.command) ? { style: 'danger' as const } : {}),
  };
  page.buttons += 1;
  return [element];
}
