import { appendFileSync } from 'node:fs';

/** What is counted: something that was done to the bot and that it survived, or something it was given and refused. */
export type Counted = 'fault' | 'bad input';

/** One line of the file that `TALLY` names: how often a test did what its row of the list says. */
export interface Tallied {
  readonly counted: Counted;
  /** The name of the row in `test/faults/list.ts` or `test/abuse/list.ts`. */
  readonly row: string;
  readonly count: number;
}

/**
 * Counts for `docs/reliability.md`, after what is counted was looked at and held. Without `TALLY` nothing is written:
 * the same test says the same with and without it.
 */
export function tally(counted: Counted, row: string, count: number): void {
  const file = process.env.TALLY;
  if (file !== undefined) appendFileSync(file, `${JSON.stringify({ counted, row, count } satisfies Tallied)}\n`);
}
