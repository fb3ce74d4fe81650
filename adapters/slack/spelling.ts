/**
 * How a command is spelt for people on Slack. The core says `/approve WEB-1`; typed so, Slack takes the slash for itself and
 * knows no such word. What it knows is `/baton`, and a private message to us needs no slash at all.
 */

const UMBRELLA = '/baton';
/** A word that begins with a slash, where no address and no path goes on. */
const SLASHED = /(?<![^\s([])\/([a-z][a-z0-9-]*)(?![\w/@-]|\.\w)/gi;
/** Of a line to copy, its first word, and the first of what may be said instead: `/call open | /call close`. */
const LEADING = /(^\s*|\|\s*)\/([a-z][a-z0-9-]*)(?![\w/@-]|\.\w)/gi;

/** A piece of plain words; what is to be typed stands apart, as code. */
interface Piece {
  readonly text: string;
  readonly isCode: boolean;
}

export interface Spell {
  /** What is to be copied: a command with its words. */
  code(text: string): string;
  /** Plain words, in which commands are named; whether they begin, and end, within what somebody is quoted with. */
  plain(text: string, isQuoted: boolean): { readonly pieces: readonly Piece[]; readonly isQuoted: boolean };
}

export interface Spelling {
  /** Where anything but a slash command may be unheard: channels, forms, the home page. */
  readonly shared: Spell;
  /** In a conversation with us alone, where the bare name is understood. */
  readonly private: Spell;
}

/** What knows no commands leaves all as it is. */
export function createSpelling(commands: readonly string[] = []): Spelling {
  const names = new Set(commands.map((name) => name.replace(/^\//, '').toLowerCase()));
  const isKnown = (name: string): boolean => names.has(name.toLowerCase());
  const code =
    (before: string) =>
    (text: string): string =>
      text.replace(LEADING, (said, start: string, name: string) => (isKnown(name) ? `${start}${before}${name}` : said));
  const shared = (text: string): string =>
    text.replace(SLASHED, (said, name: string) => (isKnown(name) ? `${UMBRELLA} ${name}` : said));
  return {
    shared: { code: code(`${UMBRELLA} `), plain: outsideQuotes((text) => [{ text: shared(text), isCode: false }]) },
    private: { code: code(''), plain: outsideQuotes((text) => bareNames(text, isKnown)) },
  };
}

/** What somebody is quoted with stays as they said it. A quotation ends with its line at the latest. */
function outsideQuotes(spell: (text: string) => readonly Piece[]): Spell['plain'] {
  return (text, isQuoted) => {
    let quoted = isQuoted;
    const pieces: Piece[] = [];
    for (const part of text.split(/([“”\n])/)) {
      if (/^[“”\n]$/.test(part)) quoted = part === '“';
      pieces.push(...(quoted ? [{ text: part, isCode: false }] : spell(part)));
    }
    return { pieces: joined(pieces), isQuoted: quoted };
  };
}

function bareNames(text: string, isKnown: (name: string) => boolean): Piece[] {
  const found: Piece[] = [];
  let from = 0;
  for (const { 0: said, 1: name = '', index } of text.matchAll(SLASHED)) {
    if (!isKnown(name)) continue;
    found.push({ text: text.slice(from, index), isCode: false }, { text: name, isCode: true });
    from = index + said.length;
  }
  return [...found, { text: text.slice(from), isCode: false }];
}

function joined(pieces: readonly Piece[]): Piece[] {
  const all: Piece[] = [];
  for (const piece of pieces) {
    const last = all.at(-1);
    if (piece.text === '') continue;
    if (last !== undefined && !last.isCode && !piece.isCode)
      all[all.length - 1] = { text: last.text + piece.text, isCode: false };
    else all.push(piece);
  }
  return all;
}

/** Takes the umbrella off words that were typed with it where none is needed: `/baton mine` is `/mine`. */
export const withoutUmbrella = (text: string): string =>
  text.replace(/^(\s*)\/baton(?:[-_]\w+)?\s+\/?(?=\p{L})/iu, '$1/');
