/** What adapters may import: the ports that they stand behind. */

export type { TrackerNews } from './core/incoming.ts';

/** The one clock. UTC milliseconds; never a local time. */
export interface Clock {
  now(): number;
}

/** Looks whether a page answers; resolves to its HTTP status, 0 when it could not be reached or must not be asked. */
export interface LinkCheck {
  check(url: string): Promise<number>;
}
