import { type Json, list, object, string, walk } from './json.ts';

/**
 * Whom a message would wake, which channels it would name and where it would lead. It errs towards more: the text beside
 * blocks counts as well, and so does what stands in a code span.
 */

export interface Shown {
  readonly text: string;
  readonly blocks: readonly Json[];
  readonly parse: string | undefined;
  readonly linkNames: boolean;
}
export interface Effects {
  /** `U0OLGA`, `!channel`, `!subteam^S1`, or `@olga` where a bare name would be taken as one. */
  readonly notified: readonly string[];
  /** Channels that are named as a link: `#C1`, or `#general` from a bare name. */
  readonly channels: readonly string[];
  readonly links: readonly string[];
}

interface Found {
  readonly notified: Set<string>;
  readonly channels: Set<string>;
  readonly links: Set<string>;
}

/** What a message does beyond being read. */
export function effectsOf(message: Shown): Effects {
  const found: Found = { notified: new Set(), channels: new Set(), links: new Set() };
  const full = message.parse === 'full' || message.parse === 'client';
  inSource(message.text, found, message.blocks.length === 0);
  if (full || message.linkNames) bareNames(message.text, found, true);
  if (full || (message.parse !== 'none' && message.blocks.length === 0)) bareLinks(message.text, found);
  for (const [part] of walk(message.blocks)) inPart(part, found);
  return { notified: [...found.notified], channels: [...found.channels], links: [...found.links] };
}

function inPart(part: Json, found: Found): void {
  const text = string(part.text);
  if (part.type === 'mrkdwn') {
    inSource(text, found, true);
    if (part.verbatim === true) return;
    bareNames(text, found, false);
    bareLinks(text, found);
  } else if (part.type === 'markdown') {
    inSource(text, found, true);
    bareNames(text, found, false);
    bareLinks(text, found);
    for (const [, target] of text.matchAll(/\]\(\s*([^)\s]+)/g)) found.links.add(target ?? '');
  } else inRichText(part, found);
  if (typeof part.url === 'string' && part.type !== 'user') found.links.add(part.url);
}

function inRichText(part: Json, found: Found): void {
  if (part.type === 'user') found.notified.add(string(part.user_id));
  if (part.type === 'usergroup') found.notified.add(`!subteam^${string(part.usergroup_id)}`);
  if (part.type === 'broadcast') found.notified.add(`!${string(part.range)}`);
  if (part.type === 'channel') found.channels.add(`#${string(part.channel_id)}`);
}

/** What stands between angle brackets; an escaped bracket is none. */
function inSource(text: string, found: Found, linking: boolean): void {
  for (const [, inner = ''] of text.matchAll(/<([^<>\n]+)>/g)) {
    const target = inner.split('|')[0] ?? '';
    if (/^@[UW]/.test(target)) found.notified.add(target.slice(1));
    else if (/^!(channel|here|everyone|group)\b/.test(target)) found.notified.add(target);
    else if (target.startsWith('!subteam^')) found.notified.add(target);
    else if (/^#[CG]/.test(target)) found.channels.add(target);
    else if (linking && /^([a-z][a-z0-9+.-]*:|!date\^.*\^http)/i.test(target)) found.links.add(target);
  }
}

/** Bare names that are taken as mentions although nobody marked them so. */
function bareNames(text: string, found: Found, everybody: boolean): void {
  for (const [, name = ''] of text.matchAll(/(?<![\p{L}\p{N}_<.])@([\p{L}\p{N}][\p{L}\p{N}._-]*)/gu)) {
    if (/^(channel|here|everyone)\b/i.test(name)) found.notified.add(`!${name.toLowerCase()}`);
    else if (everybody) found.notified.add(`@${name}`);
  }
  for (const [, name] of text.matchAll(/(?<![\p{L}\p{N}_<&])#([\p{L}\p{N}][\p{L}\p{N}_-]*)/gu))
    found.channels.add(`#${name}`);
}

function bareLinks(text: string, found: Found): void {
  const outside = text.replace(/<[^<>\n]*>/g, ' ');
  for (const [url] of outside.matchAll(/\b(?:https?:\/\/|www\.)[^\s<>|]+/gi)) found.links.add(url);
  for (const [mail] of outside.matchAll(/\b[\w.+-]+@[\w-]+\.[\w.-]*\w/g)) found.links.add(`mailto:${mail}`);
}

/** All words of a message as a person sees them, without the markup. */
export function wordsOf(message: { readonly text: string; readonly blocks: readonly Json[] }): string {
  if (message.blocks.length === 0) return readable(message.text);
  const lines: string[] = [];
  for (const [part] of walk(message.blocks)) {
    const text = part.text;
    if (typeof text === 'string' && part.type !== 'button') lines.push(part.type === 'mrkdwn' ? readable(text) : text);
    if (part.type === 'user') lines.push(`@${string(part.user_id)}`);
  }
  return lines.join('\n');
}

const readable = (text: string): string =>
  text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');

/** The labels of the buttons of a message or a view, in order. */
export function buttonsOf(blocks: readonly Json[]): readonly string[] {
  const parts = [...walk(blocks)].map(([part]) => part).filter((part) => part.type === 'button');
  return parts.map((part) => string(object(part.text).text));
}

export const elementsOf = (blocks: readonly Json[]): readonly (readonly [Json, Json])[] =>
  blocks.flatMap((block) =>
    [...list(block.elements), block.accessory, block.element].flatMap((part) =>
      typeof part === 'object' && part !== null ? [[block, object(part)] as const] : [],
    ),
  );
