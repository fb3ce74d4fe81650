import type { World } from '../core/draft.ts';
import { type Commit, type OutboxRow, type Reader, TurnFailed, type Work, type WorkResult } from '../store/port.ts';
import { numbered } from './commit.ts';
import type { EngineParts } from './engine.ts';
import { createWorld } from './world.ts';
import { createWriter } from './writer.ts';

/** What every part of the engine works with: the parts, the world over the store, and the one way to write. */
export interface Core {
  readonly parts: EngineParts;
  readonly listeners: ((rows: readonly OutboxRow[]) => void)[];
  /** Submits a work and tells everyone of its messages; a whole turn that failed makes the process read-only. */
  submit(work: Work): Promise<WorkResult>;
  worldOf(read: Reader, now: number, actor: string, probes?: ReadonlyMap<string, number>): World;
  record(read: Reader, commit: Commit): Commit;
  trouble(): string | undefined;
  drained(): Promise<void>;
}

export function createCore(parts: EngineParts): Core {
  const { store, policies, log } = parts;
  const writer = createWriter(store);
  const listeners: Core['listeners'] = [];
  let trouble: string | undefined;
  return {
    parts,
    listeners,
    worldOf: (read, now, actor, probes) => createWorld(policies, read, now, actor, probes),
    record: (read, commit) => numbered(commit, (stream) => read.state(stream)?.version ?? 0),
    trouble: () => trouble,
    drained: writer.drained,
    submit: async (work) => {
      try {
        const result = await writer.submit(work);
        // The disk takes writes again: whatever was wrong with it is over.
        trouble = undefined;
        if (result.result === 'done' && result.outbox.length > 0)
          for (const listener of listeners) listener(result.outbox);
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
