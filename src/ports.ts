/** What adapters may import: the ports that they stand behind, and the reply nodes that they render. */

export type { TrackerNews } from './core/incoming.ts';
export type { Text } from './core/text.ts';

/** The one clock. UTC milliseconds; never a local time. */
export interface Clock {
  now(): number;
}

/** Looks whether a page answers; resolves to its HTTP status, 0 when it could not be reached or must not be asked. */
export interface LinkCheck {
  check(url: string): Promise<number>;
}

/** Reads a platform's webhook, already verified, into news of stories and issues. */
export type Translate = (name: string, payload: unknown) => readonly import('./core/incoming.ts').TrackerNews[];
