import type { Store } from '../store/port.ts';
import type { Answer } from './engine.ts';

/** What a platform brings again comes soon: so many of the newest answers are looked through. */
const NEWEST = 500;

/**
 * Nothing can be decided now: what was decided under this id before is answered as it was, and not as something that was
 * not done.
 */
export function answeredBefore(store: Pick<Store, 'inbox'>, id: string | undefined): Answer | undefined {
  if (id === undefined) return undefined;
  try {
    return (store.inbox(NEWEST).findLast((row) => row.id === id)?.outcome ?? undefined) as Answer | undefined;
  } catch {
    // Where nothing can be read either, nobody knows.
    return undefined;
  }
}
