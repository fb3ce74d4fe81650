import type { ChatAdapter, Incoming, Intake } from '../../src/ports.ts';
import { type Conversations, createSender } from './conversations.ts';
import type { Loop } from './loop.ts';
import type { Network } from './network.ts';

/**
 * Telegram in memory, with its rules: an update is brought again until an offset beyond it was asked for, and forgotten after a
 * day; a message has no name of ours by which it could be found again.
 */

interface Update {
  readonly id: number;
  readonly at: number;
  readonly incoming: Incoming;
}
export interface TelegramState {
  updates: Update[];
  next: number;
  /** Updates whose offset was confirmed: we said that we have them. */
  confirmed: number[];
  /** What was forgotten because nobody came for it in a day. */
  forgotten: number;
}
export const newTelegram = (): TelegramState => ({ updates: [], next: 1, confirmed: [], forgotten: 0 });

export interface TelegramPeer {
  /** Somebody says or presses something. */
  put(incoming: Incoming): void;
  /** The adapter of a process that begins. */
  adapter(): ChatAdapter;
  waiting(): number;
  /** What was said there, as it was said. */
  said(): readonly string[];
}

const DAY = 24 * 3_600_000;
const AT_ONCE = 100;

export function createTelegramPeer(
  state: TelegramState,
  conversations: Conversations,
  network: Network,
  loop: Loop,
): TelegramPeer {
  let wake: (() => void) | undefined;

  function updatesFrom(offset: number): { readonly updates: readonly Update[] } {
    for (const { id } of state.updates) if (id < offset) state.confirmed.push(id);
    const before = state.updates.length;
    state.updates = state.updates.filter(({ id }) => id >= offset);
    const kept = state.updates.filter(({ at }) => at > loop.now() - DAY);
    if (before > 0) state.forgotten += state.updates.length - kept.length;
    state.updates = kept;
    return { updates: kept.slice(0, AT_ONCE) };
  }

  /** A long poll, without the empty answers in between. */
  const somethingCame = (): Promise<void> =>
    new Promise((resolve) => {
      const go = (): void => void setTimeout(resolve, 1);
      if (state.updates.length > 0) go();
      else wake = go;
    });

  return {
    put(incoming) {
      state.updates.push({ id: state.next, at: loop.now(), incoming });
      state.next += 1;
      const woken = wake;
      wake = undefined;
      woken?.();
    },
    adapter() {
      let over = false;
      wake = undefined;
      return {
        platform: 'telegram',
        pace: { perChat: 1_000, perMessage: 1_000, perGroupMinute: 20, perSecond: 30 },
        start: (intake) => void poll(intake, { network, updatesFrom, somethingCame, isOver: () => over }),
        stop: async () => {
          over = true;
        },
        state: () => ({ is: 'connected', line: 'Telegram is connected.' }),
        read: (body) => body as Incoming,
        ...createSender(conversations, network),
        find: async () => undefined,
        check: async () => [],
      };
    },
    waiting: () => state.updates.length,
    said: () => state.updates.map(({ incoming }) => ('text' in incoming ? incoming.text : '')),
  };
}

interface Polling {
  readonly network: Network;
  updatesFrom(offset: number): { readonly updates: readonly Update[] };
  somethingCame(): Promise<void>;
  isOver(): boolean;
}
const pause = (milliseconds: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, milliseconds));

/** As the real adapter does it: one commit stores the batch and its offset, then comes the next poll. */
async function poll(intake: Intake, { network, updatesFrom, somethingCame, isOver }: Polling): Promise<void> {
  for (let misses = 0; !isOver(); ) {
    const offset = Number(intake.bookmark() ?? 0);
    const got = await network.call('getUpdates', () => updatesFrom(offset));
    if (isOver()) return;
    if ('is' in got) {
      misses += 1;
      await pause(got.is === 'later' ? got.after : Math.min(30_000, 1_000 * 2 ** Math.min(5, misses)));
      continue;
    }
    misses = 0;
    const last = got.updates.at(-1);
    if (last === undefined) {
      await somethingCame();
      continue;
    }
    const bodies = got.updates.map(({ id, incoming }) => ({ id: `telegram:${id}`, body: incoming }));
    if ((await intake.receive(bodies, String(last.id + 1))) === 'full') await pause(1_000);
  }
}
