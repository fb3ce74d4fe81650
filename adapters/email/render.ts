import type { Letter } from '../../src/forge-ports.ts';
import type { Button, Node, Text } from '../../src/ports.ts';
import { clean, escaped, webAddress } from './words.ts';

/** Renders reply nodes as a letter: plain text, and HTML that a screen reader and a dark screen cope with. */

export interface LetterContent {
  readonly organisation: string;
  readonly kind: 'invitation' | 'page' | 'digest' | 'notice';
  readonly nodes: Text;
  /** Where it goes on: the board, the way in for testers. */
  readonly url?: string;
  /** Where one click ends these letters; the same as in the header. */
  readonly unsubscribe?: string;
}

type Written = Pick<Letter, 'subject' | 'text' | 'html' | 'urgent'>;

interface Kind {
  subject(organisation: string, first: string): string;
  readonly link: string;
  /** Why this letter came. */
  why(organisation: string): string;
  readonly urgent: boolean;
  /** How they are ended in the chat: the link is not there where nobody can reach us, and a letter is not answered. */
  readonly end: string;
}

const KINDS: Readonly<Record<LetterContent['kind'], Kind>> = {
  invitation: {
    subject: (organisation, first) => `${organisation}: ${first || 'please test with us'}`,
    link: 'Take part',
    why: (organisation) => `You asked ${organisation} for invitations to test by mail.`,
    urgent: false,
    end: '/mail off invitations',
  },
  page: {
    subject: (organisation, first) => `${organisation}, urgent: ${first || 'somebody is needed'}`,
    link: 'See what happens',
    why: (organisation) => `You chose to get the pages of ${organisation} by mail, beside the chat.`,
    urgent: true,
    end: '/mail off pages',
  },
  digest: {
    subject: (organisation, first) => `${organisation}: ${first || 'what waits for you'}`,
    link: 'Open the board',
    why: (organisation) => `You chose to get the digests of ${organisation} by mail, beside the chat.`,
    urgent: false,
    end: '/mail off digests',
  },
  notice: {
    subject: (organisation, first) => `${organisation}: ${first || 'a notice'}`,
    link: 'Open the board',
    why: (organisation) => `You chose to get the notices of ${organisation} by mail.`,
    urgent: false,
    end: '/mail off',
  },
};

const MOST_FIRST = 90;

/** The whole letter but for whom it is to. */
export function letterOf({ organisation, kind, nodes, url, unsubscribe }: LetterContent): Written {
  const name = clean(organisation).replace(/\s+/g, ' ').trim();
  const body = plainOf(nodes);
  const { subject, link, why, urgent, end } = KINDS[kind];
  const title = subject(name, firstLine(body));
  const onward = url === undefined ? undefined : webAddress(url);
  const away = unsubscribe === undefined ? undefined : webAddress(unsubscribe);
  const text = [
    body,
    ...(onward === undefined ? [] : [`${link}: ${onward}`]),
    `-- \n${why(name)}\nNo more of these: ${away === undefined ? '' : `${away} or `}${end} in the chat.`,
  ].join('\n\n');
  const html = page(title, [
    `<main>${htmlOf(nodes)}${onward === undefined ? '' : `<p>${anchor(onward, link)}</p>`}</main>`,
    `<hr><p class="why">${escaped(why(name))} No more of these: ${away === undefined ? '' : `${anchor(away, 'end them here')}, or `}<code>${end}</code> in the chat.</p>`,
  ]);
  return { subject: title, text: `${text}\n`, html, urgent };
}

function firstLine(text: string): string {
  const line = text.split('\n', 1)[0]?.trim() ?? '';
  return line.length <= MOST_FIRST ? line : `${line.slice(0, MOST_FIRST - 1).replace(/[\ud800-\udbff]$/, '')}…`;
}

/** Colours that read well (4.5 : 1 and more) on a light and on a dark page; nothing is fetched from anywhere. */
const STYLE = `:root{color-scheme:light dark;supported-color-schemes:light dark}
body{margin:0 auto;max-width:40rem;padding:1rem;font:1rem/1.5 system-ui,sans-serif;color:#1a1a1a;background:#fff;overflow-wrap:anywhere}
a{color:#0b57d0}code{font-family:ui-monospace,monospace}.why{font-size:.875rem;color:#555}
@media(prefers-color-scheme:dark){body{color:#eee;background:#16181c}a{color:#a8c7fa}.why{color:#b5b5b5}}`;

