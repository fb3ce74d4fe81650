import { html } from 'hono/html';
import { z } from 'zod';
import { toWords } from '../core/arguments.ts';
import type { Catalogue } from '../core/command.ts';
import { keyOf, parse, wordsOfPress } from '../core/decide.ts';
import type { World } from '../core/draft.ts';
import type { Button } from '../core/text.ts';
import type { Html } from './markup.ts';

/** Buttons: a form each, save those whose command wants more words; these put the command into the line instead. */

/** What a pressed button says: where it stands, and the words that it stands for. */
export const Press = z.strictObject({
  place: z.string().nullable(),
  command: z.string().max(40),
  on: z.string().max(500),
  args: z.string().max(500),
  /** The page to return to, where that is not the conversation. */
  back: z.enum(['/tracker']).optional(),
});
export type Press = z.infer<typeof Press>;

export function readPress(value: string): Press | undefined {
  try {
    return Press.safeParse(JSON.parse(value)).data;
  } catch {
    return undefined;
  }
}

/** What a person still has to write after the words of a button; undefined: nothing, it can be said as it is. */
function wanted(world: World, catalogue: Catalogue, text: string): boolean {
  const parsed = parse(catalogue, text);
  if (typeof parsed === 'string' || 'unknown' in parsed) return false;
  const { command, words } = parsed;
  const named = command.on === 'item' ? keyOf(world, words.all[0]) : undefined;
  const rest = named === undefined ? words : toWords(words.rest.replace(/^\S+\s*/, ''));
  return !command.args.safeParse(command.read(rest, world)).success;
}

/** The beginning of a line that its writer finishes. A bug begins with its severity, and the item comes after it. */
function beginning(command: string, on: string, text: string): string {
  if (command === 'bug') return `/bug minor ${on}`.trim();
  return text.trim();
}

const TONES: Readonly<Record<string, string>> = {
  approve: 'yes', accept: 'yes', ack: 'yes', join: 'yes', release: 'yes', reject: 'no', object: 'no', return: 'no',
}; // biome-ignore format: a table

/** A button where it stands: in a chat (its name), or in a private conversation (null). */
export function renderButton(
  world: World,
  catalogue: Catalogue,
  place: string | null,
  here: string,
  back?: Press['back'],
) {
  return ({ label, command, on, args = '' }: Button): Html => {
    const text = wordsOfPress(catalogue, command, on, args);
    const tone = TONES[command] ?? '';
    if (wanted(world, catalogue, text)) {
      const words = beginning(command, on, text);
      const href = `${here}?say=${encodeURIComponent(`${words} `)}#say`;
      return html`<a class="button ${tone}" href="${href}" data-say="${words} " title="${words} …">${label}…</a>`;
    }
    const press: Press = { place, command, on, args, ...(back === undefined ? {} : { back }) };
    return html`<button class="button ${tone}" form="press" name="press" value="${JSON.stringify(press)}" title="${text.trim()}">${label}</button>`;
  };
}
