import type { AlertState } from '../core/alert.ts';
import type { Catalogue } from '../core/command.ts';
import type { Input } from '../core/decide.ts';
import type { Draft } from '../core/draft.ts';
import { createDraft } from '../core/draft.ts';
import type { SystemCommand } from '../core/message.ts';
import { decideSystem, recordTaken } from '../core/system.ts';
import type { OutboxDraft, Reader, StateRow, Store, TimerDraft } from '../store/port.ts';
import { type Route, toCommit } from './commit.ts';
import type { Answer } from './engine.ts';
import type { Log } from './log.ts';
import { decideTaking, type Held, takenAnswer } from './safe-mode-taken.ts';
import { createWorld, type Policies } from './world.ts';

/** The paging ladder in safe mode: the core's own, over the last rows that were read, its steps in memory alone. */
export interface Ladder {
  /** Reads where the ladders stand; called now and then while all is well. */
  read(): void;
  /** Takes the steps that are due; answers what is to be said. */
  climb(now: number): readonly OutboxDraft[];
  /** Somebody takes an alert: its pages stop. The answer, and what others are told; undefined: it is no such thing. */
  take(
    input: Input,
    id: string | undefined,
    isLater: boolean,
    now: number,
  ): { readonly answer: Answer; readonly said: readonly OutboxDraft[] } | undefined;
  /** What was taken and is to be noted; it is forgotten here. */
  taken(): readonly Held[];
}

const ALERTS = 'alert/';
const MOST_TIMERS = 10_000;

export function createLadder(parts: {
  readonly store: Store;
  readonly policies: Policies;
  readonly catalogue: Catalogue;
  readonly route: Route;
  readonly log: Log;
}): Ladder {
  const { store, policies, catalogue, route, log } = parts;
  let timers = new Map<string, TimerDraft>();
  let states = new Map<string, StateRow>();
  const reader = over(store, () => states);
  let held: Held[] = [];
  const answered = new Map<string, Answer>();

  function clear(key: string): void {
    for (const each of timers.keys())
      if (each === key || (key.endsWith('/') && each.startsWith(key))) timers.delete(each);
  }

  function step(timer: TimerDraft, now: number): readonly OutboxDraft[] {
    timers.delete(timer.key);
    const draft = createDraft(createWorld(policies, reader, now, 'system'));
    decideSystem(draft, timer.body as SystemCommand, timer.due);
    return apply(draft);
  }

  /** What follows from it, in memory; answers what is to be said. */
  function apply(draft: Draft): readonly OutboxDraft[] {
    const commit = toCommit(draft, { via: 'safe-mode', outcome: null, route });
    for (const state of commit.states) states.set(state.stream, state);
    for (const key of commit.cleared) clear(key);
    for (const next of commit.timers) if (next.key.startsWith(ALERTS)) timers.set(next.key, next);
    return commit.outbox.filter(({ kind }) => kind !== 'job');
  }

  /** The rows were read anew, and what was taken meanwhile is not in them. */
  function again(each: Held): void {
    const draft = createDraft(createWorld(policies, reader, each.at, each.by));
    recordTaken(draft, each);
    apply(draft);
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
      for (const each of held) again(each);
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
    take(input, id, isLater, now) {
      const before = id === undefined ? undefined : answered.get(id);
      if (before !== undefined) return { answer: before, said: [] };
      const decided = decideTaking(catalogue, input, (actor) => createWorld(policies, reader, now, actor));
      if (decided === undefined) return undefined;
      const { outcome, draft, takes } = decided;
      const answer = takenAnswer(outcome, takes);
      if (id !== undefined) answered.set(id, answer);
      const said = takes.length === 0 ? [] : apply(draft);
      const words = id === undefined || isLater ? undefined : { id, answer };
      held.push(...takes.map((take) => ({ ...take, at: now, words })));
      return { answer, said };
    },
    taken() {
      const all = held.filter(({ key, by, isNews }) => {
        const alert = reader.state(`alert/${key}`)?.state as AlertState | undefined;
        // Nobody has heard of it for long: it is open again.
        return alert?.state === 'acknowledged' && (isNews || alert.acknowledgedBy === by);
      });
      held = [];
      answered.clear();
      return all;
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
