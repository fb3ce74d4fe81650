import { type Compared, median, quantile, ROUNDS } from '../harness.ts';
import type { Child } from './child.ts';
import { type Loaded, load, type Wanted } from './load.ts';

/** Several servers under the same load, in turns: whoever's turn it is not stands still. */

export interface Contestant {
  readonly name: string;
  readonly child: Child;
  next: Wanted['next'];
}

/** What one turn of a server came to. */
export interface Turn {
  readonly rate: number;
  readonly p50: number;
  readonly p99: number;
  /** Microseconds of its processor for each request that it carried to the end. */
  readonly cpu: number;
  /** So many a second, counted until the last was carried to its end. */
  readonly ended: number;
}

export type Turns = ReadonlyMap<string, readonly Turn[]>;

export const CONNECTIONS = 64;

export async function takeTurns(contestants: readonly Contestant[], path: string, turns: number): Promise<Turns> {
  const taken = new Map(contestants.map(({ name }) => [name, [] as Turn[]]));
  for (const { child } of contestants) child.hold(true);
  for (let round = -2; round < ROUNDS; round += 1) {
    const order = round % 2 === 0 ? contestants : contestants.toReversed();
    for (const contestant of order) {
      const turn = await one(contestant, path, turns);
      // The first two rounds warm everyone up.
      if (round >= 0) taken.get(contestant.name)?.push(turn);
    }
  }
  return taken;
}

async function one({ child, next }: Contestant, path: string, turns: number): Promise<Turn> {
  child.hold(false);
  const before = await child.figures();
  const started = performance.now();
  const loaded: Loaded = await load({ address: child.address, path, connections: CONNECTIONS, turns, next });
  const count = loaded.times.length;
  let after = await child.figures();
  while (after.handled - before.handled < count) {
    await new Promise((resolve) => setTimeout(resolve, 2));
    after = await child.figures();
  }
  const ended = (count * 1_000) / (performance.now() - started);
  child.hold(true);
  if (after.refusals.length > 0) throw new Error(`refused: ${after.refusals.slice(0, 3).join('; ')}`);
  return {
    rate: loaded.rate,
    p50: quantile(loaded.times, 0.5),
    p99: quantile(loaded.times, 0.99),
    cpu: (after.cpu - before.cpu) / count,
    ended,
  };
}

/** One figure of two of them, round by round. */
export function beside(turns: Turns, ours: string, baseline: string, figure: keyof Turn): Compared {
  const own = (turns.get(ours) ?? []).map((turn) => turn[figure]);
  const other = (turns.get(baseline) ?? []).map((turn) => turn[figure]);
  const ratios = own.map((value, round) => value / (other[round] ?? Number.NaN));
  return {
    median: median(ratios),
    min: Math.min(...ratios),
    max: Math.max(...ratios),
    ours: median(own),
    baseline: median(other),
  };
}
