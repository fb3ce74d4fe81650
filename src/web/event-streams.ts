/**
 * The event streams that are open, and whose. Each holds a connection for as long as its page stays open, and what is being
 * answered is never cut: so whoever opens very many would leave no room for anybody else.
 */
export interface EventStreams {
  /** One more of theirs. Beyond what there is room for, the oldest ends: theirs first, then anybody's. Says how it is closed. */
  open(whose: string, end: () => void): () => void;
}

/** So many pages one person has open, and all together: less than there are connections. */
const MOST = { each: 25, all: 600 };

export function createEventStreams(most: typeof MOST = MOST): EventStreams {
  const all = new Map<() => void, string>();
  const cut = (end: (() => void) | undefined): void => {
    if (end === undefined || !all.delete(end)) return;
    end();
  };
  return {
    open(whose, end) {
      const own = [...all].filter(([, who]) => who === whose);
      if (own.length >= most.each) cut(own[0]?.[0]);
      else if (all.size >= most.all) cut([...all.keys()][0]);
      all.set(end, whose);
      return () => void all.delete(end);
    },
  };
}
