import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setInterval as ticks } from 'node:timers/promises';
import { parseArgs, promisify } from 'node:util';
import Sqlite from 'better-sqlite3';
import { readOrganisation } from '../../src/shell/read-organisation.ts';
import { createBotProcess, freePort } from '../faults/bot-process.ts';
import { record } from '../support/record.ts';
import { createStage } from '../support/stage.ts';

/**
 * `npm run load`: 200 updates a second from both platforms for ten minutes, the process killed and started again in the
 * middle, a backup made in the third quarter and restored elsewhere. Nothing that was acknowledged may be missing or be
 * there twice, no answer to Slack may be later than its three seconds, and memory must not grow. Exit code 1 where it does.
 */

const run = promisify(execFile);
const { values } = parseArgs({
  options: { minutes: { type: 'string', default: '10' }, rate: { type: 'string', default: '200' } },
});
const SECONDS = Number(values.minutes) * 60;
const PER_PLATFORM = Number(values.rate) / 2;
/** Of what comes from Telegram so much is for the bot; its answers may not go faster than thirty a second. */
const FOR_BOT = 0.2;
const PEOPLE = 400;
const TICK = 100;
const MAIN = resolve(import.meta.dirname, '../../src/main.ts');

const read = readOrganisation(join(import.meta.dirname, '../transcripts/organisation.yaml'));
if ('problems' in read) throw new Error(read.problems.join('\n'));
const people = Array.from({ length: PEOPLE }, (_, n) => ({ id: `p${n}`, name: `Person ${n}`, roles: [] }));
const stage = await createStage({ ...read.organisation, people: [...read.organisation.people, ...people] }, [], {
  slack: { retryScale: 1 },
});
const folder = mkdtempSync(join(tmpdir(), 'baton-load-'));
const database = join(folder, 'baton.db');
writeFileSync(join(folder, 'org.json'), JSON.stringify({ ...stage.organisation, holidayDays: undefined }));
const port = await freePort();
const environment = {
  BATON_ORG: join(folder, 'org.json'),
  BATON_DB: database,
  BATON_BACKUPS: join(folder, 'backups'),
  PORT: String(port),
  TELEGRAM_BOT_TOKEN: stage.telegram.token,
  TELEGRAM_API_ROOT: stage.telegram.root,
  SLACK_BOT_TOKEN: stage.slack.botToken,
  SLACK_API_URL: stage.slack.apiUrl,
  SLACK_SIGNING_SECRET: stage.slack.signingSecret,
};
const bot = createBotProcess(folder, environment);
await bot.start();
await stage.slack.deliverTo(`http://127.0.0.1:${port}/slack/events`);

/** Titles that somebody was told are logged; each must be there once. */
const acknowledged = new Set<string>();
const said = new Set<string>();
const waits: number[] = [];
const failures = new Map<string, number>();
const memory: { readonly second: number; readonly megabytes: number }[] = [];
let underWay = 0;

async function slackCommand(n: number): Promise<void> {
  const person = stage.onSlack(`p${n % PEOPLE}`);
  const title = `Slack number ${n}`;
  const isLogged = n % 2 === 0;
  const from = performance.now();
  underWay += 1;
  const { error } = await person.command(person.direct, '/baton', isLogged ? `feature ${title}` : 'status');
  underWay -= 1;
  if (error !== undefined) return void failures.set(error, (failures.get(error) ?? 0) + 1);
  waits.push(performance.now() - from);
  if (isLogged) acknowledged.add(title);
}

const general = stage.telegramChat('general');
function telegramMessage(n: number): void {
  const person = stage.onTelegram(`p${n % PEOPLE}`);
  if (n % Math.round(1 / FOR_BOT) !== 0) {
    person.say(
      { id: general.id, title: 'general', topics: {} },
      `Talk number ${n}`,
      general.topic === undefined ? {} : { topic: general.topic },
    );
    return;
  }
  const title = `Telegram number ${n}`;
  said.add(title);
  person.say(person.private, `/feature ${title}`);
}

function rss(): number | undefined {
  const { pid } = bot;
  if (pid === undefined) return undefined;
  try {
    return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / 1024;
  } catch {
    return undefined;
  }
}

