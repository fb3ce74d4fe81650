import type { ProcessText } from '../catalogue.ts';
import type { ProcessVersion } from '../core/process.ts';
import type { Store } from '../store/port.ts';
import { readProcess } from './read-process.ts';

/** Keeps the text of every process version, so that an item goes on by the version that it started with. */
export async function createLibrary(
  store: Store,
  present: ReadonlyMap<string, ProcessText>,
): Promise<(hash: string) => ProcessVersion | undefined> {
  const known = new Map<string, ProcessVersion>();
  for (const { hash, process, text } of present.values()) {
    await store.keepProcess(hash, process.kind, text);
    known.set(hash, { hash, process });
  }
  return (hash) => {
    const version = known.get(hash);
    if (version !== undefined) return version;
    const kept = store.processText(hash);
    const read = kept === undefined ? undefined : readProcess(`process ${hash}`, kept.text);
    if (read === undefined || 'problems' in read) return undefined;
    known.set(hash, { hash, process: read.process });
    return known.get(hash);
  };
}
