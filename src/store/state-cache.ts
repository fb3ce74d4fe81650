import type { StateRow } from './port.ts';

/** A state as the table has it: its row number is the order of first appearance. */
export interface Kept {
  readonly id: number;
  readonly row: StateRow;
}

/** The open states of one type in order; `ids` and `rows` run side by side. */
interface OpenList {
  ids: number[];
  rows: StateRow[];
  /** Someone holds `rows`: the next change makes a copy first. */
  lent: boolean;
  readonly byStream: Map<string, Kept>;
}

export interface StateCache {
  get(stream: string, type: string): Kept | undefined;
  put(kept: Kept): void;
  open(type: string): readonly StateRow[] | undefined;
  fill(type: string, all: readonly Kept[]): void;
  clear(): void;
}

/**
 * Parsed states in memory: all open ones of each type that was asked for, and the `limit` most recently used others.
 * States are immutable for everyone, so the objects themselves are handed out. Only what a savepoint kept may be put
 * in.
 */
export function createStateCache(limit: number): StateCache {
  const lists = new Map<string, OpenList>();
  const recent = new Map<string, Kept>();

  return {
    get(stream, type) {
      const open = lists.get(type)?.byStream.get(stream);
      if (open) return open;
      const kept = recent.get(stream);
      // While there is room for twice as many, nothing is about to be forgotten, and the order does not matter.
      if (kept && recent.size * 2 > limit) remember(recent, kept, limit);
      return kept;
    },
    put(kept) {
      const list = lists.get(kept.row.type);
      if (!list) return remember(recent, kept, limit);
      if (!kept.row.open) {
        remove(list, kept);
        return remember(recent, kept, limit);
      }
      recent.delete(kept.row.stream);
      insert(list, kept);
    },
    open(type) {
      const list = lists.get(type);
      if (!list) return undefined;
      list.lent = true;
      return list.rows;
    },
    fill(type, all) {
      const byStream = new Map(all.map((kept) => [kept.row.stream, kept]));
      for (const stream of byStream.keys()) recent.delete(stream);
      lists.set(type, { ids: all.map((kept) => kept.id), rows: all.map((kept) => kept.row), lent: false, byStream });
    },
    clear() {
      lists.clear();
      recent.clear();
    },
  };
}

/** A map keeps the order of insertion: the one put in last is the most recently used one. */
function remember(recent: Map<string, Kept>, kept: Kept, limit: number): void {
  recent.delete(kept.row.stream);
  recent.set(kept.row.stream, kept);
  if (recent.size <= limit) return;
  const [oldest] = recent.keys();
  if (oldest !== undefined) recent.delete(oldest);
}

function insert(list: OpenList, kept: Kept): void {
  list.byStream.set(kept.row.stream, kept);
  own(list);
  const place = placeOf(list.ids, kept.id);
  if (list.ids[place] === kept.id) {
    list.rows[place] = kept.row;
    return;
  }
  list.ids.splice(place, 0, kept.id);
  list.rows.splice(place, 0, kept.row);
}

function remove(list: OpenList, kept: Kept): void {
  if (!list.byStream.delete(kept.row.stream)) return;
  own(list);
  const place = placeOf(list.ids, kept.id);
  list.ids.splice(place, 1);
  list.rows.splice(place, 1);
}

function own(list: OpenList): void {
  if (!list.lent) return;
  list.rows = list.rows.slice();
  list.lent = false;
}

/** Where `id` stands or belongs in the sorted list. New streams come last, so that end is looked at first. */
function placeOf(ids: readonly number[], id: number): number {
  let low = 0;
  let high = ids.length;
  if (id > (ids[high - 1] ?? 0)) return high;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((ids[middle] ?? 0) < id) low = middle + 1;
    else high = middle;
  }
  return low;
}
