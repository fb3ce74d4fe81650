import { join } from 'node:path';
import { type Bench, inFolder, quantile } from '../harness.ts';
import { createRaw } from '../raw.ts';
import { runYear } from '../year.ts';

/** C9: the synthetic year, and beside it what a bare commit costs on this disk at this hour: the year makes one a command. */
export const year: Bench = {
  name: 'C9',
  run: () =>
    inFolder(async (folder) => {
      const raw = await createRaw(join(folder, 'raw.db'));
      const bare = (): number => {
        const times: number[] = [];
        for (let n = 0; n < 500; n += 1) {
          const started = performance.now();
          raw.commit(1);
          times.push(performance.now() - started);
        }
        return quantile(times, 0.5);
      };
      const before = bare();
      const { seconds, megabytes, lines, linesPerSecond, slowest, wrong } = await runYear(
        { items: 2000, people: 200, seed: 1 },
        () => {},
      );
      const record = (before + bare()) / 2;
      raw.close();
      return [
        {
          id: 'C9',
          what: 'the synthetic year (200 people, 2,000 items) in `baton simulate`',
          goal: '< 60 s, file < 400 MB',
          measured: `${seconds.toFixed(1)} s for ${lines.toLocaleString('en')} lines (${Math.round(linesPerSecond).toLocaleString('en')}/s), ${megabytes.toFixed(0)} MB, ${wrong} wrong answers; the slowest command: ${slowest}; a bare record alone takes ${record.toFixed(2)} ms here, so many of them ${((record * lines) / 1000).toFixed(0)} s`,
          met: seconds < 60 && megabytes < 400 && wrong === 0,
        },
      ];
    }),
};
