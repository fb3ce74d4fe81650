import { callsOf, type Draft } from './draft.ts';
import { ONLY } from './streams.ts';

/** The round of a decision (R11): one a call; what is urgent joins the latest. */
export function roundOf(draft: Draft, isUrgent: boolean): number {
  const calls = callsOf(draft);
  if (isUrgent) return Math.max(1, calls?.round ?? 0);
  if (calls?.open?.round != null) return calls.open.round;
  const round = (calls?.round ?? 0) + 1;
  draft.emit('calls', ONLY, { type: 'round-begun', round });
  return round;
}

/** A rank that is taken moves the others down, as far as they stand close. */
export function makeRoom(draft: Draft, key: string, rank: number): void {
  const ranked = draft
    .open('item')
    .flatMap((other) => (other.key === key || other.rank === null ? [] : [[other.rank, other.key] as const]));
  const others = new Map(ranked);
  for (let at = rank; ; at += 1) {
    const taken = others.get(at);
    if (taken === undefined) return;
    draft.emit('item', taken, { type: 'rank-moved', rank: at + 1 });
  }
}