const page = (title: string, parts: readonly string[]): string =>
  [
    '<!doctype html><html lang="en" dir="ltr"><head><meta charset="utf-8">',
    '<meta name="viewport" content="width=device-width,initial-scale=1">',
    '<meta name="color-scheme" content="light dark"><meta name="supported-color-schemes" content="light dark">',
    `<title>${escaped(title)}</title><style>${STYLE}</style></head><body>`,
    ...parts,
    '</body></html>\n',
  ].join('\n');

/** Plain text. A mail can't be pressed: for a button stands what to write in the chat. */
function plainOf(nodes: Text): string {
  return nodes
    .map(plainNode)
    .join('')
    .replace(/\f\n*/g, '\n')
    .replace(/\n{3,}/g, '\n\n')
    .trim();
}

/** Stands where a line ends whatever follows; no text has one, for `clean` takes it out. */
const END = '\f';

function plainNode(node: Node): string {
  if (typeof node === 'string') return clean(node);
  switch (node.node) {
    case 'bold':
    case 'code':
      return clean(node.text);
    case 'person':
      return clean(node.name);
    case 'item':
      return clean(node.title === undefined ? node.key : `${node.key} “${node.title}”`);
    case 'link': {
      const url = webAddress(node.url);
      return url === undefined || node.label === node.url ? clean(node.label) : `${clean(node.label)} (${url})`;
    }
    case 'list':
      return node.rows.map((row) => `\n• ${plainOf(row).replaceAll('\n', '\n  ')}${END}`).join('');
    case 'buttons':
      return node.buttons
        .map((button) => `\n→ ${clean(button.label)}: write ${command(button)} in the chat${END}`)
        .join('');
    default:
      return node satisfies never;
  }
}

const command = ({ command: name, on, args }: Button): string =>
  clean(['', name, on, args].filter((word) => word !== undefined).join(' ')).replace(/^ /, '/');

/** Paragraphs, lists between them. */
function htmlOf(nodes: Text): string {
  let html = '';
  let words = '';
  const flush = (): void => {
    const text = words.replace(/^(?:\s|<br>)+|(?:\s|<br>)+$/g, '');
    if (text !== '') html += `<p>${text}</p>`;
    words = '';
  };
  for (const node of nodes) {
    if (typeof node === 'string' || (node.node !== 'list' && node.node !== 'buttons')) {
      words += inline(node);
      continue;
    }
    const rows =
      node.node === 'list'
        ? node.rows.map((row) => row.map(nested).join(''))
        : node.buttons.map(
            (button) => `${escaped(button.label)}: write <code>${escaped(command(button))}</code> in the chat`,
          );
    if (rows.length === 0) continue;
    flush();
    html += `<ul>${rows.map((row) => `<li>${row}</li>`).join('')}</ul>`;
  }
  flush();
  return html;
}

/** Within a row of a list. */
const nested = (node: Node): string =>
  typeof node !== 'string' && (node.node === 'list' || node.node === 'buttons') ? htmlOf([node]) : inline(node);

function inline(node: Exclude<Node, { readonly node: 'list' | 'buttons' }>): string {
  if (typeof node === 'string') return escaped(node).replace(/\n+/g, '<br>');
  switch (node.node) {
    case 'bold':
      return `<strong><bdi>${escaped(node.text)}</bdi></strong>`;
    case 'code':
      return `<code>${escaped(node.text)}</code>`;
    case 'person':
      return `<bdi>${escaped(node.name)}</bdi>`;
    case 'item':
      return `<strong>${escaped(node.key)}</strong>${node.title === undefined ? '' : ` “<bdi>${escaped(node.title)}</bdi>”`}`;
    case 'link': {
      const url = webAddress(node.url);
      if (url === undefined) return escaped(node.label);
      if (node.label === node.url) return anchor(url, node.label);
      // A label that reads like an address and is another one would lead people elsewhere than it says.
      return LOOKS_LIKE_ADDRESS.test(node.label)
        ? `${escaped(node.label)} (${anchor(url, url)})`
        : anchor(url, node.label);
    }
    default:
      return node satisfies never;
  }
}

const LOOKS_LIKE_ADDRESS = /:\/\/|[\p{L}\p{N}-]\.\p{L}{2,}/u;

const anchor = (url: string, label: string): string =>
  `<a href="${escaped(url)}" rel="noopener noreferrer">${escaped(label)}</a>`;
