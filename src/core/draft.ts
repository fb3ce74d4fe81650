import type { TrackerNews } from './incoming.ts';
import type { Forges } from './job.ts';
import type { Organisation } from './organisation.ts';
import type { ProcessVersion } from './process.ts';
import type { Rule } from './rule.ts';
import { type Events, evolve, isOpen, ONLY, type States, type StreamType } from './streams.ts';

/** What a decision may read. All of it is fact by the time it is asked; nothing here waits for anything. */
export interface World {
  readonly now: number;
  /** Who acts: a person's id, or `system`. */
  readonly actor: string;
  readonly organisation: Organisation;
  readonly rules: readonly Rule[];
  /** The present process of each kind. */
  readonly processes: ReadonlyMap<string, ProcessVersion>;
  /** The process text that an item started with, by its hash. */
  processOf(hash: string): ProcessVersion | undefined;
  get<T extends StreamType>(type: T, id: string): States[T] | undefined;
  /** Everything of this sort that is alive, oldest first. */
  open<T extends StreamType>(type: T): readonly States[T][];
  history(type: StreamType, id: string, limit?: number): readonly PastEvent[];
  /** The status that the last link check found; undefined when the link was never checked. */
  probe(url: string): number | undefined;
  /** The connection to where stories and issues are kept; undefined: the embedded tracker keeps them all. */
  readonly forges?: Forges | undefined;
  /** What the platform said of a story or issue just now: null, that it is not there; undefined: it could not be asked. */
  looked?(ref: string): TrackerNews | null | undefined;
  /** The next instant of a reminder, from the organisation's file; undefined where it is off. */
  nextReminder(name: string, after: number): number | undefined;
  /** A code that nobody can guess, new at each call. */
  newCode(): string;
  digest(text: string): string;
  /** Where people open the pages; undefined where nobody can sign in. */
  readonly webAddress?: string | undefined;
  /** Where Gitea is; undefined: there is none. */
  readonly giteaAddress?: string | undefined;
  /** A secret of at least 128 bits that the core itself never sees: what it records can not hold it. */
  newSecret?(): StandIn;
  /** What is written down in place of a secret until it is said; without it the secret itself is. */
  standIn?(secret: string): string;
}

/** `words` stand for a secret until they are shown to whom it is for; `digest` is what may be kept of it. */
export interface StandIn {
  readonly words: string;
  readonly digest: string;
}

export interface PastEvent {
  readonly version: number;
  readonly type: string;
  readonly at: number;
  readonly actor: string;
  readonly via: string;
  readonly data: unknown;
}

/** One thing that the decision makes true, with the state after it. */
export interface Happening<T extends StreamType = StreamType> {
  readonly stream: T;
  readonly id: string;
  readonly event: Events[T];
  readonly before: States[T] | undefined;
  readonly after: States[T];
}

/** A world in which the decision's own events have already happened. */
export interface Draft extends World {
  readonly happenings: readonly Happening[];
  emit<T extends StreamType>(type: T, id: string, event: Events[T]): States[T];
}

/** Opens a draft over what is recorded. Nothing leaves it until its happenings are committed. */
export function createDraft(base: World): Draft {
  const states = new Map<string, unknown>();
  const touched = new Map<StreamType, Set<string>>();
  const happenings: Happening[] = [];
  const get = <T extends StreamType>(type: T, id: string): States[T] | undefined => {
    const key = `${type}/${id}`;
    return states.has(key) ? (states.get(key) as States[T]) : base.get(type, id);
  };
  return {
    ...base,
    happenings,
    get,
    open: (type) => {
      const ids = touched.get(type);
      if (ids === undefined) return base.open(type);
      const fresh = new Map([...ids].map((id) => [id, get(type, id)]));
      const kept = base.open(type).flatMap((state) => {
        const id = idOf(type, state);
        const now = fresh.has(id) ? fresh.get(id) : state;
        fresh.delete(id);
        return now !== undefined && isOpen(type, now) ? [now] : [];
      });
      return [
        ...kept,
        ...[...fresh.values()].flatMap((state) => (state !== undefined && isOpen(type, state) ? [state] : [])),
      ];
    },
    emit: (type, id, event) => {
      const before = get(type, id);
      const after = evolve(type, before, event, { at: base.now, actor: base.actor });
      states.set(`${type}/${id}`, after);
      touched.set(type, (touched.get(type) ?? new Set()).add(id));
      happenings.push({ stream: type, id, event, before, after });
      return after;
    },
  };
}

function idOf<T extends StreamType>(type: T, state: States[T]): string {
  return 'key' in state ? state.key : 'callback' in state ? state.id : `${type}`;
}

/** The next number of a series: `next(draft, 'PROD')` is 1, then 2. */
export function next(draft: Draft, series: string): number {
  const n = (draft.get('counter', series)?.n ?? 0) + 1;
  draft.emit('counter', series, { type: 'counted', n });
  return n;
}

export const callsOf = (world: World): States['calls'] | undefined => world.get('calls', ONLY);
export const calendarOf = (world: World): States['calendar'] | undefined => world.get('calendar', ONLY);
export const declaredFreezes = (world: World): States['calendar']['freezes'] => calendarOf(world)?.freezes ?? [];
