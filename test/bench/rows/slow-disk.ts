import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Bench, type Compared, compare, inFolder, type Row, showBoth, showRatio } from '../harness.ts';
import { commandsPerSecond, recordsPerSecond, withBoth } from './command.ts';

/** C3: on a disk whose every fsync takes a millisecond or five. A small library, preloaded, makes any disk such a disk. */

const SHIM = `#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdlib.h>
#include <time.h>
static void wait_for_disk(void) {
  const char *text = getenv("BENCH_FSYNC_MS");
  struct timespec time = { 0, (text ? atol(text) : 0) * 1000000L };
  nanosleep(&time, 0);
}
int fsync(int file) { wait_for_disk(); return ((int (*)(int))dlsym(RTLD_NEXT, "fsync"))(file); }
int fdatasync(int file) { wait_for_disk(); return ((int (*)(int))dlsym(RTLD_NEXT, "fdatasync"))(file); }
`;

const DISKS = [
  { milliseconds: 1, goal: 5 },
  { milliseconds: 5, goal: 12 },
] as const;

/** Compiles it into the folder; undefined: there is no gcc here to make it with. */
export function slowDiskLibrary(folder: string): string | undefined {
  const library = join(folder, 'slow.so');
  writeFileSync(join(folder, 'slow.c'), SHIM);
  try {
    execFileSync('gcc', ['-shared', '-fPIC', '-O2', '-o', library, join(folder, 'slow.c'), '-ldl'], { stdio: 'pipe' });
    return library;
  } catch {
    return undefined;
  }
}

/** The environment of a process whose disk is slow. */
export const slowDiskOf = (library: string, milliseconds: number) => ({
  LD_PRELOAD: library,
  BENCH_FSYNC_MS: String(milliseconds),
});

export const slowDisk: Bench = {
  name: 'C3',
  run: () =>
    inFolder(async (folder) => {
      const library = slowDiskLibrary(folder);
      if (library === undefined) return DISKS.map(({ milliseconds, goal }) => rowOf(milliseconds, goal, undefined));
      return DISKS.map(({ milliseconds, goal }) => {
        const text = execFileSync(process.execPath, [import.meta.filename], {
          env: { ...process.env, ...slowDiskOf(library, milliseconds) },
          encoding: 'utf8',
          stdio: ['ignore', 'pipe', 'inherit'],
        });
        return rowOf(milliseconds, goal, JSON.parse(text) as Compared);
      });
    }),
};

function rowOf(milliseconds: number, goal: number, compared: Compared | undefined): Row {
  return {
    id: `C3-${milliseconds}`,
    what: `the same, 64 in flight, with ${milliseconds} ms per fsync, beside raw one at a time there`,
    goal: `≥ ${goal}×`,
    measured:
      compared === undefined
        ? 'not measured: no gcc here to make the slow disk with'
        : `${showRatio(compared)}: ${showBoth(compared, 'commands and records/s')}`,
    met: compared && compared.median >= goal,
  };
}

if (import.meta.main) {
  const compared = await withBoth((office, conversations, raw) =>
    compare(
      () => commandsPerSecond(office, conversations, 12),
      () => recordsPerSecond(raw, 1, 150),
    ),
  );
  process.stdout.write(JSON.stringify(compared));
}
