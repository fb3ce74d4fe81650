/**
 * As few combinations as a greedy choice finds in which every value of one factor meets every value of each other one.
 * A combination is the index of a value for each factor.
 */
export function pairwise(sizes: readonly number[]): readonly (readonly number[])[] {
  const open = new Set<string>();
  const name = (a: number, x: number, b: number, y: number): string => `${a}=${x} ${b}=${y}`;
  for (const [a, many] of sizes.entries())
    for (const [b, more] of sizes.entries())
      if (a < b) for (let x = 0; x < many; x += 1) for (let y = 0; y < more; y += 1) open.add(name(a, x, b, y));
  const chosen: number[][] = [];
  for (const pair of open) {
    if (!open.has(pair)) continue;
    const row: (number | undefined)[] = sizes.map(() => undefined);
    for (const part of pair.split(' ')) {
      const [factor, value] = part.split('=').map(Number);
      if (factor !== undefined) row[factor] = value;
    }
    const met = (factor: number, value: number): readonly string[] =>
      row.flatMap((other, at) => {
        if (other === undefined || at === factor) return [];
        return at < factor ? name(at, other, factor, value) : name(factor, value, at, other);
      });
    const full = sizes.map((size, factor) => {
      const fixed = row[factor];
      if (fixed !== undefined) return fixed;
      let best = { value: 0, gain: -1 };
      for (let n = 0; n < size; n += 1) {
        // Each row begins its search elsewhere, so that where nothing is gained the values still take turns.
        const value = (n + chosen.length) % size;
        const gain = met(factor, value).filter((each) => open.has(each)).length;
        if (gain > best.gain) best = { value, gain };
      }
      row[factor] = best.value;
      return best.value;
    });
    for (const [a, x] of full.entries()) for (const [b, y] of full.entries()) if (a < b) open.delete(name(a, x, b, y));
    chosen.push(full);
  }
  return chosen;
}