let made = 0;
let backup: Promise<string> | undefined;
let restarted = false;
const begun = performance.now();
for await (const _ of ticks(TICK)) {
  const second = (performance.now() - begun) / 1_000;
  if (second >= SECONDS) break;
  for (const due = Math.floor(second * PER_PLATFORM); made < due; made += 1) {
    void slackCommand(made);
    telegramMessage(made);
  }
  const megabytes = rss();
  if (megabytes !== undefined && Math.floor(second) % 5 === 0 && memory.at(-1)?.second !== Math.floor(second))
    memory.push({ second: Math.floor(second), megabytes });
  if (!restarted && second > SECONDS / 2) {
    restarted = true;
    void bot.kill().then(() => bot.start());
  }
  if (backup === undefined && second > SECONDS * 0.75)
    backup = baton('backup', join(folder, 'copy.db'), '--db', database);
}

async function baton(...args: string[]): Promise<string> {
  const { stdout } = await run(process.execPath, [MAIN, ...args], {
    env: { ...process.env, ...environment },
    cwd: folder,
  });
  return stdout.trim();
}

const patience = performance.now() + 120_000;
const waiting = () => underWay > 0 || stage.telegram.pending().length > 0 || loggedTitles(/^Telegram/).size < said.size;
for await (const _ of ticks(500)) if (!waiting() || performance.now() > patience) break;
const drained = (performance.now() - begun) / 1_000 - SECONDS;

function loggedTitles(which: RegExp): Map<string, number> {
  const db = new Sqlite(database, { readonly: true });
  const rows = db.prepare<[], string>("select data from events where type = 'seen'").pluck().all();
  db.close();
  const titles = new Map<string, number>();
  for (const row of rows) {
    const { title } = JSON.parse(row) as { title?: string };
    if (title !== undefined && which.test(title)) titles.set(title, (titles.get(title) ?? 0) + 1);
  }
  return titles;
}

const logged = loggedTitles(/number/);
const lost = [...acknowledged, ...said].filter((title) => !logged.has(title));
const doubled = [...logged].filter(([, times]) => times > 1);
waits.sort((a, b) => a - b);
const at = (share: number): string =>
  (waits[Math.min(waits.length - 1, Math.floor(waits.length * share))] ?? 0).toFixed(0);
const half = memory.filter(({ second }) => second > SECONDS / 2 + 20);
const [early, late] = [half.slice(0, 5), half.slice(-5)].map(
  (some) => some.reduce((sum, { megabytes }) => sum + megabytes, 0) / Math.max(1, some.length),
);
console.log(
  `${2 * made} updates in ${SECONDS} s; ${waits.length} commands of Slack acknowledged, ${[...failures].map(([why, n]) => `${n} ${why}`).join(', ') || 'none refused'}; ${said.size} commands of Telegram`,
);
console.log(
  `Slack's wait: p50 ${at(0.5)} ms, p99 ${at(0.99)} ms, the longest ${at(1)} ms; all decided ${drained.toFixed(1)} s after the last`,
);
console.log(
  `memory: ${early?.toFixed(0)} MB after the restart, ${late?.toFixed(0)} MB at the end; the most ${Math.max(...memory.map(({ megabytes }) => megabytes)).toFixed(0)} MB`,
);
console.log(
  `lost: ${lost.length}; doubled: ${doubled.length}; database ${(statSync(database).size / 1e6).toFixed(0)} MB`,
);
console.log(`backup under the load: ${await backup}`);
const elsewhere = join(folder, 'elsewhere.db');
const restoring = performance.now();
await baton('restore', join(folder, 'copy.db'), '--db', elsewhere);
const restored = `${((performance.now() - restoring) / 1_000).toFixed(1)} s, ${(statSync(elsewhere).size / 1e6).toFixed(0)} MB`;
console.log(`restored elsewhere: ${restored}; ${await baton('verify', '--db', elsewhere)}`);
await bot.kill();
await stage.close();
rmSync(folder, { recursive: true });
// While nobody is there Slack says so at once; what it gave up on after three seconds was late.
const isLate = (waits.at(-1) ?? 0) > 3_000 || failures.has('operation_timeout');
const grows = (late ?? 0) > (early ?? 0) * 1.25;
record('load', {
  minutes: SECONDS / 60,
  updates: 2 * made,
  lost: lost.length,
  doubled: doubled.length,
  longest: Math.round(waits.at(-1) ?? 0),
  p99: Number(at(0.99)),
  megabytes: { early: Math.round(early ?? 0), late: Math.round(late ?? 0) },
  backup: await backup,
  restored,
});
if (lost.length + doubled.length > 0 || isLate || grows) {
  console.log(
    `failed:${lost.length > 0 ? ' lost' : ''}${doubled.length > 0 ? ' doubled' : ''}${isLate ? ' late' : ''}${grows ? ' grows' : ''}`,
    lost.slice(0, 5),
  );
  process.exitCode = 1;
}
