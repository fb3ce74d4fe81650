import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { FOLD_VERSION } from '../../src/core/streams.ts';
import { verifyStore } from '../../src/store/verify.ts';
import { fold } from '../properties/engine.ts';
import { type Played, play } from './year/play.ts';
import { type Script, type Size, writeYear } from './year/script.ts';

/** A synthetic year of an organisation through `baton simulate`: `npm run year -- --items 2000 --people 200 --seed 1`. */

const quantile = (sorted: readonly number[], share: number): number =>
  sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0;

export interface YearFigures {
  readonly seconds: number;
  readonly megabytes: number;
  readonly lines: number;
  readonly linesPerSecond: number;
  readonly slowest: string;
  readonly wrong: number;
}

/** What the calendar must have said over the year, whatever people did: a test page a week, an agenda a call. */
function messagesMissed({ sent }: Played, { weeks, calls }: Script): string[] {
  const wanted = { 'page-test': weeks, 'on-call': 5 * weeks };
  const wrong = Object.entries(wanted).filter(([kind, count]) => sent.get(kind) !== count);
  const agendas = sent.get('agenda') ?? 0;
  return [
    ...wrong.map(([kind, count]) => `${sent.get(kind) ?? 0} messages of kind ${kind}, not ${count}`),
    ...(agendas < calls ? [`${agendas} messages of kind agenda for ${calls} calls`] : []),
  ];
}

function table({ times }: Played): { rows: string[]; slowest: string } {
  const rows = [...times]
    .map(([command, list]) => {
      const sorted = list.toSorted((a, b) => a - b);
      return {
        command,
        count: list.length,
        p50: quantile(sorted, 0.5),
        p99: quantile(sorted, 0.99),
        max: sorted.at(-1) ?? 0,
      };
    })
    .sort((a, b) => b.p99 - a.p99);
  const slowest = rows.find(({ command }) => command.startsWith('/'));
  return {
    rows: rows.map(
      ({ command, count, p50, p99, max }) =>
        `${command.padEnd(14)} ${String(count).padStart(7)} ${[p50, p99, max].map((ms) => ms.toFixed(2).padStart(9)).join('')}`,
    ),
    slowest: `${slowest?.command ?? ''}, p99 ${(slowest?.p99 ?? 0).toFixed(1)} ms`,
  };
}

export async function runYear(size: Size, say: (line: string) => void, keep?: string): Promise<YearFigures> {
  const script = writeYear(size);
  const folder = mkdtempSync(join(tmpdir(), 'baton-year-'));
  const path = keep ?? join(folder, 'year.db');
  say(`${script.lines.length} lines, ${script.items.length} items, ${size.people} people, seed ${size.seed}`);
  const played = await play(script, path);
  const megabytes = statSync(path).size / 1e6;
  const seconds = played.milliseconds / 1000;
  const { rows, slowest } = table(played);
  const verified = verifyStore(path, { fold: FOLD_VERSION, evolve: fold });
  rmSync(folder, { recursive: true });
  const wrong = [...played.wrong, ...messagesMissed(played, script), ...verified.problems];
  say(
    `${'command'.padEnd(14)} ${'lines'.padStart(7)} ${['p50 ms', 'p99 ms', 'max ms'].map((name) => name.padStart(9)).join('')}`,
  );
  for (const row of rows) say(row);
  say(`sent: ${[...played.sent].map(([kind, count]) => `${count} ${kind}`).join(', ')}`);
  say(`${verified.events} events, ${verified.states} states, verified`);
  for (const problem of wrong) say(`WRONG ${problem}`);
  const linesPerSecond = script.lines.length / seconds;
  say(
    `${seconds.toFixed(1)} s (goal 60), ${megabytes.toFixed(0)} MB (goal 400), ${linesPerSecond.toFixed(0)} lines/s, slowest ${slowest}, ${wrong.length} wrong answers`,
  );
  return { seconds, megabytes, lines: script.lines.length, linesPerSecond, slowest, wrong: wrong.length };
}

if (import.meta.main) {
  const { values } = parseArgs({
    options: {
      items: { type: 'string', default: '2000' },
      people: { type: 'string', default: '200' },
      seed: { type: 'string', default: '1' },
      db: { type: 'string' },
    },
  });
  const size = { items: Number(values.items), people: Number(values.people), seed: Number(values.seed) };
  const figures = await runYear(size, (line) => process.stdout.write(`${line}\n`), values.db);
  process.exitCode = figures.wrong === 0 ? 0 : 1;
}
