import type { InlineKeyboardButton, InlineKeyboardMarkup } from '@grammyjs/types';
import type { Button } from '../../src/ports.ts';
import { clean, cut } from './words.ts';

/** Rows of buttons under a message. */

const MOST_DATA = 64;
const MOST_LABEL = 64;
const MOST_BUTTONS = 100;
const MOST_IN_ROW = 3;
/** About what fits beside each other on a telephone. */
const ROW_WIDTH = 32;

export interface KeyboardOptions {
  readonly buttons: readonly Button[];
  token(button: Button): string;
  /** Our name, once it is known: links into our private conversation need it. */
  readonly username?: string | undefined;
}

/** Undefined where there is nothing to press. A token that Telegram would not take is a problem in words. */
export function keyboardOf(options: KeyboardOptions): InlineKeyboardMarkup | { readonly problem: string } | undefined {
  const all: InlineKeyboardButton[] = [];
  for (const button of options.buttons.slice(0, MOST_BUTTONS)) {
    const data = options.token(button);
    const bytes = Buffer.byteLength(data);
    if (bytes === 0 || bytes > MOST_DATA)
      return { problem: `the token of the button “${button.label}” has ${bytes} bytes; 1 to ${MOST_DATA} are taken` };
    all.push({ text: labelOf(button, options.buttons), callback_data: data });
    const link = button.command === 'join' ? startLink(options.username, `join-${button.on}`) : undefined;
    if (link !== undefined) all.push({ text: 'Open me in private', url: link });
  }
  return all.length === 0 ? undefined : { inline_keyboard: rowsOf(all.slice(0, MOST_BUTTONS)) };
}

/** Opens our private conversation and says `/start PAYLOAD` there; undefined while our name is not known. */
export function startLink(username: string | undefined, payload?: string): string | undefined {
  if (username === undefined || (payload !== undefined && !/^[\w-]{1,64}$/.test(payload))) return undefined;
  return `https://t.me/${username}${payload === undefined ? '' : `?start=${payload}`}`;
}

/** Buttons of several rows of a list end up in one keyboard: the same label twice says on what it is pressed. */
function labelOf(button: Button, all: readonly Button[]): string {
  const isTwice = all.some(({ label, on }) => label === button.label && on !== button.on);
  const words = isTwice ? `${button.label} ${button.on}` : button.label;
  const label = [words, button.command]
    .map((each) => clean(each.replace(/\s+/g, ' ')).trim())
    .find((each) => each !== '');
  return cut(label ?? '…', MOST_LABEL);
}

function rowsOf(buttons: readonly InlineKeyboardButton[]): InlineKeyboardButton[][] {
  const rows: InlineKeyboardButton[][] = [];
  for (const button of buttons) {
    const row = rows.at(-1);
    const width = [...(row ?? []), button].reduce((sum, { text }) => sum + text.length + 2, 0);
    if (row === undefined || row.length === MOST_IN_ROW || width > ROW_WIDTH) rows.push([button]);
    else row.push(button);
  }
  return rows;
}
