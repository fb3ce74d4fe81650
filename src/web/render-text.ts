import { html } from 'hono/html';
import type { Button, Node, Text } from '../core/text.ts';
import type { Html } from './markup.ts';

/** Renders reply nodes as HTML. `html` escapes every value, so nothing that a person wrote is ever markup. */

export interface TextOptions {
  /** How a button looks where this text stands; undefined: buttons are left out. */
  button?(button: Button): Html;
  /** The prefixes of items' keys, which become links. */
  readonly prefixes: readonly string[];
}

export function renderText(text: Text, options: TextOptions): Html {
  return html`${renderNodes(trimmed(text), options)}`;
}

/** Line breaks beside a list or a row of buttons are theirs already. */
function trimmed(text: Text): Node[] {
  const isBlock = (node: Node | undefined): boolean =>
    node === undefined || (typeof node !== 'string' && (node.node === 'list' || node.node === 'buttons'));
  return text.flatMap((node, at): Node[] => {
    if (typeof node !== 'string') return [node];
    const left = isBlock(text[at - 1]) ? node.replace(/^\s+/, '') : node;
    const both = isBlock(text[at + 1]) ? left.replace(/\s+$/, '') : left;
    return both === '' ? [] : [both];
  });
}

function renderNodes(nodes: readonly Node[], options: TextOptions): Html[] {
  return nodes.map((node) => (typeof node === 'string' ? renderWords(node, options) : renderNode(node, options)));
}

function renderNode(node: Exclude<Node, string>, options: TextOptions): Html {
  switch (node.node) {
    case 'bold':
      return html`<strong>${renderWords(node.text, options)}</strong>`;
    case 'code':
      return html`<code>${node.text}</code>`;
    case 'person':
      return html`<span class="person">${node.name}</span>`;
    case 'item':
      return html`<a class="key" href="/item/${encodeURIComponent(node.key)}">${node.key}</a>${node.title === undefined ? '' : ` “${node.title}”`}`;
    case 'link':
      return renderLink(node.url, node.label);
    case 'list':
      return html`<ul>${node.rows.map((row) => html`<li>${renderText(row, options)}</li>`)}</ul>`;
    case 'buttons':
      return options.button === undefined || node.buttons.length === 0
        ? html``
        : html`<div class="buttons">${node.buttons.map(options.button)}</div>`;
    default:
      return node satisfies never;
  }
}

function renderLink(url: string, label: string): Html {
  const isWeb = URL.canParse(url) && /^https?:$/.test(new URL(url).protocol);
  return isWeb ? html`<a href="${url}" rel="noopener noreferrer nofollow">${label}</a>` : html`${label}`;
}

/** Plain words: their lines, and the keys and addresses in them as links. */
function renderWords(words: string, { prefixes }: TextOptions): Html {
  const pattern = new RegExp(
    `\\b((?:${prefixes.join('|')})-\\d{1,9})\\b|(https?://[^\\s“”<>"]*[^\\s“”<>".,;:!?)])`,
    'g',
  );
  const lines = words.split('\n').map((line) => {
    const parts: (Html | string)[] = [];
    let from = 0;
    for (const match of line.matchAll(pattern)) {
      parts.push(line.slice(from, match.index));
      const [found, key] = match;
      parts.push(key === undefined ? renderLink(found, found) : html`<a class="key" href="/item/${key}">${key}</a>`);
      from = match.index + found.length;
    }
    return [...parts, line.slice(from)];
  });
  return html`${lines.map((line, at) => (at === 0 ? html`${line}` : html`<br>${line}`))}`;
}
