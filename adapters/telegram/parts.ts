import type { FormattedString } from '@grammyjs/parse-mode';
import type { Api } from 'grammy';
import type { Sent } from '../../src/ports.ts';
import { type Markup, sendOne, type Way } from './calls.ts';
import { split } from './render.ts';

/** Sends a text in as many messages as it takes. */

export interface Content {
  readonly text: FormattedString;
  readonly markup: Markup | undefined;
}

const BETWEEN = 1_000;
const MOST_KEPT = 1_000;

export type SendParts = (id: string, way: Way, content: Content) => Promise<Sent>;

/**
 * The buttons go under the last part, and its id is the one that is kept. What broke off in the middle goes on there at
 * the next try; only a restart forgets that, and sends the first parts once more.
 */
export function createParts(api: Api, pause: (milliseconds: number) => Promise<void>): SendParts {
  const progress = new Map<string, number>();

  function keep(key: string, parts: number): void {
    const oldest = progress.keys().next().value;
    if (progress.size >= MOST_KEPT && oldest !== undefined) progress.delete(oldest);
    progress.set(key, parts);
  }

  return async (id, way, { text, markup }) => {
    const parts = split(text);
    const key = `${id} ${way.chat} ${way.receiver ?? ''}`;
    // What one person alone is to see must hang on their own words in every part, else Telegram does not take it.
    const next: Way = way.receiver === undefined ? { ...way, answers: undefined } : way;
    for (let at = progress.get(key) ?? 0; at < parts.length - 1; at += 1) {
      const sent = await sendOne(api, at === 0 ? way : next, parts[at] ?? text);
      if (sent.is !== 'sent') return sent;
      keep(key, at + 1);
      await pause(BETWEEN);
    }
    const sent = await sendOne(api, parts.length === 1 ? way : next, parts.at(-1) ?? text, markup);
    if (sent.is === 'sent') progress.delete(key);
    return sent;
  };
}
