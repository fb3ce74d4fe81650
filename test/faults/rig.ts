import assert from 'node:assert';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished, vi } from 'vitest';
import type { Organisation } from '../../src/core/organisation.ts';
import { readOrganisation } from '../../src/shell/read-organisation.ts';
import type { OutboxRow, OutboxState } from '../../src/store/port.ts';
import { type ChatBot, type ChatBotOptions, startChatBot } from '../support/chat-bot.ts';
import { checkInvariants } from '../support/file-invariants.ts';
import { createStage, type Stage, type StageOptions } from '../support/stage.ts';
import { type Voice, voiceOn } from './voice.ts';

/** The bot in this process, on a file and on a clock of the test's own, between the two platforms. */

const MONDAY = Date.parse('2026-11-23T10:00:00+01:00');
export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;

const read = readOrganisation(join(import.meta.dirname, '../transcripts/organisation.yaml'));
if ('problems' in read) throw new Error(read.problems.join('\n'));
export const ORGANISATION: Organisation = read.organisation;

export interface RigOptions {
  readonly organisation?: Organisation;
  readonly strangers?: readonly string[];
  readonly at?: number;
  readonly telegram?: 'polling' | 'webhook' | 'none';
  readonly slack?: 'socket' | 'http' | 'none';
  readonly stage?: StageOptions;
  /** With the platforms' own pace; else nothing waits for its second, as the clock stands still. */
  readonly paced?: boolean;
  /** The machine's clock instead of one that stands still. */
  readonly running?: boolean;
  /** The platforms' addresses as the bot is told them, where something stands between. */
  readonly detour?: (platform: 'telegram' | 'slack', url: string) => Promise<string>;
}

export interface Rig {
  readonly stage: Stage;
  /** The database file. */
  readonly path: string;
  readonly voices: Readonly<Record<Voice['platform'], Voice>>;
  bot(): ChatBot;
  now(): number;
  /** The clock goes on, and what falls due on the way is done. */
  advance(milliseconds: number): Promise<void>;
  /** Ends the bot in good order and starts it anew on the same file. */
  restart(): Promise<void>;
  /** Resolves when nothing waits in the outbox that could be said now. */
  drained(): Promise<void>;
  /** The clock goes on, minute by minute, until nothing waits any more. */
  outlast(most?: number): Promise<void>;
  rows(...states: readonly OutboxState[]): readonly OutboxRow[];
}

export async function createRig(options: RigOptions = {}): Promise<Rig> {
  let now = options.at ?? MONDAY;
  const begun = Date.now();
  const clock = { now: () => (options.running === true ? now + Date.now() - begun : now) };
  const stage = await createStage(options.organisation ?? ORGANISATION, options.strangers, {
    telegram: { now: clock.now, webhookPause: 50, conflictPause: 50, ...options.stage?.telegram },
    slack: { now: clock.now, retryScale: 0.001, ...options.stage?.slack },
  });
  const folder = mkdtempSync(join(tmpdir(), 'baton-faults-'));
  const { telegram = 'polling', slack = 'socket' } = options;
  const path = join(folder, 'baton.sqlite');
  const { detour = async (_: string, url: string) => url } = options;
  const seen = {
    telegram: Object.create(stage.telegram, { root: { value: await detour('telegram', stage.telegram.root) } }),
    slack: Object.create(stage.slack, { apiUrl: { value: await detour('slack', stage.slack.apiUrl) } }),
  };
  const given: ChatBotOptions = {
    organisation: stage.organisation,
    path,
    clock,
    platformClock: clock,
    unhurried: options.paced !== true,
    ...(telegram === 'none' ? {} : { telegram: { peer: seen.telegram, mode: telegram } }),
    ...(slack === 'none' ? {} : { slack: { peer: seen.slack, mode: slack } }),
  };
  const open = async (): Promise<ChatBot> => {
    const started = await startChatBot(given);
    await vi.waitFor(() => {
      const away = started.chats.states().filter(({ is }) => is !== 'connected');
      if (away.length > 0) throw new Error(away.map(({ line }) => line).join('\n'));
    }, 10_000);
    return started;
  };
  let bot = await open();
  onTestFinished(async () => {
    await Promise.all([bot.stop(), stage.close()]);
    checkInvariants(path, stage.organisation, [stage.telegram.token, stage.slack.botToken]);
    rmSync(folder, { recursive: true });
  });
  const rows = (...states: readonly OutboxState[]): readonly OutboxRow[] =>
    bot.engine.store.late(Number.MAX_SAFE_INTEGER, 10_000).filter(({ state }) => states.includes(state));
  const rig: Rig = {
    stage,
    path,
    voices: { telegram: voiceOn(stage, 'telegram'), slack: voiceOn(stage, 'slack') },
    bot: () => bot,
    now: clock.now,
    async advance(milliseconds) {
      now += milliseconds;
      while ((await bot.engine.fireDue()) > 0);
    },
    async restart() {
      await bot.stop();
      bot = await open();
    },
    drained: () =>
      vi.waitFor(
        () => {
          const waiting = rows('new', 'sending', 'uncertain');
          if (waiting.length > 0) throw new Error(`these wait: ${waiting.map(show).join('; ')}`);
        },
        { timeout: 15_000, interval: 20 },
      ),
    async outlast(most = 12 * HOUR) {
      for (const until = now + most; now < until; await rig.advance(MINUTE)) {
        // A breaker may hold back what is due: then only time helps.
        const isTried = () =>
          headsOf(rows('new', 'sending', 'uncertain')).every(({ dueAt, state }) => state !== 'sending' && dueAt > now);
        const tried = vi.waitFor(() => assert(isTried()), { timeout: 1_000, interval: 5 });
        await tried.catch(() => undefined);
        if (rows('new', 'sending', 'uncertain').length === 0) return;
      }
      throw new Error(`something still waits: ${rows('new', 'sending', 'uncertain').map(show).join('; ')}`);
    },
    rows,
  };
  // Everyone on Telegram has pressed Start; what is said to that is over before the test begins.
  if (telegram !== 'none') await rig.drained();
  stage.telegram.forget();
  return rig;
}

/** The first row of each queue: those behind it wait for it. */
function headsOf(rows: readonly OutboxRow[]): readonly OutboxRow[] {
  const heads = new Map<string, OutboxRow>();
  for (const row of rows) if (!heads.has(`${row.lane} ${row.address}`)) heads.set(`${row.lane} ${row.address}`, row);
  return [...heads.values()];
}

const show = ({ id, kind, address, state, reason }: OutboxRow): string =>
  `${id} ${kind} at ${address} (${state}, ${reason})`;
