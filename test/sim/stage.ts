import type { Chance } from './chance.ts';
import { type ConversationState, type Conversations, newConversations } from './conversations.ts';
import { createDisk, type Disk } from './disk.ts';
import { createGithubPeer, type GithubPeer, type GithubState, newGithub } from './github.ts';
import { createLife, type Life } from './life.ts';
import { createLoop, type Loop } from './loop.ts';
import { type Ledger, newLedger, type Violation } from './monitor.ts';
import { createNetwork, type Network } from './network.ts';
import type { Plant } from './plants.ts';
import { createSlackPeer, newSlack, type SlackPeer, type SlackState } from './slack.ts';
import { createTelegramPeer, newTelegram, type TelegramPeer, type TelegramState } from './telegram.ts';

/** The world of one history: the platforms, the ways to them, the disk, and the process between them that may die. */

export const PLATFORMS = ['telegram', 'slack', 'github'] as const;
export type PlatformName = (typeof PLATFORMS)[number];

/** What the platforms keep; plain data, so that a history can begin where another one ended. */
export interface PeerStates {
  readonly telegram: TelegramState;
  readonly slack: SlackState;
  readonly github: GithubState;
  readonly chats: Readonly<Record<'telegram' | 'slack', ConversationState>>;
}
export const newPeers = (): PeerStates => ({
  telegram: newTelegram(),
  slack: newSlack(),
  github: newGithub(),
  chats: { telegram: newConversations(), slack: newConversations() },
});

export const COUNTS =
  'select (select coalesce(max(seq), 0) from events) as events, (select coalesce(max(id), 0) from outbox) as outbox';

export interface StageOptions {
  readonly folder: string;
  readonly chance: Chance;
  /** The wall clock at its beginning. */
  readonly at: number;
  readonly database: Buffer;
  readonly peers: PeerStates;
  readonly synchronous?: 'full' | 'normal';
  readonly plant?: Plant | undefined;
  /** The file is open, and the process has not begun yet. */
  onOpened(stage: Stage, isFirst: boolean): void;
}

export interface Stage extends Life, Chronicle {
  readonly loop: Loop;
  readonly disk: Disk;
  readonly networks: Readonly<Record<PlatformName, Network>>;
  readonly telegram: TelegramPeer;
  readonly slack: SlackPeer;
  readonly github: GithubPeer;
  readonly peers: PeerStates;
  readonly ledger: Ledger;
  readonly chats: Readonly<Record<'telegram' | 'slack', Conversations>>;
  /** The wall clock, which may leap. */
  now(): number;
  leap(by: number): void;
  /** When it is again what it was before it leapt back: what is due by it waits for that. */
  leaptUntil(): number;
}

interface Chronicle {
  readonly lines: readonly string[];
  readonly situations: ReadonlyMap<string, number>;
  trace(line: string): void;
  met(situation: string): void;
  problem(): Violation | undefined;
  report(violation: Violation): void;
}

export function createStage(options: StageOptions): Stage {
  const { chance, peers } = options;
  const loop = createLoop();
  const record = createRecord(loop);
  const { met, trace } = record;
  const disk = createDisk(options.folder, options.database, chance, options.synchronous ?? 'full');
  const life = createLife(options, () => stage);
  const { pulse, mortality } = life;
  const networkOf = (name: PlatformName): Network =>
    createNetwork({ name, loop, chance, pulse, met, trace, dies: (point, place) => mortality.dies(point, place) });
  const networks = { telegram: networkOf('telegram'), slack: networkOf('slack'), github: networkOf('github') };
  const chats = {
    telegram: { platform: 'telegram' as const, state: peers.chats.telegram, closed: new Set<string>() },
    slack: { platform: 'slack' as const, state: peers.chats.slack, closed: new Set<string>() },
  };
  const shared = { loop, chance, pulse, met };
  const clock = { skew: 0, leapt: 0 };
  const stage: Stage = {
    loop,
    disk,
    networks,
    chats,
    peers,
    ...record,
    ...life,
    ledger: newLedger(),
    telegram: createTelegramPeer(peers.telegram, chats.telegram, networks.telegram, loop),
    slack: createSlackPeer({ ...shared, state: peers.slack, conversations: chats.slack, network: networks.slack }),
    github: createGithubPeer({
      ...shared,
      state: peers.github,
      network: networks.github,
      clock: () => options.at + loop.now(),
    }),
    now: () => options.at + loop.now() + clock.skew,
    leap: (by) => {
      clock.skew += by;
      clock.leapt = Math.max(loop.now(), clock.leapt) - by;
    },
    leaptUntil: () => clock.leapt,
    end() {
      life.end();
      disk.remove();
    },
  };
  return stage;
}

/** What is written down of it: line by line, what was met, and the first thing that was wrong. */
function createRecord(loop: Loop): Chronicle {
  const lines: string[] = [];
  const situations = new Map<string, number>();
  let problem: Violation | undefined;
  const trace = (line: string): void => void lines.push(`${loop.now()} ${line}`);
  return {
    lines,
    situations,
    trace,
    met: (situation) => void situations.set(situation, (situations.get(situation) ?? 0) + 1),
    problem: () => problem,
    report(violation) {
      problem ??= violation;
      trace(`! ${violation.message}`);
    },
  };
}
