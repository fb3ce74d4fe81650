import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import Sqlite from 'better-sqlite3';
import { vi } from 'vitest';
import type { Organisation } from '../../../src/core/organisation.ts';
import { readOrganisation } from '../../../src/shell/read-organisation.ts';
import { checkInvariants } from '../../support/file-invariants.ts';
import { createStage, type Stage } from '../../support/stage.ts';
import { ask, runBaton } from '../../web/demo.ts';
import { type BotProcess, createBotProcess, freePort, type Launch } from '../bot-process.ts';
import { voiceOn } from '../voice.ts';

/** The real process with both chats, by Telegram's polling and Slack's requests, and what people can see of it. */

const ORDERS = resolve(import.meta.dirname, 'orders-child.ts');
/** A Monday at ten in Brussels. */
const AHEAD = Date.parse('2026-11-23T10:00:00+01:00') - Date.now();
/** What the bot's clock shows, and the platforms'. */
export const now = (): number => Date.now() + AHEAD;

export interface House {
  readonly stage: Stage;
  readonly bot: BotProcess;
  readonly origin: string;
  readonly database: string;
  /** Over the local socket; undefined: nobody is there to answer. */
  say(person: string, text: string): Promise<{ readonly ok: boolean; readonly text: string } | undefined>;
  baton(...words: readonly string[]): ReturnType<typeof runBaton>;
  healthy(): Promise<number>;
  /** A figure of `/metrics`. */
  figure(name: string): Promise<number>;
  /** Resident memory, in megabytes. */
  rss(): number;
  /** Resolves once the bot has written this somewhere. */
  heard(words: RegExp, patience?: number): Promise<unknown>;
  /** How many messages the bot wrote that hold this. */
  said(words: RegExp): number;
  /** How often each title was logged. */
  titles(): ReadonlyMap<string, number>;
  /** Resolves once nothing waits to be decided or said. */
  drained(patience?: number): Promise<void>;
  /** Ends it by `kill -9` and looks that every invariant holds in its file. */
  check(): Promise<void>;
  close(): Promise<void>;
}

export interface HouseOptions {
  /** Where the database is; a folder of the test's when not given. */
  readonly disk?: string;
  readonly launch?: Launch;
  readonly change?: (organisation: Organisation) => Organisation;
  readonly environment?: Readonly<Record<string, string>>;
}

const read = readOrganisation(join(import.meta.dirname, '../../transcripts/organisation.yaml'));
if ('problems' in read) throw new Error(read.problems.join('\n'));
const given = read.organisation;

export async function createHouse(options: HouseOptions = {}): Promise<House> {
  const folder = mkdtempSync(join(tmpdir(), 'baton-house-'));
  const database = join(options.disk ?? folder, 'baton.db');
  const stage = await createStage(given, [], { telegram: { now }, slack: { now, retryScale: 0.05 } });
  const organisation = options.change?.(stage.organisation) ?? stage.organisation;
  writeFileSync(join(folder, 'org.json'), JSON.stringify({ ...organisation, holidayDays: undefined }));
  const port = await freePort();
  const origin = `http://127.0.0.1:${port}`;
  const { telegram, slack } = stage;
  const environment = {
    BATON_ORG: join(folder, 'org.json'),
    BATON_DB: database,
    BATON_BACKUPS: join(folder, 'backups'),
    PORT: String(port),
    CLOCK_AHEAD: String(AHEAD),
    TELEGRAM_BOT_TOKEN: telegram.token,
    TELEGRAM_API_ROOT: telegram.root,
    SLACK_BOT_TOKEN: slack.botToken,
    SLACK_API_URL: slack.apiUrl,
    SLACK_SIGNING_SECRET: slack.signingSecret,
    ...options.environment,
  };
  const launch: Launch = options.launch ?? {};
  launch.options = ['--import', ORDERS, ...(launch.options ?? [])];
  const bot = createBotProcess(folder, environment, 'SIGKILL', undefined, launch);
  const voices = [voiceOn(stage, 'telegram'), voiceOn(stage, 'slack')];
  const said = (words: RegExp): number =>
    voices.flatMap((voice) => voice.seen()).filter(({ text }) => words.test(text)).length;
  await bot.start();
  await slack.deliverTo(`${origin}/slack/events`);

  const house: House = {
    stage, bot, origin, database, said,
    say: (person, text) => overSocket(`${database}.sock`, person, text),
    baton: (...words) => runBaton(folder, environment, ...words),
    healthy: async () => (await ask(origin, '/healthz')).status,
    figure: async (name) => {
      // In a flood a connection more may be one too many.
      const { text } = await ask(origin, '/metrics').catch(() => ({ text: '' }));
      return Number(text.split('\n').find((line) => line.startsWith(`${name} `))?.split(' ')[1]);
    },
    rss: () => Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${bot.pid}/status`, 'utf8'))?.[1]) / 1024,
    heard: (words, patience = 20_000) =>
      vi.waitFor(() => {
        if (said(words) === 0) throw new Error(`nobody was told ${words}\n${bot.complaints.join('')}`);
      }, { timeout: patience, interval: 100 }),
    titles: () => titlesIn(database),
    drained: (patience = 60_000) => vi.waitFor(() => nothingWaits(stage, database), { timeout: patience, interval: 200 }),
    check: async () => {
      await bot.kill();
      checkInvariants(database, organisation, [telegram.token, slack.botToken, slack.signingSecret]);
    },
    close: async () => {
      await bot.kill();
      await stage.close();
      rmSync(folder, { recursive: true, force: true });
    },
  }; // biome-ignore format: a list
  return house;
}

async function overSocket(path: string, as: string, text: string) {
  if (!existsSync(path)) return undefined;
  const socket = connect(path);
  try {
    await once(socket, 'connect');
    const lines = createInterface({ input: socket })[Symbol.asyncIterator]();
    socket.write(`${JSON.stringify({ as, text })}\n`);
    const { done, value } = await lines.next();
    return done === true ? undefined : (JSON.parse(String(value)) as { ok: boolean; text: string });
  } catch {
    // It ended: what was said is not acknowledged.
    return undefined;
  } finally {
    socket.destroy();
  }
}

/** What was logged; with GitHub there it is seen once more under its real name. */
const SEEN = "select data from events where type = 'seen' and stream like 'ref/baton%'";

function titlesIn(database: string): ReadonlyMap<string, number> {
  const db = new Sqlite(database, { readonly: true });
  const rows = db.prepare<[], string>(SEEN).pluck().all();
  db.close();
  const titles = new Map<string, number>();
  for (const row of rows) {
    const { title } = JSON.parse(row) as { title?: string };
    if (title !== undefined) titles.set(title, (titles.get(title) ?? 0) + 1);
  }
  return titles;
}

const WAITING = `select (select count(*) from outbox where state in ('new', 'sending', 'uncertain'))
  + (select count(*) from inbox where state = 'new') as n`;
/** What waits says why. */
const EXAMPLE = `select kind, address, state, attempts, due - at as after, reason from outbox
  where state in ('new', 'sending', 'uncertain') limit 1`;

function nothingWaits({ telegram, slack }: Stage, database: string): void {
  const db = new Sqlite(database, { readonly: true });
  const rows = db.prepare<[], number>(WAITING).pluck().get() ?? 0;
  const [example] = rows === 0 ? [] : db.prepare(EXAMPLE).all();
  db.close();
  const waiting = rows + telegram.pending().length + slack.deliveries.filter(({ state }) => state === 'waiting').length;
  if (waiting > 0) throw new Error(`${waiting} wait still, such as ${JSON.stringify(example)}`);
}
