import { type Reader, type Reading, type StateRow, type Store, type StoredButton, TurnFailed } from '../store/port.ts';

/** The store as everything but safe mode itself works on it: in doubt it takes no decision, and it notices what fails. */

interface Gate {
  /** Why nothing is decided; undefined: all is well. Asked before each decision. */
  why(): string | undefined;
  /** Something could not be read or written. */
  failed(error: unknown): void;
  /** A turn was committed. */
  committed(works: number): void;
}

export interface GuardedStore extends Store {
  /** Safe mode is over: what had to be kept in memory meanwhile is written, or forgotten where it is found again. */
  resume(): Promise<void>;
}

/** What pages and their ladder stand on: the last rows of these are kept for a day on which nothing can be read. */
const VITAL = /^(people|calendar|calls|alert)(\/|$)/;

export function guardStore(raw: Store, gate: Gate): GuardedStore {
  const memory = { meta: new Map<string, string>(), buttons: new Map<string, StoredButton>() };
  const refuse = (why: string): never => {
    throw new TurnFailed('closed', new Error(why));
  };
  const observed = async <T>(run: () => Promise<T>): Promise<T> => {
    try {
      return await run();
    } catch (error) {
      gate.failed(error);
      throw error;
    }
  };
  /** What would decide, or take something in. */
  const deciding = <A extends readonly unknown[], T>(run: (...args: A) => Promise<T>, inDoubt?: T) => {
    return async (...args: A): Promise<T> => {
      const why = gate.why();
      if (why === undefined) return observed(() => run(...args));
      return inDoubt === undefined ? refuse(why) : inDoubt;
    };
  };
  const noticing = createNoticing(gate);
  const said: Pick<Reading, 'messages' | 'inbox'> = {
    messages: noticing(raw.reading.messages),
    inbox: noticing(raw.reading.inbox),
  };
  return {
    ...raw,
    ...reads(raw, noticing),
    ...said,
    due: noticing(raw.due),
    nextTimer: noticing(raw.nextTimer),
    reading: { ...raw.reading, ...reads(raw.reading, noticing), ...said },
    write: deciding(async (turn) => {
      const results = await raw.write(turn);
      gate.committed(turn.length);
      return results;
    }),
    claim: deciding(raw.claim, []),
    faulted: deciding(raw.faulted),
    retry: deciding(raw.retry),
    discard: deciding(raw.discard),
    prune: deciding(raw.prune, { outbox: 0, inbox: 0 }),
    // What a platform has done is written down as long as anything can be.
    mark: (...args) => observed(() => raw.mark(...args)),
    reposted: (...args) => observed(() => raw.reposted(...args)),
    shown: async (...args) => (gate.why() === undefined ? observed(() => raw.shown(...args)) : undefined),
    keepProcess: async (...args) => (gate.why() === undefined ? observed(() => raw.keepProcess(...args)) : undefined),
    meta: (name) => memory.meta.get(name) ?? raw.meta(name),
    async setMeta(name, value) {
      if (gate.why() === undefined) return observed(() => raw.setMeta(name, value));
      memory.meta.set(name, value);
    },
    button: (token) => memory.buttons.get(token) ?? raw.button(token),
    async keepButtons(buttons) {
      if (gate.why() === undefined) return observed(() => raw.keepButtons(buttons));
      for (const button of buttons) memory.buttons.set(button.token, button);
    },
    async resume() {
      const buttons = [...memory.buttons.values()];
      // Bookmarks that were not written are asked for anew.
      memory.meta.clear();
      memory.buttons.clear();
      await raw.keepButtons(buttons);
    },
  };
}

type Noticing = ReturnType<typeof createNoticing>;

/** A reading that fails is noticed; where the last rows are kept, they answer instead. */
function createNoticing(gate: Gate) {
  return <A extends readonly unknown[], T>(run: (...args: A) => T, last?: (...args: A) => T | undefined) => {
    return (...args: A): T => {
      try {
        return run(...args);
      } catch (error) {
        gate.failed(error);
        const kept = last?.(...args);
        if (kept === undefined) throw error;
        return kept;
      }
    };
  };
}

/** Readings: what can not be read is answered from the last rows, where they are of those that pages stand on. */
function reads(raw: Reader, noticing: Noticing): Reader {
  const states = new Map<string, StateRow>();
  const opened = new Map<string, readonly StateRow[]>();
  return {
    state: noticing(
      (stream: string): StateRow | undefined => {
        const row = raw.state(stream);
        if (row !== undefined && VITAL.test(stream)) states.set(stream, row);
        return row;
      },
      (stream) => states.get(stream),
    ),
    open: noticing(
      (type: string): readonly StateRow[] => {
        const rows = raw.open(type);
        if (VITAL.test(type)) opened.set(type, rows);
        return rows;
      },
      (type) => opened.get(type),
    ),
    mirror: noticing(raw.mirror),
    history: noticing(raw.history),
  };
}
