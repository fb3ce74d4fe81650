/** Reply nodes: what the bot says, as data. Each adapter renders and escapes them in one place. */

export interface Button {
  readonly label: string;
  /** A command's name, as in `press`. */
  readonly command: string;
  /** What it is pressed on: an item, an alert, an announcement. */
  readonly on: string;
  /** Further words of the command, for buttons that choose between candidates. */
  readonly args?: string;
}

export type Node =
  | string
  | { readonly node: 'bold'; readonly text: string }
  | { readonly node: 'code'; readonly text: string }
  | { readonly node: 'person'; readonly id: string; readonly name: string }
  | { readonly node: 'item'; readonly key: string; readonly title?: string }
  | { readonly node: 'link'; readonly url: string; readonly label: string }
  | { readonly node: 'list'; readonly rows: readonly Text[] }
  | { readonly node: 'buttons'; readonly buttons: readonly Button[] };

export type Text = readonly Node[];

export const bold = (text: string): Node => ({ node: 'bold', text });
export const code = (text: string): Node => ({ node: 'code', text });
export const item = (key: string, title?: string): Node => ({
  node: 'item',
  key,
  ...(title === undefined ? {} : { title }),
});
export const list = (rows: readonly Text[]): Node => ({ node: 'list', rows });
export const buttons = (...all: readonly Button[]): Node => ({ node: 'buttons', buttons: all });

/** Template tag: `say\`Handed ${item('WEB-1')} over.\`` gives nodes; arrays of nodes are spliced in. */
export function say(strings: TemplateStringsArray, ...values: readonly (Node | Text | number)[]): Text {
  const out: Node[] = [];
  strings.forEach((part, index) => {
    if (part !== '') out.push(part);
    const value = values[index];
    if (value === undefined) return;
    if (typeof value === 'number') out.push(String(value));
    else if (isText(value)) out.push(...value);
    else out.push(value);
  });
  return out;
}

function isText(value: Node | Text): value is Text {
  return Array.isArray(value);
}

/** Several texts as one, each on a line of its own; empty ones are left out. */
export function lines(...texts: readonly Text[]): Text {
  return texts.filter((text) => text.length > 0).flatMap((text, index) => (index === 0 ? [...text] : ['\n', ...text]));
}

/** On one line, whatever it had: no title and no name can look like a line that the bot said. */
export const oneLine = (text: string): string => text.replace(/[\s\u0085]+/g, ' ').trim();

const BREAKS = /[\n\r\v\f\u0085\u2028\u2029]+/;

/** Somebody's text within ours: where it has several lines, each is marked as theirs and none can look like one of ours. */
export function quoted(text: string): string {
  const [first = '', ...more] = text.trim().split(BREAKS);
  return more.length === 0 ? first : [first, ...more].map((line) => `\n│ ${line}`).join('');
}

/** Names joined for reading: `a, b and c`. */
export function enumerate(names: readonly string[], last = 'and'): string {
  if (names.length < 2) return names.join('');
  return `${names.slice(0, -1).join(', ')} ${last} ${names.at(-1)}`;
}

/** Plain text, as the simulator and the command line show it. Buttons appear as `[Label]`. */
export const toPlain = (text: Text): string => plain(text, ({ label }) => `[${label}]`);

/**
 * Plain text where nothing can be pressed: a button is the command that it stands for, on a line of its own, there to be
 * copied. Marks of code would be shown as they are: where this goes, every sign is shown.
 */
export const toWritten = (text: Text, commandOf: (button: Button) => string): string =>
  plain(text, (button) => `\n${commandOf(button)}`).replace(/ +\n/g, '\n');

/** Plain text where nothing is to be done: without the buttons. */
export const toTold = (text: Text): string => plain(text, () => '');

function plain(text: Text, show: (button: Button) => string): string {
  return text
    .map((node) => plainNode(node, show))
    .join('')
    .replace(/\n{2,}/g, '\n')
    .trim();
}

function plainNode(node: Node, show: (button: Button) => string): string {
  if (typeof node === 'string') return node;
  switch (node.node) {
    case 'bold':
    case 'code':
      return node.text;
    case 'person':
      return node.name;
    case 'item':
      return node.title === undefined ? node.key : `${node.key} “${node.title}”`;
    case 'link':
      return node.label === node.url ? node.url : `${node.label} (${node.url})`;
    case 'list':
      return node.rows.map((row) => `\n• ${plain(row, show)}`).join('');
    case 'buttons':
      return node.buttons.length === 0 ? '' : `\n${node.buttons.map(show).join(' ')}`;
    default:
      return node satisfies never;
  }
}
