/** Waits for something to be so, and looks only when something has happened. */

export interface Waiting {
  changed(): void;
  waitFor<T>(look: () => T | undefined | null | false, patience?: number): Promise<T>;
}

export function createWaiting(): Waiting {
  const looks = new Set<() => void>();
  let told = false;
  return {
    changed: () => {
      if (told || looks.size === 0) return;
      told = true;
      // After the whole change: never in the middle of one.
      setImmediate(() => {
        told = false;
        for (const look of [...looks]) look();
      });
    },
    waitFor: <T>(look: () => T | undefined | null | false, patience = 10_000) => {
      const { promise, resolve, reject } = Promise.withResolvers<T>();
      const again = () => {
        try {
          const found = look();
          if (found !== undefined && found !== null && found !== false) resolve(found);
        } catch (error) {
          reject(error);
        }
      };
      // Made here, so that its stack names the test that waited in vain.
      const late = new Error(`it did not happen within ${patience} ms: ${look.toString()}`);
      const timer = setTimeout(() => reject(late), patience);
      looks.add(again);
      again();
      return promise.finally(() => {
        clearTimeout(timer);
        looks.delete(again);
      });
    },
  };
}
