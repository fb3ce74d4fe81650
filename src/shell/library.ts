import { hashOf, type ProcessText } from '../catalogue.ts';
import type { ProcessVersion } from '../core/process.ts';
import type { Store } from '../store/port.ts';
import { readProcess } from './read-process.ts';

/**
 * Keeps the text of every process version, so that an item goes on by the version that it started with. By a text that
 * does not fit its hash nothing goes on: `doubt` hears of it.
 */
export async function createLibrary(
  store: Store,
  present: ReadonlyMap<string, ProcessText>,
  doubt: (why: string) => void = () => undefined,
): Promise<(hash: string) => ProcessVersion | undefined> {
  const known = new Map<string, ProcessVersion>();
  for (const { hash, process, text } of present.values()) {
    await store.keepProcess(hash, process.kind, text);
    known.set(hash, { hash, process });
    const kept = store.processText(hash);
    if (kept !== undefined && kept.text !== text) doubt(`process ${hash} of ${kept.kind}: its text was changed`);
  }
  return (hash) => {
    const version = known.get(hash);
    if (version !== undefined) return version;
    const kept = store.processText(hash);
    if (kept !== undefined && hashOf(kept.text) !== hash) {
      doubt(`process ${hash} of ${kept.kind}: its text was changed`);
      return undefined;
    }
    const read = kept === undefined ? undefined : readProcess(`process ${hash}`, kept.text);
    if (read === undefined || 'problems' in read) return undefined;
    known.set(hash, { hash, process: read.process });
    return known.get(hash);
  };
}
