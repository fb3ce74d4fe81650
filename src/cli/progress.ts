import type { Writable } from 'node:stream';

const WIDTH = 30;

/** A bar for what takes longer than a second, on a terminal; nothing anywhere else. */
export function createProgress(
  to: Writable & { readonly isTTY?: boolean },
  now: () => number,
): { show(done: number, all: number): void; end(): void } {
  const since = now();
  let drawn = 0;
  return {
    show: (done, all) => {
      const at = now();
      if (to.isTTY !== true || at - since < 1000 || at - drawn < 100) return;
      drawn = at;
      const part = all === 0 ? 1 : Math.min(1, done / all);
      const filled = Math.round(part * WIDTH);
      to.write(`\r${'█'.repeat(filled)}${'░'.repeat(WIDTH - filled)} ${Math.round(part * 100)} %`);
    },
    end: () => {
      if (drawn > 0) to.write(`\r${' '.repeat(WIDTH + 8)}\r`);
    },
  };
}
