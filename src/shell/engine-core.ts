import type { Draft, World } from '../core/draft.ts';
import {
  type Commit,
  type OutboxRow,
  type Reader,
  type Receipt,
  TurnFailed,
  type Work,
  type WorkResult,
} from '../store/port.ts';
import { numbered, toCommit } from './commit.ts';
import type { EngineParts } from './engine.ts';
import { createWorld, type Found } from './world.ts';
import { createWriter } from './writer.ts';

/** What every part of the engine works with: the parts, the world over the store, and the one way to write. */
export interface Core {
  readonly parts: EngineParts;
  readonly listeners: ((rows: readonly OutboxRow[]) => void)[];
  /** Told which streams have new events, right after their commit. */
  readonly watchers: ((streams: readonly string[]) => void)[];
  /** Submits a work and tells everyone of its messages; a whole turn that failed makes the process read-only. */
  submit(work: Work | Receipt, isUrgent?: boolean): Promise<WorkResult>;
  /** The timers that are being fired, once for all who wait for that. */
  firing: Promise<number> | undefined;
  /** Everything that a decision leaves behind, with each message at its addresses. */
  commitOf(draft: Draft, details: Parameters<typeof toCommit>[1]): Commit;
  worldOf(read: Reader, now: number, actor: string, found?: Found): World;
  record(read: Reader, commit: Commit): Commit;
  trouble(): string | undefined;
  isFull(): boolean;
  drained(): Promise<void>;
}

export function createCore(parts: EngineParts): Core {
  const { store, policies, log } = parts;
  const writer = createWriter(store);
  const listeners: Core['listeners'] = [];
  const watchers: Core['watchers'] = [];
  let trouble: string | undefined;
  return {
    parts,
    firing: undefined,
    listeners,
    watchers,
    worldOf: (read, now, actor, found) => createWorld(policies, read, now, actor, found),
    record: (read, commit) => numbered(commit, (stream) => read.state(stream)?.version ?? 0),
    commitOf: (draft, details) => toCommit(draft, { ...details, route: parts.route }),
    trouble: () => (parts.safe === undefined ? trouble : parts.safe.why()),
    drained: writer.drained,
    isFull: writer.isFull,
    submit: async (work, isUrgent) => {
      try {
        let streams: readonly string[] = [];
        const decide = (read: Reader, now: number, own: Work): Commit => {
          const commit = own.decide(read, now);
          streams = commit.states.map(({ stream }) => stream);
          return commit;
        };
        const result = await writer.submit(
          'receive' in work ? work : { ...work, decide: (read, now) => decide(read, now, work) },
          isUrgent,
        );
        // The disk takes writes again: whatever was wrong with it is over.
        trouble = undefined;
        if (result.result === 'done' && result.outbox.length > 0)
          for (const listener of listeners) listener(result.outbox);
        if (streams.length > 0 && result.result === 'done') for (const watcher of watchers) watcher(streams);
        return result;
      } catch (error) {
        if (error instanceof TurnFailed && error.reason !== 'closed') {
          trouble = error.reason === 'full' ? 'the disk is full' : 'the disk does not take what is written';
          log.fault('nothing is written: the process is read-only', error);
        }
        throw error;
      }
    },
  };
}

/** A commit that leaves nothing behind. */
export const NOTHING: Commit = {
  events: [], states: [], outbox: [], timers: [], cleared: [], mirrors: [], outcome: null,
}; // biome-ignore format: nothing
