/** Other people's words, made safe to show: what Telegram would find in plain text by itself is listed here. */

/** Holds two characters together without being seen: Telegram finds no mention and no command across it. */
const JOINER = '\u2060';

/** Embeddings, overrides and isolates turn the order of what follows them, even outside the words they came in. */
const TURNING = /[\u202a-\u202e\u2066-\u2069]/g;
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is taken out
const CONTROLS = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g;

/** Text that any server takes: no control characters, no half characters, nothing that turns the line around. */
export const clean = (text: string): string =>
  text.replace(/\r\n?/g, '\n').replace(CONTROLS, '').replace(TURNING, '').toWellFormed();

/**
 * A web address as far as Telegram surely takes it for one; or else a sign from which it makes something of its own.
 * Behind a Latin letter it makes nothing of them (`a/b`, a mail address); behind other letters that is not so sure.
 */
const FOUND =
  /[Hh][Tt][Tt][Pp][Ss]?:\/\/(?:(?:[\p{L}\p{N}-]+\.)+[a-zA-Z]{2,}(?![\p{L}\p{N}_-])|(?:\d{1,3}\.){3}\d{1,3})(?::\d+)?(?:[/?#](?:[\w\-~%?#=&+:]|\.(?=\w)|(?<=[\w\-/])\/|(?<=\/)@)*)?|(?<!\w)@(?=\w)|(?<![\w/<>])\/(?=\w)|\b(?:[Tt][Gg]|[Tt][Oo][Nn]):(?=\/\/)/gu;

/**
 * Words in which Telegram finds nothing that acts on people. It looks into plain text, with entities or without, and
 * makes mentions of `@name` (which notify, also people whom the author could not reach), commands of `/word` (one tap
 * sends them in the reader's name) and links of `tg://`. A joiner after the sign stops that and is not seen; our own
 * way in takes it out again. Web addresses, tags and mail addresses stay: they show where they lead and notify nobody.
 */
export const harmless = (text: string): string =>
  clean(text).replace(FOUND, (found) => (/^http/i.test(found) ? found : `${found}${JOINER}`));

/** What goes between two pieces, so that no mention and no command arises where they meet. */
export const between = (before: string, after: string): string =>
  /(?<!\w)[@/]$/.test(before) && /^\w/.test(after) ? JOINER : '';

/** Cuts between characters, never inside one. */
export function cut(text: string, most: number): string {
  if (text.length <= most) return text;
  return `${text.slice(0, most - 1).replace(/[\ud800-\udbff]$/, '')}…`;
}

const LOOKS_LIKE_ADDRESS = /:\/\/|[\p{L}\p{N}]\.\p{L}{2,}/u;

/** A link under a label of its own; undefined where it must be shown as plain words. */
export function webLink(url: string, label: string): string | undefined {
  if (!URL.canParse(url)) return undefined;
  const { protocol, username, password, href } = new URL(url);
  if ((protocol !== 'https:' && protocol !== 'http:') || username !== '' || password !== '') return undefined;
  // A label that reads like an address and is another one would lead people elsewhere than it says.
  return label !== url && LOOKS_LIKE_ADDRESS.test(label) ? undefined : href;
}
