/**
 * The one source of chance of a history. Every question has a label, and each label its own row of numbers: a step that
 * is left out when a history is made smaller takes no number away from another.
 */
export interface Chance {
  /** From 0 to 1, 1 left out. */
  next(label: string): number;
  /** A whole number from 0 to `below`, which is left out. */
  below(label: string, below: number): number;
  /** A whole number from `from` to `to`, both included. */
  between(label: string, from: number, to: number): number;
  is(label: string, probability: number): boolean;
  pick<T>(label: string, from: readonly T[]): T;
}

export function createChance(seed: number): Chance {
  const counts = new Map<string, number>();
  const next = (label: string): number => {
    const count = counts.get(label) ?? 0;
    counts.set(label, count + 1);
    return mix(mix(mix(0x9e3779b9, seed), hashOf(label)), count) / 2 ** 32;
  };
  const below = (label: string, limit: number): number => Math.floor(next(label) * limit);
  return {
    next,
    below,
    between: (label, from, to) => from + below(label, to - from + 1),
    is: (label, probability) => next(label) < probability,
    pick(label, from) {
      const found = from[below(label, from.length)];
      if (found === undefined) throw new Error(`nothing to pick from for ${label}`);
      return found;
    },
  };
}

const hashes = new Map<string, number>();
function hashOf(text: string): number {
  const known = hashes.get(text);
  if (known !== undefined) return known;
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at += 1) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  hashes.set(text, hash >>> 0);
  return hash >>> 0;
}

/** Murmur's last steps: every bit of both has a say in every bit of what comes out. */
function mix(left: number, right: number): number {
  let mixed = Math.imul(left ^ right, 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x27d4eb2f) ^ right;
  return (mixed ^ (mixed >>> 15)) >>> 0;
}
