import { type Json, object, objects, string, walk } from '../peers/slack/json.ts';
import type { Effects } from '../peers/slack/notify.ts';
import { elementsOf } from '../peers/slack/notify.ts';
import type { Shown } from '../peers/telegram/types.ts';
import { FAKE } from './hostile-texts.ts';

/** What arose from words, beyond their being read. */

/** A line that somebody's words began; what our own marks stand before it does not matter. */
const BEGINS = new RegExp(`(?:^|[\\n\\r\\u0085\\u000b\\u000c\\u2028\\u2029])[\\s•>“”"'-]*${FAKE}`);
export const beginsLine = (text: string): boolean => BEGINS.test(text);

/** Characters that no reader should be given: what turns the line, what shows as nothing or as a box. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
const UNREADABLE = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/;
const unreadable = (text: string): string[] =>
  !text.isWellFormed() || UNREADABLE.test(text) ? [`unreadable: ${JSON.stringify(text.slice(0, 80))}`] : [];

const FORMATS = new Set(['bold', 'code', 'url', 'text_link']);

/** `named`: somebody who pressed a button may be named by us, so that the answer reaches them. */
export function onTelegram(
  { text, entities, keyboard }: Pick<Shown, 'text' | 'entities' | 'keyboard'>,
  isOurs: (url: string) => boolean,
): string[] {
  const wrong = entities.flatMap((entity) => {
    const words = text.slice(entity.offset, entity.offset + entity.length);
    if (entity.type === 'text_mention') return words === 'You' && entity.offset === 0 ? [] : [`mention: ${words}`];
    if (!FORMATS.has(entity.type)) return [`${entity.type}: ${words}`];
    if (entity.type !== 'text_link' || isOurs(entity.url)) return [];
    return new URL(entity.url).href === (URL.canParse(words) ? new URL(words).href : '')
      ? []
      : [`link: ${words} leads to ${entity.url}`];
  });
  const labels = keyboard.flat().map((button) => button.text);
  const links = keyboard.flat().flatMap(({ url }) => (url === undefined || isOurs(url) ? [] : [`button to ${url}`]));
  return [...wrong, ...links, ...[text, ...labels].flatMap(unreadable)];
}

const TYPES = new Set([
  ...['rich_text', 'rich_text_section', 'rich_text_list', 'text', 'link', 'actions', 'button', 'plain_text'],
  ...['section', 'header', 'input', 'plain_text_input', 'static_select', 'users_select', 'modal', 'home'],
]);

/** A message, a form or a home page, with what the peer says of its effects. */
export function onSlack(
  shown: { readonly text: string; readonly blocks: readonly Json[] },
  effects: Effects,
  isOurs: (url: string) => boolean,
): string[] {
  const parts = [...walk(shown.blocks)].map(([part]) => part);
  const types = parts.flatMap(({ type }) => (typeof type !== 'string' || TYPES.has(type) ? [] : [`block: ${type}`]));
  const links = parts.flatMap((part) => {
    if (part.type !== 'link') return [];
    const [url, words] = [string(part.url), string(part.text)];
    return isOurs(url) || url === words ? [] : [`link: ${words} leads to ${url}`];
  });
  const isShown = new Set(links.length === 0 ? effects.links.filter((url) => !isOurs(url)) : []);
  const asLinks = parts.flatMap((part) => (part.type === 'link' ? [string(part.url)] : []));
  const labels = elementsOf(shown.blocks).map(([, element]) => string(object(element.text).text));
  return [
    ...types,
    ...links,
    ...[...isShown].filter((url) => !asLinks.includes(url)).map((url) => `link from words: ${url}`),
    ...effects.notified.map((who) => `notified: ${who}`),
    ...effects.channels.map((channel) => `channel: ${channel}`),
    ...(/<[@#!]/.test(shown.text) ? [`not escaped: ${shown.text.slice(0, 80)}`] : []),
    ...[shown.text, ...labels, ...parts.map((part) => string(part.text))].flatMap(unreadable),
  ];
}

/** All words of Block Kit, each by itself: the lines that a reader sees. */
export const textsOf = (blocks: readonly Json[]): string[] => {
  const sections = [...walk(blocks)].flatMap(([part]) =>
    part.type === 'rich_text_section'
      ? [
          objects(part.elements)
            .map((each) => string(each.text))
            .join(''),
        ]
      : [],
  );
  const plain = [...walk(blocks)].flatMap(([part]) => (part.type === 'plain_text' ? [string(part.text)] : []));
  return [...sections, ...plain];
};
