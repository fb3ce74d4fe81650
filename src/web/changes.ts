/** Tells open pages that something changed: what they show is asked for again, so nothing is ever rendered twice. */
export interface Changes {
  tell(): void;
  listen(listener: () => void): () => void;
}

/** Several changes within one wait are told as one. */
const WAIT = 40;

export function createChanges(): Changes {
  const listeners = new Set<() => void>();
  let waiting = false;
  return {
    tell: () => {
      if (waiting || listeners.size === 0) return;
      waiting = true;
      setTimeout(() => {
        waiting = false;
        for (const listener of [...listeners]) listener();
      }, WAIT).unref();
    },
    listen: (listener) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
}
