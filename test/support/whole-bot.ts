import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished, vi } from 'vitest';
import type { Organisation } from '../../src/core/organisation.ts';
import { ORGANISATION } from '../faults/rig.ts';
import { type Voice, voiceOn } from '../faults/voice.ts';
import { checkInvariants } from './file-invariants.ts';
import { type Peers, type PeersOptions, startPeers } from './whole-peers.ts';
import { openWholeBot, type WholeProcess } from './whole-process.ts';
import { whatWaits } from './whole-waits.ts';

/** The whole bot between all six platforms, on a clock that the test moves: the core, the adapters and the peers share it. */

const MONDAY = Date.parse('2026-11-23T10:00:00+01:00');
/** The public address, as letters name it. */
const PUBLIC = 'https://baton.example.org';

export type Platform = 'telegram' | 'slack' | 'github' | 'circles' | 'gitea' | 'smtp';
const ALL: readonly Platform[] = ['telegram', 'slack', 'github', 'circles', 'gitea', 'smtp'];

export interface WholeOptions extends Partial<Pick<PeersOptions, 'strangers' | 'stage' | 'asInTheFile'>> {
  readonly organisation?: Organisation;
  readonly at?: number;
  /** The platforms that the bot is connected to; all of them without a word. Their peers are there in any case. */
  readonly connected?: readonly Platform[];
  /** `webhooks`: the chats call us, as the forges do; else Telegram is polled and Slack has its socket. */
  readonly chats?: 'webhooks';
}

export interface Whole extends Peers {
  readonly voices: Readonly<Record<Voice['platform'], Voice>>;
  bot(): WholeProcess;
  /** Every line that was logged, before and after restarts. */
  readonly logged: readonly string[];
  now(): number;
  /** The clock goes on, and what falls due on the way is done. */
  advance(milliseconds: number): Promise<void>;
  /** The clock goes on to this instant (`2026-11-26T00:00:00+01:00`), from one thing that falls due to the next, each of them done to its end. */
  until(instant: string): Promise<void>;
  /** The forges are compared with what is known of them, now; true: all is verified. */
  reconcile(): Promise<boolean>;
  /** Webhooks of GitHub that did not reach us are fetched now; resolves when that is done. */
  sweep(): Promise<void>;
  /** Hooks are set in every circle that has none yet: what an administrator does once for each. */
  hookCircles(): void;
  /** Nothing is on its way any more: no webhook, nothing received, nothing in the outbox that could go, no card to change. */
  settled(patience?: number): Promise<void>;
  /** What is in the outbox and could not go yet. */
  rows: WholeProcess['rows'];
  /** Ends the bot in good order. */
  stop(): Promise<void>;
  /** Starts it on the same file and the same port. */
  start(): Promise<void>;
  restart(): Promise<void>;
}

export async function createWhole(options: WholeOptions = {}): Promise<Whole> {
  let now = options.at ?? MONDAY;
  const clock = { now: () => now };
  const { organisation = ORGANISATION, strangers, stage: own, asInTheFile, connected = ALL } = options;
  const peers = await startPeers({ organisation, strangers, stage: own, asInTheFile, now: clock.now });
  const { stage, github, circles } = peers;
  const folder = mkdtempSync(join(tmpdir(), 'baton-whole-'));
  let running: WholeProcess | undefined;
  let port = 0;
  const logged: string[] = [];
  const bot = (): WholeProcess => {
    if (running === undefined) throw new Error('the bot is stopped');
    return running;
  };
  const hookCircles = (): void => {
    const url = `${bot().origin}/webhooks/circles`;
    const { world, hook } = circles.peer;
    const hooked = new Set(world.hooks.map(({ project }) => project));
    for (const project of world.projects) if (!hooked.has(project)) hook(project, url, bot().secrets.circles);
  };
  const start = async (): Promise<void> => {
    const path = join(folder, 'baton.sqlite');
    running = await openWholeBot({
      peers,
      clock,
      path,
      port,
      connected,
      chats: options.chats,
      publicUrl: PUBLIC,
      logged,
    });
    ({ port } = running);
    if (connected.includes('github')) github.hooks.url = `${running.origin}/webhooks/github`;
    if (connected.includes('circles')) hookCircles();
    await running.connected();
  };
  const stop = async (): Promise<void> => {
    const ending = running;
    running = undefined;
    await ending?.stop();
  };
  onTestFinished(async () => {
    await stop();
    await peers.close();
    checkInvariants(join(folder, 'baton.sqlite'), organisation);
    rmSync(folder, { recursive: true });
  });
  await start();
  const whole: Whole = {
    ...peers,
    voices: { telegram: voiceOn(stage, 'telegram'), slack: voiceOn(stage, 'slack') },
    bot,
    logged,
    now: clock.now,
    async advance(milliseconds) {
      now += milliseconds;
      // While it is down the time passes all the same.
      while (running !== undefined && (await running.engine.fireDue()) > 0);
    },
    async until(instant) {
      const target = Date.parse(instant);
      for (let next = bot().engine.nextDue(); next !== undefined && next <= target; next = bot().engine.nextDue()) {
        now = Math.max(now, next);
        await bot().engine.fireDue();
        // What was said at that instant is said at that instant, and not when it is of no use any more.
        await whole.settled();
      }
      now = target;
    },
    reconcile: () => bot().reconcile(),
    sweep: () => bot().sweep(),
    hookCircles,
    settled: (patience = 30_000) =>
      vi.waitFor(
        async () => {
          await Promise.all([github.hooks.settled(), circles.peer.hooks.settled()]);
          const waiting = whatWaits(peers, bot(), now);
          if (waiting.length > 0) throw new Error(`these wait: ${waiting.join('; ')}`);
        },
        { timeout: patience, interval: 5 },
      ),
    rows: (...states) => bot().rows(...states),
    stop,
    start,
    restart: async () => {
      await stop();
      await start();
    },
  };
  // Everyone on Telegram has pressed Start; what is said to that is over before the test begins.
  await whole.settled();
  stage.telegram.forget();
  return whole;
}
