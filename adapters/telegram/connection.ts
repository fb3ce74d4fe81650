import { randomInt } from 'node:crypto';
import type { AdapterLog, ChatAdapter } from '../../src/ports.ts';
import type { Failure } from './errors.ts';

/** How the connection is, and how long to wait before it is tried again. */

type State = ReturnType<ChatAdapter['state']>;

export interface Connection {
  state(): State;
  /** Tells how it is; only a change is logged. */
  tell(state: State): void;
  /** Tells what went wrong; resolves when it is time to try again. */
  failed(failure: Failure): Promise<void>;
  /** The store has no room, or something of ours is broken: the platform keeps what it has. */
  held(why: string): Promise<void>;
  /** It went well: the next trouble begins with a short wait. */
  recovered(): void;
  readonly isTroubled: boolean;
}

const FIRST_WAIT = 500;
const LONGEST_WAIT = 30_000;
/** A token that is not taken seldom becomes a good one; but a mistake at the other end passes. */
const PROBE = 60_000;

export function createConnection(log: AdapterLog, pause: (milliseconds: number) => Promise<void>): Connection {
  let now: State = { is: 'starting', line: 'Telegram: connecting' };
  let failures = 0;

  const tell = (state: State): void => {
    if (state.line === now.line && state.is === now.is) return;
    now = state;
    if (state.is === 'connected') log.info(state.line);
    else log.warn(state.line);
  };
  /** Twice as long each time, and never quite the same: several that fail together do not come back together. */
  const wait = (): Promise<void> => {
    const longest = Math.min(LONGEST_WAIT, FIRST_WAIT * 2 ** Math.min(failures, 10));
    failures += 1;
    return pause(randomInt(Math.ceil(longest / 2), longest + 1));
  };

  return {
    state: () => now,
    tell,
    failed: (failure) => {
      tell(stateOf(failure));
      if (failure.is === 'answered' && (failure.code === 401 || failure.code === 404)) {
        failures += 1;
        return pause(PROBE);
      }
      if (failure.is === 'answered' && failure.after !== undefined) {
        failures += 1;
        return pause(failure.after);
      }
      return wait();
    },
    held: (why) => {
      tell({ is: 'away', line: `Telegram: ${why}` });
      return wait();
    },
    recovered: () => {
      failures = 0;
    },
    get isTroubled() {
      return failures > 0;
    },
  };
}

function stateOf(failure: Failure): State {
  if (failure.is === 'answered' && (failure.code === 401 || failure.code === 404))
    return {
      is: 'refused',
      line: `Telegram: the bot's token is not taken (${failure.code}); copy it again from @BotFather (/mybots, API Token) into TELEGRAM_BOT_TOKEN`,
    };
  if (failure.is === 'answered' && failure.code === 409)
    return { is: 'away', line: `Telegram: another process polls with this bot's token (409): stop it` };
  return { is: 'away', line: `Telegram: ${failure.why}; trying again` };
}
