import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism, cpus } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import type { Bench, Row } from './harness.ts';
import { slackLoad, slowTelegram, telegramLoad } from './rows/chat-load.ts';
import { alone, command } from './rows/command.ts';
import { withGithub, withTaiga } from './rows/comparison.ts';
import { large } from './rows/large.ts';
import { links } from './rows/links.ts';
import { outbox } from './rows/outbox.ts';
import { press } from './rows/press.ts';
import { pure } from './rows/pure.ts';
import { routing } from './rows/routing.ts';
import { slowDisk } from './rows/slow-disk.ts';
import { start } from './rows/start.ts';
import { timers } from './rows/timers.ts';
import { votes } from './rows/votes.ts';
import { year } from './rows/year.ts';

/** `npm run bench [NAME…]`: the figures of the core, the store, the chats and the forges, each beside its baseline of the same run. */

const BENCHES: readonly Bench[] = [
  command, alone, slowDisk, pure, routing, large, timers, start, year, slackLoad, telegramLoad, slowTelegram, press, votes,
  outbox, links, withGithub, withTaiga,
]; // biome-ignore format: a list
const PAGE = join(import.meta.dirname, '../../docs/performance.md');

const verdict = ({ met }: Row): string => (met === undefined ? '–' : met ? 'yes' : '**no**');
const lineOf = (row: Row): string => `| ${row.id} | ${row.what} | ${row.goal} | ${row.measured} | ${verdict(row)} |`;

/** Rows that were not measured this time stay as they were. */
function writePage(rows: readonly Row[]): void {
  const old = existsSync(PAGE) ? readFileSync(PAGE, 'utf8') : '';
  const kept = new Map([...old.matchAll(/^\| ([CFH]\d\S*) \|.*$/gm)].map((match) => [match[1] ?? '', match[0]]));
  for (const row of rows) kept.set(row.id, lineOf(row));
  const order = [...kept].sort(([a], [b]) => a.localeCompare(b, 'en', { numeric: true })).map(([, line]) => line);
  const machine = `${availableParallelism()} cores of ${cpus()[0]?.model ?? 'an unknown processor'}, Node ${process.versions.node}`;
  writeFileSync(PAGE, `${HEAD}\n${order.join('\n')}\n\nMeasured on ${machine}.\n\n${NOTES}\n`);
}

const HEAD = `# Performance

Written by \`npm run bench\`; \`npm run bench C1 C7\` measures single rows and leaves the others as they are. Every figure is a
ratio of two sides that were measured in turns in one run: the median of at least five rounds, with the least and the greatest in
brackets. Single figures on a machine that is used by others swing by 10 to 40 %; the ratios say more.

| # | what | goal | measured | met |
| --- | --- | --- | --- | --- |`;

const NOTES = `- *Raw* is the record of one typical update by better-sqlite3 with prepared statements on the same tables, in WAL with
  \`synchronous=FULL\` and a chain of hashes, and with no logic at all: read the state's head, 1 inbox row of 600 bytes, 2 events of
  256 bytes, 1 state row of 1.4 kB, 2 outbox rows of 320 bytes, 1 timer. The commands beside it are half movements of the baton
  and half ballots; their events and messages are counted in the row.
- C3 slows the disk with a small library that is compiled for the run and preloaded; it waits before every \`fsync\`.
- C4 decides on states in plain maps: who it is, the words, every rule, the events and the answer. Half of the inputs are refused.
- C5 asks Hubot and grammY as they come, each with a listener for each of 40 commands, and none of them stores or sends anything.
- H1 to H4 run each server in a process of its own, which stands still while another has its turn; the load comes over bare
  sockets that are opened anew for each turn. The commands are a third movements of the baton; what they make the bot say to others
  goes out at the platform's pace meanwhile. Every command is decided; on Telegram, where that comes after the acknowledgement, a row
  of its own counts until the last is decided.
- H5 and H6 run against the platforms' protocol peers of the tests, at the limits that the platforms document.
- C6 has 1,000 open items on both sides; the row with all of 100,000 open shows what an organisation of that size would wait.
- C8 starts \`src/main.ts start\` as it is, with the compile cache warm, and stops the clock when the address is printed. The bundle
  comes with the release.
- C9 plays its lines one after the other, as a script does: each command waits for its own commit.
- F1 hands in what an adapter has verified already, one event after the other: it is stored, confirmed, read back and decided, which
  is two commits. Ten issues are linked to an item, and every item is open: 10,000 of them on the one side, 10 on the other.
- F2 and F3 count what the real adapters ask of the protocol peers of the tests, over HTTP, with 100,000 issues or stories there,
  all of them linked. A comparison runs every five minutes, twelve in an hour, whatever else happens. GitHub's own answer of
  “nothing new” (304) counts towards no limit of its; Taiga documents no limit, so GitHub's stands beside it.`;

const wanted = process.argv.slice(2).map((name) => name.toUpperCase());
const unknown = wanted.filter((name) => !BENCHES.some((bench) => bench.name === name));
if (unknown.length > 0) {
  process.stderr.write(`There is no ${unknown.join(', ')}; there are ${BENCHES.map(({ name }) => name).join(', ')}.\n`);
  process.exitCode = 2;
} else {
  const rows: Row[] = [];
  for (const bench of BENCHES) {
    if (wanted.length > 0 && !wanted.includes(bench.name)) continue;
    const started = performance.now();
    const measured = await bench.run();
    for (const row of measured) process.stdout.write(`${lineOf(row)}\n`);
    process.stderr.write(`${bench.name} took ${((performance.now() - started) / 1000).toFixed(0)} s\n`);
    rows.push(...measured);
  }
  writePage(rows);
}
