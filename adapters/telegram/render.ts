import { FormattedString } from '@grammyjs/parse-mode';
import type { Button, Node, Text } from '../../src/ports.ts';
import { between, clean, harmless, webLink } from './words.ts';

/** Renders reply nodes as text and entities. Entities are data beside the text, so nothing ever needs escaping. */

type Entity = FormattedString['rawEntities'][number];

export interface Rendered {
  readonly text: FormattedString;
  readonly buttons: readonly Button[];
}

const MOST_UNITS = 4096;
/** Telegram drops entities beyond this many. */
const MOST_ENTITIES = 100;

/** The whole text in one, and the buttons that stood in it. */
export function render(nodes: Text): Rendered {
  const page = createPage();
  writeAll(page, nodes);
  return { text: page.finish(), buttons: page.buttons };
}

interface Page {
  readonly buttons: Button[];
  write(words: string, entity?: (span: { offset: number; length: number }) => Entity): void;
  /** Begins a line, unless one has just begun. */
  line(): void;
  finish(): FormattedString;
}

function createPage(): Page {
  const entities: Entity[] = [];
  const buttons: Button[] = [];
  let text = '';
  let breaks = false;
  return {
    buttons,
    write: (words, entity) => {
      if (words === '') return;
      let rest = words.replace(/\n{2,}/g, '\n');
      if (breaks || text === '' || text.endsWith('\n')) rest = rest.replace(/^\n+/, '');
      if (rest === '') return;
      if (breaks && text !== '' && !text.endsWith('\n')) text += '\n';
      breaks = false;
      text += between(text, rest);
      const span = { offset: text.length, length: rest.length };
      text += rest;
      if (entity !== undefined) entities.push(entity(span));
    },
    line: () => {
      breaks = true;
    },
    finish: () => trimmed(new FormattedString(text, entities)),
  };
}

/** The server trims the text and would move what stands in it; so it is trimmed before. */
function trimmed(text: FormattedString): FormattedString {
  const from = text.rawText.length - text.rawText.trimStart().length;
  return text.slice(from, Math.max(from, text.rawText.trimEnd().length));
}

function writeAll(page: Page, nodes: Text): void {
  for (const node of nodes) {
    if (typeof node === 'string') page.write(harmless(node));
    else writeNode(page, node);
  }
}

function writeNode(page: Page, node: Exclude<Node, string>): void {
  switch (node.node) {
    case 'bold':
      return page.write(harmless(node.text), (span) => ({ type: 'bold', ...span }));
    case 'code':
      // Telegram looks for nothing within code, and what stands there is to be copied as it is.
      return page.write(clean(node.text), (span) => ({ type: 'code', ...span }));
    case 'person':
      return page.write(harmless(node.name));
    case 'item':
      page.write(harmless(node.key), (span) => ({ type: 'bold', ...span }));
      return node.title === undefined ? undefined : page.write(harmless(` “${node.title}”`));
    case 'link':
      return writeLink(page, node.url, node.label);
    case 'list':
      for (const row of node.rows) {
        page.line();
        page.write('• ');
        writeAll(page, row);
      }
      return page.line();
    case 'buttons':
      page.buttons.push(...node.buttons);
      return;
    default:
      return node satisfies never;
  }
}

function writeLink(page: Page, url: string, label: string): void {
  const href = webLink(url, label);
  if (href !== undefined) return page.write(clean(label), (span) => ({ type: 'text_link', url: href, ...span }));
  page.write(harmless(label === url ? url : `${label} (${url})`));
}

/** Cuts a text into messages: between lines where that is possible, else between words, never inside a character. */
export function split(text: FormattedString, most = MOST_UNITS): readonly FormattedString[] {
  const parts: FormattedString[] = [];
  let rest = text;
  while (rest.rawText.length > most || rest.rawEntities.length > MOST_ENTITIES) {
    const at = cutAt(rest, most);
    const part = trimmed(rest.slice(0, at));
    if (part.rawText !== '') parts.push(part);
    rest = trimmed(rest.slice(at));
  }
  return [...parts, ...(rest.rawText === '' && parts.length > 0 ? [] : [rest])];
}

function cutAt({ rawText, rawEntities }: FormattedString, most: number): number {
  const tooMany = rawEntities[MOST_ENTITIES];
  const limit = Math.min(most, tooMany === undefined ? most : tooMany.offset);
  const window = rawText.slice(0, limit + 1);
  const line = window.lastIndexOf('\n');
  if (line > 0) return line;
  const space = window.lastIndexOf(' ');
  if (space > limit / 2) return space;
  // A sign that was harmless behind a letter must not come to stand first: `a/b` is no command, `/b` would be one.
  let at = limit;
  while (at > 1 && (/[@/]/.test(rawText[at] ?? '') || /[\ud800-\udbff]/.test(rawText[at - 1] ?? ''))) at -= 1;
  return at;
}
