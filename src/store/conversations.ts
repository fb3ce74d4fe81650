import type { Destination, OutboxRow, Reading } from './port.ts';
import { fromDestination, type StoredOutbox, toOutboxRow } from './rows.ts';

/** So many messages of one destination are remembered, and found among so many last ones of all at the start. */
const REMEMBERED = 200;
const LOOKED_AT = 20_000;

interface Conversations extends Pick<Reading, 'messages'> {
  /** Rows that a turn has committed. */
  add(rows: readonly OutboxRow[]): void;
}

interface Asked {
  /** The last rows of all, oldest first. */
  newest(limit: number): readonly { readonly id: number; readonly destination: string }[];
  outbox(id: number): StoredOutbox | undefined;
}

/**
 * The newest messages of each destination, for the console and the board. Their ids are kept in memory from the first
 * question on: an index by destination would cost every turn a page for each destination.
 */
export function createConversations(asked: Asked): Conversations {
  let ids: Map<string, number[]> | undefined;

  function remember(known: Map<string, number[]>, destination: string, id: number): void {
    const list = known.get(destination);
    if (!list) known.set(destination, [id]);
    else if (list.push(id) > 2 * REMEMBERED) list.splice(0, REMEMBERED);
  }

  function load(): Map<string, number[]> {
    const known = new Map<string, number[]>();
    for (const { id, destination } of asked.newest(LOOKED_AT)) remember(known, destination, id);
    return known;
  }

  return {
    add(rows) {
      if (ids) for (const row of rows) remember(ids, fromDestination(row.to), row.id);
    },
    messages(to: readonly Destination[], limit) {
      ids ??= load();
      const known = ids;
      const all = [...new Set(to.map(fromDestination))].flatMap((destination) => known.get(destination) ?? []);
      const found: OutboxRow[] = [];
      for (const id of all.sort((left, right) => right - left)) {
        if (found.length >= limit) break;
        const row = asked.outbox(id);
        if (row && row.body !== null && row.state !== 'failed' && row.state !== 'expired') found.push(toOutboxRow(row));
      }
      return found.reverse();
    },
  };
}
