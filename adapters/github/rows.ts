import { z } from 'zod';
import type { AdapterLog } from '../../src/forge-ports.ts';

/** A list of GitHub's, row by row: one that is odd keeps nobody from reading the others. */

export interface Rows<T> {
  readonly rows: readonly T[];
  /** How many there were, and when each was changed, those that can not be read among them: pages go by that. */
  readonly length: number;
  readonly changed: readonly string[];
  /** The numbers of those that can not be read, as far as they have one. */
  readonly odd: readonly (number | null)[];
}

const Dated = z.object({ updated_at: z.string() });
const Numbered = z.object({ number: z.number() });
const Known = z.object({ id: z.number() });

/** Reads an answer that is a list; anything else is none. */
export const rowsOf = <T>(row: z.ZodType<T>) =>
  z.array(z.unknown()).transform((all): Rows<T> => {
    const rows: T[] = [];
    const odd: (number | null)[] = [];
    for (const each of all) {
      const read = row.safeParse(each);
      if (read.success) rows.push(read.data);
      else odd.push(Numbered.safeParse(each).data?.number ?? Known.safeParse(each).data?.id ?? null);
    }
    return { rows, length: all.length, changed: all.map((each) => Dated.safeParse(each).data?.updated_at ?? ''), odd };
  });

/** Says in one line what was passed over: by its number, for its words are other people's. */
export function tellOdd(log: AdapterLog, what: string, { odd }: Rows<unknown>): void {
  if (odd.length > 0) log.warn('GitHub shows what can not be read; it is passed over', { what, numbers: [...odd] });
}
