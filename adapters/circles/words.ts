import { createHash } from 'node:crypto';

/**
 * What people wrote, before it goes into Taiga. Taiga renders descriptions and comments as Markdown, tells everybody who is
 * named there by `@`, and makes links of `#12`; a hidden line of ours must not be something that others can write.
 */

/** Keeps two characters apart and is not seen; no pattern of Taiga's reaches over it. */
const JOINER = '\u2060';
const MOST_BODY = 60_000;
const MOST_SUBJECT = 500;

/** What no text needs: control characters (the database refuses NUL), marks that turn the direction, our own joiner. */
const UNSEEN = /[\p{Cc}\u061c\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]/gu;
const withoutUnseen = (text: string): string =>
  text.toWellFormed().replace(UNSEEN, (each) => (each === '\n' || each === '\t' ? each : ''));

/** Names ring unless a letter or a figure stands before the `@`, as in an address of mail. */
const withoutCalls = (text: string): string =>
  text.replace(/(?<![A-Za-z0-9])@(?=\S)/g, `@${JOINER}`).replace(/#(?=\S)/g, `#${JOINER}`);

/** A title. It is shown as it is, but Taiga quotes it in comments of its own making, where names would ring. */
export function harmlessTitle(text: string): string {
  const line = withoutCalls(withoutUnseen(text.replace(/\s+/g, ' ')).trim());
  return Array.from(line).slice(0, MOST_SUBJECT).join('') || '(no title)';
}

/** A body: it shows as the very characters that were written, with links where addresses stand, and does nothing. */
export function harmlessBody(text: string): string {
  return withoutUnseen(text.replace(/\r\n?/g, '\n').slice(0, MOST_BODY))
    .split('\n')
    .map((line) => harmlessLine(line.replaceAll('\t', ' ')))
    .join('\n')
    .trim();
}

/** Addresses stay whole, in the characters that mean nothing to Markdown. */
const ADDRESS = /https?:\/\/[\w\-.~:/?=%+,;&#@!$']+/giu;

function harmlessLine(line: string): string {
  // Four spaces make a block of code, in which what is escaped here would show its escapes.
  const text = line.replace(/^ +/, '');
  let plain = '';
  let from = 0;
  for (const found of text.matchAll(ADDRESS)) {
    plain += harmlessWords(text.slice(from, found.index)) + harmlessAddress(found[0]);
    from = found.index + found[0].length;
  }
  return harmlessStart(plain + harmlessWords(text.slice(from)));
}

const harmlessWords = (text: string): string =>
  withoutCalls(
    text
      .replace(/[\\`*_{}[\]|]/g, (each) => `\\${each}`)
      .replace(/&(?=#?\w+;)/g, '&amp;')
      .replaceAll('<', '&lt;')
      .replace(/~(?=~)/g, `~${JOINER}`),
  );

/** Names and references ring in addresses too: Taiga looks for them first. */
const harmlessAddress = (address: string): string =>
  address
    .replaceAll('@', '%40')
    .replace(/#(?=\d)/g, '%23')
    .replace(/~(?=~)/g, '%7E');

/** Headings, quotes, lists, rules and lines under a heading are made by what a line begins with. */
const harmlessStart = (line: string): string =>
  line
    .replace(/^([#>+-])/, '\\$1')
    .replace(/^(\d+)([.)])/, '$1\\$2')
    .replace(/^([=:~])/, `${JOINER}$1`);

/** A marker of ours in the form that Taiga keeps: tags are in lower case, and a comma would part them. */
export const markerOf = (marker: string): string => createHash('sha256').update(marker).digest('hex').slice(0, 20);

const TAG = /^baton-[0-9a-f]{20}$/;
/**
 * Stories and issues carry the marker as a tag: the list can be asked for a tag and for nothing else that we may set, and a
 * tag outlives every edit of the description. Without a colour it is not added to the project's own list of tags.
 */
export const markerTag = (marker: string): string => `baton-${markerOf(marker)}`;
export const isMarkerTag = (tag: string): boolean => TAG.test(tag);

/** Comments carry it in an HTML comment, which Taiga takes out when it renders. People's `<` never gets there as such. */
export const hiddenLine = (mark: string): string => `<!-- baton:${mark} -->`;
export const STATUS_MARK = 'status';
