import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { vi } from 'vitest';
import { FOLD_VERSION } from '../../src/core/streams.ts';
import { readOrganisation } from '../../src/shell/read-organisation.ts';
import { openSqliteStore } from '../../src/store/sqlite.ts';
import { checkInvariants } from '../support/file-invariants.ts';
import { createStage, type Stage } from '../support/stage.ts';
import { type BotProcess, createBotProcess, freePort } from './bot-process.ts';
import { CONVERSATION } from './conversation.ts';
import { type Moment, playThrough } from './kill-moments.ts';
import { type Voice, voiceOn } from './voice.ts';

/** One conversation with a bot that is ended in the middle of each step, and what is left of it in the end. */

export const MODES = ['telegram by polling', 'telegram by webhook', 'slack by socket', 'slack over HTTP'] as const;
export type Mode = (typeof MODES)[number];

/** A Monday at ten in Brussels: in the hours in which everything is decided at once. */
const MONDAY = Date.parse('2026-11-23T10:00:00+01:00');

const read = readOrganisation(join(import.meta.dirname, '../transcripts/organisation.yaml'));
if ('problems' in read) throw new Error(read.problems.join('\n'));
const { organisation } = read;

/** What is left in the end: what happened, and what is to be read where. */
interface End {
  readonly events: readonly string[];
  readonly messages: readonly string[];
  readonly hits: readonly string[];
  /** How many messages were under way when it ended, over all its ends: no other may come twice. */
  readonly underWay: number;
}

export async function play(
  mode: Mode,
  moments: readonly (Moment | undefined)[],
  signal: 'SIGKILL' | 'SIGTERM' = 'SIGKILL',
): Promise<End> {
  const folder = mkdtempSync(join(tmpdir(), 'baton-kill-'));
  const ahead = MONDAY - Date.now();
  const now = () => Date.now() + ahead;
  const stage = await createStage(organisation, [], {
    telegram: { now, webhookPause: 100 },
    slack: { now, retryScale: 0.02 },
  });
  const database = join(folder, 'baton.sqlite');
  // What the reader works out is no key of the file.
  writeFileSync(join(folder, 'org.json'), JSON.stringify({ ...stage.organisation, holidayDays: undefined }));
  const port = await freePort();
  let underWay = 0;
  const bot = createBotProcess(
    folder,
    {
      BATON_ORG: join(folder, 'org.json'),
      BATON_DB: database,
      BATON_BACKUPS: join(folder, 'backups'),
      PORT: String(port),
      CLOCK_AHEAD: String(ahead),
      ...environmentOf(mode, stage, port),
    },
    signal,
    () => {
      if (existsSync(database)) underWay += countUnderWay(database);
    },
  );
  try {
    await bot.start();
    if (mode === 'slack over HTTP') await stage.slack.deliverTo(`http://127.0.0.1:${port}/slack/events`);
    const voice = voiceOn(stage, platformOf(mode));
    // Everyone has pressed Start; what the bot says to that is not what is looked at here.
    await quiet(bot, stage, database);
    const hits = await playThrough({ bot, stage, voice, steps: CONVERSATION, moments });
    await quiet(bot, stage, database);
    const messages = voice.seen().filter(({ alone }) => !alone);
    await bot.kill();
    checkInvariants(database, stage.organisation, [stage.telegram.token, stage.slack.botToken]);
    return {
      events: eventsIn(database),
      messages: messages.map(({ where, text }) => `${where}: ${plain(text)}`).sort(),
      hits,
      underWay,
    };
  } finally {
    await bot.kill();
    await stage.close();
    rmSync(folder, { recursive: true });
  }
}

export const platformOf = (mode: Mode): Voice['platform'] => (mode.startsWith('telegram') ? 'telegram' : 'slack');

/** How it goes when nothing happens to the bot: the same in both modes of a platform. */
const undisturbed = new Map<Voice['platform'], Promise<End>>();
export function undisturbedOn(mode: Mode): Promise<End> {
  const platform = platformOf(mode);
  const played = undisturbed.get(platform) ?? play(mode, []);
  undisturbed.set(platform, played);
  return played;
}

function environmentOf(mode: Mode, { telegram, slack }: Stage, port: number): Record<string, string> {
  const toTelegram = { TELEGRAM_BOT_TOKEN: telegram.token, TELEGRAM_API_ROOT: telegram.root };
  const toSlack = { SLACK_BOT_TOKEN: slack.botToken, SLACK_API_URL: slack.apiUrl };
  switch (mode) {
    case 'telegram by polling':
      return toTelegram;
    case 'telegram by webhook':
      return { ...toTelegram, TELEGRAM_WEBHOOK_SECRET: 'of-the-tests', BATON_URL: `http://127.0.0.1:${port}` };
    case 'slack by socket':
      return { ...toSlack, SLACK_APP_TOKEN: slack.appToken };
    case 'slack over HTTP':
      return { ...toSlack, SLACK_SIGNING_SECRET: slack.signingSecret };
    default:
      return mode satisfies never;
  }
}

const WRITES = /^(send|edit|chat\.)/;

/** Nothing waits in the outbox any more, and nothing was written or changed for longer than a card waits for its edit. */
async function quiet(bot: BotProcess, { telegram, slack }: Stage, database: string): Promise<void> {
  const calls = () => [...telegram.calls, ...slack.calls].filter(({ method }) => WRITES.test(method)).length;
  let last = { count: calls(), at: performance.now() };
  await vi.waitFor(
    async () => {
      // It may have come to its end after what the last step was about.
      await bot.start();
      if (calls() !== last.count) last = { count: calls(), at: performance.now() };
      if (performance.now() - last.at < 2_500) throw new Error('something is still being said');
      const waiting = waitingIn(database);
      if (waiting.length > 0) throw new Error(`these wait to be said: ${JSON.stringify(waiting)}`);
    },
    { timeout: 60_000, interval: 100 },
  );
}

function waitingIn(database: string): readonly unknown[] {
  const db = new Sqlite(database, { readonly: true });
  const rows = db.prepare(WAITING).all();
  db.close();
  return rows;
}

const WAITING =
  "select id, kind, address, state, attempts, due, reason from outbox where state in ('new', 'sending', 'uncertain')";

/** Asked of a file that nobody has open: what it was sending when it ended. */
function countUnderWay(database: string): number {
  const db = new Sqlite(database);
  const { count } = db
    .prepare<[], { count: number }>("select count(*) as count from outbox where state = 'sending'")
    .get() ?? { count: 0 };
  db.close();
  return count;
}

const plain = (text: string): string => text.replaceAll(/\d\d:\d\d/g, 'hh:mm').replaceAll(/\s+/g, ' ');

/** What happened, each stream for itself; people who speak at once are recorded in either order. */
function eventsIn(path: string): string[] {
  const store = openSqliteStore({ path, fold: FOLD_VERSION, now: Date.now, productVersion: 'test' });
  if ('refusal' in store) throw new Error(store.refusal);
  const events = store.events(0, 100_000);
  void store.close();
  return events.map(({ stream, type, actor, data }) => `${stream} ${type} ${actor} ${JSON.stringify(data)}`).sort();
}

/** How often something is in the one list and not in the other. */
export function beyond(list: readonly string[], other: readonly string[]): string[] {
  const left = [...other];
  return list.filter((each) => {
    const at = left.indexOf(each);
    if (at >= 0) left.splice(at, 1);
    return at < 0;
  });
}
