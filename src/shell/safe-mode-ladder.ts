import { createDraft } from '../core/draft.ts';
import type { SystemCommand } from '../core/message.ts';
import { decideSystem } from '../core/system.ts';
import type { OutboxDraft, Reader, StateRow, Store, TimerDraft } from '../store/port.ts';
import { type Route, toCommit } from './commit.ts';
import type { Log } from './log.ts';
import { createWorld, type Policies } from './world.ts';

/** The paging ladder in safe mode: the core's own, over the last rows that were read, its steps in memory alone. */
export interface Ladder {
  /** Reads where the ladders stand; called now and then while all is well. */
  read(): void;
  /** Takes the steps that are due; answers what is to be said. */
  climb(now: number): readonly OutboxDraft[];
}

const ALERTS = 'alert/';
const MOST_TIMERS = 10_000;

export function createLadder(parts: {
  readonly store: Store;
  readonly policies: Policies;
  readonly route: Route;
  readonly log: Log;
}): Ladder {
  const { store, policies, route, log } = parts;
  let timers = new Map<string, TimerDraft>();
  let states = new Map<string, StateRow>();
  const reader = over(store, () => states);

  function clear(key: string): void {
    for (const each of timers.keys())
      if (each === key || (key.endsWith('/') && each.startsWith(key))) timers.delete(each);
  }

  function step(timer: TimerDraft, now: number): readonly OutboxDraft[] {
    timers.delete(timer.key);
    const draft = createDraft(createWorld(policies, reader, now, 'system'));
    decideSystem(draft, timer.body as SystemCommand, timer.due);
    const commit = toCommit(draft, { via: 'safe-mode', outcome: null, route });
    for (const state of commit.states) states.set(state.stream, state);
    for (const key of commit.cleared) clear(key);
    for (const next of commit.timers) if (next.key.startsWith(ALERTS)) timers.set(next.key, next);
    return commit.outbox.filter(({ kind }) => kind !== 'job');
  }

  return {
    read() {
      states = new Map();
      timers = new Map(
        store
          .due(Number.MAX_SAFE_INTEGER, MOST_TIMERS)
          .filter(({ key }) => key.startsWith(ALERTS))
          .map((timer) => [timer.key, timer]),
      );
      // Read, they are kept for the day on which they can not be read.
      for (const name of ['people/all', 'calendar/all', 'calls/all']) reader.state(name);
      for (const { stream } of reader.open('alert')) reader.state(stream);
    },
    climb(now) {
      const due = [...timers.values()].filter((timer) => timer.due <= now).sort((a, b) => a.due - b.due);
      return due.flatMap((timer) => {
        try {
          return step(timer, now);
        } catch (error) {
          log.fault('a step of the paging ladder could not be taken', error);
          return [];
        }
      });
    },
  };
}

/**
 * The rows as they would be by now, had the steps of safe mode been written. What can not be read is not there: a page
 * without its item's name is better than none.
 */
function over(store: Store, states: () => ReadonlyMap<string, StateRow>): Reader {
  const orElse = <T>(otherwise: T, run: () => T): T => {
    try {
      return run();
    } catch {
      return otherwise;
    }
  };
  return {
    state: (stream) => states().get(stream) ?? orElse(undefined, () => store.state(stream)),
    open: (type) =>
      orElse([], () => store.open(type))
        .map((row) => states().get(row.stream) ?? row)
        .filter(({ open }) => open),
    mirror: (key) => orElse(undefined, () => store.mirror(key)),
    history: (stream, limit) => orElse([], () => store.history(stream, limit)),
  };
}
