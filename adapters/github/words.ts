/** Other people's words, made safe to write on GitHub, and the hidden marks by which we know our own. */

/** Holds two characters together without being seen: GitHub finds no mention and no reference across it. */
const JOINER = '\u2060';

/** Embeddings, overrides and isolates turn the order of what follows them, even outside the words they came in. */
const TURNING = /[\u202a-\u202e\u2066-\u2069]/g;
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is taken out
const CONTROLS = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g;

const clean = (text: string): string =>
  text.replace(/\r\n?/g, '\n').replace(CONTROLS, '').replace(TURNING, '').toWellFormed();

/** Cuts between characters, never inside one. */
function cut(text: string, most: number): string {
  if (text.length <= most) return text;
  return `${text.slice(0, most - 1).replace(/[\ud800-\udbff]$/, '')}…`;
}

/** An address that GitHub surely makes a link of: whatever stands in a link is no mention and no Markdown. */
const ADDRESS =
  /(?<=^|[\s(])https?:\/\/[a-z0-9-]+(?:\.[a-z0-9-]+)+(?::\d+)?(?:[/?](?:(?:[\w\-.~%/?=&+:;,]|#(?!\d))*[\w\-~%/=&+])?)?/gi;

/** What follows these names an issue that is closed by them, or of which this is then a duplicate. */
const CLOSING =
  /\b(close[sd]?|fix(?:es|ed)?|resolve[sd]?|duplicate\s+of)(?=[\s:]*(?:https?:|#|GH-|[\w.-]+\/[\w.-]+#))/gi;

/** `@name`, `#2`, `GH-2`: a joiner after the sign and nobody is told, nothing is linked. */
function unbound(text: string): string {
  return text
    .replace(/(?<![A-Za-z0-9])@(?=[A-Za-z0-9])/g, `@${JOINER}`)
    .replace(/#(?=\d)/g, `#${JOINER}`)
    .replace(/\b(GH-)(?=\d)/gi, `$1${JOINER}`);
}

const loosened = (text: string): string =>
  text.replace(CLOSING, (keyword) => `${keyword.slice(0, 1)}${JOINER}${keyword.slice(1)}`);

/** Nothing of it is Markdown or HTML: there is no `<` left, so that no mark of ours can be feigned either. */
function plain(text: string): string {
  return unbound(text)
    .replace(/[\\`*_[\]~|]/g, '\\$&')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replace(/^[ \t]+/gm, ' ')
    .replace(/^( ?)([#>/+=-])/gm, (_, space: string, sign: string) => `${space}\\${sign}`);
}

const MOST_BODY = 60_000;
const MOST_TITLE = 250;

/** Words as they are and nothing more: no mention notifies, no keyword closes, no image loads. Web addresses stay links. */
export function harmless(text: string, most = MOST_BODY): string {
  const safe = loosened(clean(text).slice(0, MOST_BODY));
  let done = '';
  let from = 0;
  for (const { 0: address, index } of safe.matchAll(ADDRESS)) {
    done += `${plain(safe.slice(from, index))}${address}`;
    from = index + address.length;
  }
  // Behind an address a line does not begin anew.
  return cut(`${done}${plain(safe.slice(from))}`, most);
}

/** One line for a title, where there is no Markdown. */
export function harmlessTitle(text: string): string {
  const line = clean(text).replace(/\s+/g, ' ').trim();
  return cut(unbound(loosened(line)), MOST_TITLE) || 'Untitled';
}

/** A label's name, as GitHub takes it. */
export const labelName = (text: string): string => clean(text).replace(/\s+/g, ' ').trim().slice(0, 50).toWellFormed();

/** What a marker may hold inside a comment of HTML. */
const inside = (marker: string): string =>
  marker
    .replace(/[^\w.:/#-]/g, encodeURIComponent)
    .replace(/--/g, '-%2D')
    .replace(/-$/, '%2D');

const STATUS = 'status';
const markOf = (marker: string): string => `<!-- baton:${inside(marker)} -->`;

/** Our words with the mark by which they are found again; the status comment has one more. */
export const marked = (words: string, marker: string, isStatus = false): string =>
  `${words}\n\n${isStatus ? `${markOf(STATUS)} ` : ''}${markOf(marker)}`;

export const hasMarker = (body: string, marker: string): boolean => body.trimEnd().endsWith(markOf(marker));
export const isStatusComment = (body: string): boolean => body.includes(`\n\n${markOf(STATUS)} <!-- baton:`);
/** Written by us: the mark is the last thing there. */
export const isMarked = (body: string): boolean => /<!-- baton:\S{1,300} -->\s*$/.test(body.slice(-400));
