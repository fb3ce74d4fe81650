import type { Command } from './command.ts';
import { nearest } from './nearest.ts';
import { ENVIRONMENTS, ITEM_ROLES, ORGANISATION_ROLES, SEVERITIES } from './organisation.ts';

/** The usage of a command, read: `/reject [KEY] REASON` has two slots. What a person wrote is laid into them. */

export interface Slot {
  /** A field's name: unique in its line. */
  readonly name: string;
  /** The placeholder: KEY, REF, REASON; for a word that is said as it is, that word. */
  readonly of: string;
  readonly optional: boolean;
  /** Said before it: `owner` in `[owner PERSON]`. */
  readonly keyword?: string;
  readonly isWord: boolean;
  /** Takes everything that is left. */
  readonly isRest: boolean;
  /** Several of them, one word each. */
  readonly isMany: boolean;
}

/** The example of what was meant: of several acts the one that was begun. */
export const exampleOf = (command: Pick<Command, 'examples'>, first = ''): string =>
  command.examples.find((example) => first !== '' && example.split(' ')[1] === first.toLowerCase()) ??
  command.examples[0];

const REST: ReadonlySet<string> = new Set(['REASON', 'NOTE', 'TEXT', 'TITLE', 'REF or TITLE', 'NAME', 'WHEN']);

/** The lines of a usage, each as its slots: `/call open | /call plan WHEN` has two. */
export function linesOf(usage: string): Slot[][] {
  return usage.split(' | ').map((line) => {
    const seen = new Set<string>();
    return [...line.replace(/^\S+\s*/, '').matchAll(/\[[^\]]+\]|\S+(?: or \S+)?/g)].map(([text]) => {
      const slot = slotOf(text);
      const name = seen.has(slot.name) ? `${slot.name}s` : slot.name;
      seen.add(name);
      return { ...slot, name };
    });
  });
}

function slotOf(text: string): Slot {
  const optional = text.startsWith('[');
  const inside = text.replace(/^\[|\]$/g, '');
  const keyword = /^([a-z]+) [A-Z]/.exec(inside)?.[1];
  const written = keyword === undefined ? inside : inside.slice(keyword.length + 1);
  const of = written.replace('…', '').replace(/^(\w+),.*$/, '$1');
  return {
    name: keyword ?? of.toLowerCase().replaceAll(' ', '-'),
    of,
    optional,
    ...(keyword === undefined ? {} : { keyword }),
    isWord: /^[a-z]+$/.test(of),
    isRest: REST.has(of),
    isMany: written.includes('…') && !REST.has(of),
  };
}

/** The words that a placeholder may be, where they are few. */
export const CHOICES: Readonly<Record<string, readonly string[]>> = {
  SEVERITY: SEVERITIES,
  ENV: ENVIRONMENTS,
  TEAM: [...ORGANISATION_ROLES, ...ITEM_ROLES],
  ROLE: [...ORGANISATION_ROLES, ...ITEM_ROLES],
};

const KEY = /^[A-Za-z]{2,8}-\d{1,9}(\/\d+)?$/;
const REF = /^<?(?:(?:[\w.-]+\/[\w.-]+|baton)?#\d{1,9}|(?:[\w.-]+\/)?(?:us|issue):\d{1,9}|https?:\/\/\S+)>?$/i;
const SHAPES: Readonly<Record<string, RegExp>> = {
  KEY, REF, ALERT: KEY, 'KEY or REF': new RegExp(`${KEY.source}|${REF.source}`, 'i'), URL: /^https?:\/\/\S+$/i, RANK: /^\d+$/,
  DATE: /^\d{4}-\d{2}-\d{2}$/, FROM: /^\d{4}-/, UNTIL: /^\d{4}-/, CIRCLE: /^(create|https:\/\/\S+)$/i,
}; // biome-ignore format: a table

export interface Laid {
  /** By the slot's name: what fits. */
  readonly given: Readonly<Record<string, string>>;
  /** By the slot's name: what was said there and does not fit, as a first value. */
  readonly wrong: Readonly<Record<string, string>>;
  /** Were there words that fit nowhere? */
  readonly isTooMuch: boolean;
}

/** Lays words into the slots of a line. `kinds` are the processes that there are. */
export function lay(slots: readonly Slot[], words: readonly string[], kinds: readonly string[]): Laid {
  const given: Record<string, string> = {};
  const wrong: Record<string, string> = {};
  const left = [...words];
  for (const slot of slots) if (slot.keyword !== undefined) layKeyword(slots, slot, left, given, wrong);
  const plain = slots.filter((slot) => slot.keyword === undefined);
  // A report may begin with the item that it is about, before its title.
  const [first = ''] = left;
  const about = KEY.test(first) && plain[0]?.of === 'SEVERITY' ? left.shift() : undefined;
  plain.forEach((slot, at) => {
    const [word] = left;
    if (word === undefined) return;
    if (slot.isRest) {
      given[slot.name] = left.splice(0).join(' ');
      return;
    }
    const verdict = judge(slot, word, kinds);
    if (verdict.fits) {
      const count = slot.isMany ? left.length : isTime(slot, left[1]) ? 2 : 1;
      given[slot.name] = left.splice(0, count).join(' ');
    } else if (verdict.guess !== undefined) {
      wrong[slot.name] = verdict.guess;
      left.shift();
    } else if (!slot.isWord && !slot.optional && !plain.slice(at + 1).some((later) => later.isRest))
      wrong[slot.name] = left.shift() ?? '';
  });
  return { given: about === undefined ? given : { ...given, about }, wrong, isTooMuch: left.length > 0 };
}

const isTime = (slot: Slot, word = ''): boolean => /^(FROM|UNTIL)$/.test(slot.of) && /^\d{1,2}:\d{2}$/.test(word);

function judge(slot: Slot, word: string, kinds: readonly string[]): { fits: boolean; guess?: string | undefined } {
  if (slot.isWord) return { fits: word.toLowerCase() === slot.of };
  const choices = slot.of === 'KIND' ? kinds : CHOICES[slot.of];
  if (choices === undefined) return { fits: SHAPES[slot.of]?.test(word) ?? true };
  const low = word.toLowerCase();
  return choices.includes(low) || (slot.of === 'TEAM' && /^(dev|project)$/.test(low))
    ? { fits: true }
    : { fits: false, guess: nearest(word, choices) };
}

/** Takes `owner pia` out of the words, wherever it stands. */
function layKeyword(
  slots: readonly Slot[],
  slot: Slot,
  left: string[],
  given: Record<string, string>,
  wrong: Record<string, string>,
): void {
  const at = left.findLastIndex((word) => word.toLowerCase() === slot.keyword);
  const value = left[at + 1];
  if (at < 0 || value === undefined) return;
  const isShaped = SHAPES[slot.of]?.test(value) ?? true;
  // “An urgent fix” is a title: the word means something only before what it stands for.
  if (!isShaped && slot.keyword === 'urgent') return;
  const isKeyword = (word: string) => slots.some((other) => other.keyword === word.toLowerCase());
  const end = left.findIndex((word, index) => index > at && isKeyword(word));
  const values = left.splice(at, slot.isMany ? (end < 0 ? left.length : end) - at : 2).slice(1);
  (isShaped ? given : wrong)[slot.name] = values.join(' ');
}
