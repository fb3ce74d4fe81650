import type { ForgeAdapter, Listing } from '../forge-ports.ts';
import type { Invocation } from './cli.ts';
import { createProgress } from './progress.ts';

/** The pages of what is open somewhere, one after the other, however long the platform has us wait. */

export interface Pages extends AsyncIterable<Listing> {
  /** Set where it ended too early: why. */
  readonly why: string | undefined;
}

/** Between tries of a platform that is away, in milliseconds. */
const WAITS = [1_000, 3_000];

export function pagesOf(adapter: ForgeAdapter, from: string | undefined, progress: ImportProgress): Pages {
  let why: string | undefined;
  async function* read(): AsyncGenerator<Listing> {
    let cursor = from;
    for (let tries = 0; ; ) {
      const page = (await adapter.list?.(cursor)) ?? NOTHING;
      if (!('is' in page)) {
        tries = 0;
        yield page;
        if (!page.more) return;
        cursor = page.cursor;
        continue;
      }
      const wait = page.is === 'later' ? page.after : WAITS[tries];
      if (wait === undefined) {
        why = `${adapter.platform}: ${page.why}`;
        return;
      }
      tries += page.is === 'later' ? 0 : 1;
      progress.say(`${adapter.platform}: ${page.why}; going on in ${Math.ceil(wait / 1_000)} seconds`);
      await new Promise<void>((resolve) => setTimeout(resolve, wait));
    }
  }
  return {
    [Symbol.asyncIterator]: read,
    get why() {
      return why;
    },
  };
}

const NOTHING: Listing = { entries: [], skipped: 0, cursor: '', more: false, part: 1 };

export interface ImportProgress {
  /** So much of the present platform is through. */
  at(part: number, found: number): void;
  next(): void;
  say(line: string): void;
  end(): void;
}

const A_LINE_EVERY = 1_000;

/** A bar on a terminal, and else a line now and then. */
export function createImportProgress(
  { stderr, machine }: Pick<Invocation, 'stderr' | 'machine'>,
  platforms: number,
): ImportProgress {
  const bar = createProgress(stderr, machine.now);
  let over = 0;
  let lines = 0;
  const say = (line: string): void => {
    bar.end();
    stderr.write(`${line}\n`);
  };
  return {
    at: (part, found) => {
      const share = (over + part) / platforms;
      bar.show(Math.round(share * 1_000), 1_000);
      if (stderr.isTTY === true || found < (lines + 1) * A_LINE_EVERY) return;
      lines = Math.floor(found / A_LINE_EVERY);
      say(`${found} looked at, ${Math.floor(share * 100)} %`);
    },
    next: () => {
      over += 1;
    },
    say,
    end: bar.end,
  };
}
