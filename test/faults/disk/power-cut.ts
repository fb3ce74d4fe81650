import { readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';

/** What a disk holds when the power goes: all that was waited for, and of the rest nobody knows what. */

type Step =
  | { readonly do: 'write'; readonly file: string; readonly offset: number; readonly data: Buffer }
  | { readonly do: 'truncate'; readonly file: string; readonly size: number }
  | { readonly do: 'sync'; readonly file: string }
  | { readonly do: 'unlink'; readonly file: string }
  /** Something was promised to somebody. */
  | { readonly do: 'promise' };

/** What strace is asked for, so that `stepsIn` can read it. */
export const RECORD = [
  ...['-y', '-xx', '-s', '1000000'],
  ...['-e', 'trace=write,pwrite64,fsync,fdatasync,ftruncate,unlink'],
] as const;

const bytes = (hex: string): Buffer => Buffer.from(hex.replaceAll('\\x', ''), 'hex');
const PATH = String.raw`<((?:\\x[0-9a-f]{2})+)>`;
const LINE: Readonly<Record<'write' | 'pwrite' | 'sync' | 'truncate' | 'unlink', RegExp>> = {
  write: /write\(1<[^>]*>, "((?:\\x[0-9a-f]{2})*)"/,
  pwrite: new RegExp(String.raw`pwrite64\(\d+${PATH}, "((?:\\x[0-9a-f]{2})*)", \d+, (\d+)\)`),
  sync: new RegExp(String.raw`f(?:data)?sync\(\d+${PATH}`),
  truncate: new RegExp(String.raw`ftruncate\(\d+${PATH}, (\d+)\)`),
  unlink: /unlink\("((?:\\x[0-9a-f]{2})+)"/,
};

/** The steps of a recorded run, for the files whose names begin with `name`. */
export function stepsIn(trace: string, name: string): readonly Step[] {
  const file = (hex: string | undefined): string => basename(bytes(hex ?? '').toString());
  const read = (line: string): Step | undefined => {
    const pwrite = LINE.pwrite.exec(line);
    if (pwrite !== null)
      return { do: 'write', file: file(pwrite[1]), offset: Number(pwrite[3]), data: bytes(pwrite[2] ?? '') };
    const sync = LINE.sync.exec(line);
    if (sync !== null) return { do: 'sync', file: file(sync[1]) };
    const truncate = LINE.truncate.exec(line);
    if (truncate !== null) return { do: 'truncate', file: file(truncate[1]), size: Number(truncate[2]) };
    const unlink = LINE.unlink.exec(line);
    if (unlink !== null) return { do: 'unlink', file: file(unlink[1]) };
    const write = LINE.write.exec(line);
    return write !== null &&
      bytes(write[1] ?? '')
        .toString()
        .startsWith('promised')
      ? { do: 'promise' }
      : undefined;
  };
  return readFileSync(trace, 'utf8')
    .split('\n')
    .flatMap((line) => read(line) ?? [])
    .filter((step) => step.do === 'promise' || (step.file.startsWith(name) && !/-shm$|\.lock/.test(step.file)));
}

/** What becomes of what was not waited for: nothing of it, all of it, some of it, or some sectors of it. */
export type Fate = 'nothing' | 'all' | 'some' | 'torn';
export const FATES: readonly Fate[] = ['nothing', 'all', 'some', 'torn'];
const SECTOR = 512;

type Change = Exclude<Step, { do: 'promise' | 'sync' }>;

/** Writes the files as they are after a cut before step `at`; says how many promises had been made. */
export function cutAt(
  steps: readonly Step[],
  at: number,
  fate: Fate,
  base: string,
  home: string,
  chance: () => number,
): number {
  const files = new Map<string, Buffer>();
  const waiting = new Map<string, Change[]>();
  let promises = 0;
  const apply = (change: Change): void => {
    const old = files.get(change.file) ?? readOr(join(base, change.file));
    if (change.do === 'unlink') files.set(change.file, Buffer.alloc(0));
    else if (change.do === 'truncate') files.set(change.file, grown(old, change.size).subarray(0, change.size));
    else {
      const next = Buffer.from(grown(old, change.offset + change.data.length));
      change.data.copy(next, change.offset);
      files.set(change.file, next);
    }
  };
  for (const step of steps.slice(0, at)) {
    if (step.do === 'promise') promises += 1;
    else if (step.do === 'sync') {
      for (const change of waiting.get(step.file) ?? []) apply(change);
      waiting.delete(step.file);
    } else waiting.set(step.file, [...(waiting.get(step.file) ?? []), step]);
  }
  for (const change of [...waiting.values()].flat()) for (const part of remains(change, fate, chance)) apply(part);
  for (const [file, data] of files) writeFileSync(join(home, file), data);
  return promises;
}

function remains(change: Change, fate: Fate, chance: () => number): readonly Change[] {
  if (fate === 'nothing' || (fate !== 'all' && change.do !== 'write')) return [];
  if (fate === 'all') return [change];
  if (fate === 'some' || change.do !== 'write') return chance() < 0.5 ? [change] : [];
  const sectors = Math.ceil(change.data.length / SECTOR);
  return Array.from({ length: sectors }, (_, n) => n)
    .filter(() => chance() < 0.5)
    .map((n) => ({
      ...change,
      offset: change.offset + n * SECTOR,
      data: change.data.subarray(n * SECTOR, (n + 1) * SECTOR),
    }));
}

const grown = (old: Buffer, size: number): Buffer =>
  old.length >= size ? old : Buffer.concat([old, Buffer.alloc(size - old.length)]);

function readOr(path: string): Buffer {
  try {
    return readFileSync(path);
  } catch {
    return Buffer.alloc(0);
  }
}
