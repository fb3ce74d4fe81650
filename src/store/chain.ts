import { hash } from 'node:crypto';
import type { StoredEvent } from './rows.ts';

/** What the first event's hash is chained to. */
export const GENESIS = '0'.repeat(64);

/** The last event: where the next one is chained to. */
export interface Head {
  readonly seq: number;
  readonly at: number;
  readonly hash: string;
}
export const EMPTY_HEAD: Head = { seq: 0, at: 0, hash: GENESIS };

/** The digest stands in for the payload in the chain. */
export function digestOf(data: string): string {
  return hash('sha256', data);
}

/**
 * An event's hash: over the one before and all that is recorded of it. As JSON, because no two lists share one text.
 */
export function hashOf(previous: string, event: Omit<StoredEvent, 'data' | 'hash'>): string {
  const { seq, stream, version, type, at, actor, via, digest } = event;
  return hash('sha256', JSON.stringify([previous, seq, stream, version, type, at, actor, via, digest]));
}
