import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * A disk that remembers what was synced: a small library, preloaded, copies a file at each fsync that SQLite really makes
 * of it. A power cut keeps those copies, and of all that was written later whatever chance lets through.
 */

const SHIM = `#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#define FILES 1024
#define REAL(name, ...) (((__typeof__(&name))dlsym(RTLD_NEXT, #name))(__VA_ARGS__))
static char bytes[1 << 16];
/* What was written of each file since its last copy; nothing known of it: all. */
static struct { off_t from, until; int known; } part[FILES];
static void wrote(int file, off_t at, ssize_t count) {
  if (file < 0 || file >= FILES || count <= 0 || !part[file].known) return;
  if (at < part[file].from) part[file].from = at;
  if (at + count > part[file].until) part[file].until = at + count;
}
static void forget(int file) { if (file >= 0 && file < FILES) part[file].known = 0; }
static int keep(int file) {
  const char *disk = getenv("SIM_DISK");
  char link[64], path[512], copy[600];
  struct stat now;
  snprintf(link, sizeof link, "/proc/self/fd/%d", file);
  ssize_t length = readlink(link, path, sizeof path - 1);
  if (disk == 0 || length < 0 || file >= FILES) return 0;
  path[length] = 0;
  /* Files of the disk alone, and no folder. */
  if (strncmp(path, disk, strlen(disk)) != 0 || fstat(file, &now) != 0 || !S_ISREG(now.st_mode)) return 0;
  snprintf(copy, sizeof copy, "%s.synced", path);
  int all = !part[file].known;
  off_t at = all ? 0 : part[file].from, until = all ? now.st_size : part[file].until;
  int to = open(copy, O_WRONLY | O_CREAT, 0600);
  if (to < 0) return -1;
  if (all && ftruncate(to, now.st_size) != 0) return -1;
  while (at < until) {
    size_t most = until - at < (off_t)sizeof bytes ? until - at : sizeof bytes;
    ssize_t got = pread(file, bytes, most, at);
    if (got <= 0 || REAL(pwrite, to, bytes, got, at) != got) break;
    at += got;
  }
  part[file].known = 1;
  part[file].from = (off_t)1 << 62;
  part[file].until = 0;
  return REAL(close, to);
}
ssize_t pwrite(int file, const void *from, size_t count, off_t at) {
  ssize_t done = REAL(pwrite, file, from, count, at);
  wrote(file, at, done);
  return done;
}
ssize_t pwrite64(int file, const void *from, size_t count, off64_t at) {
  ssize_t done = REAL(pwrite64, file, from, count, at);
  wrote(file, at, done);
  return done;
}
int ftruncate(int file, off_t size) { forget(file); return REAL(ftruncate, file, size); }
int ftruncate64(int file, off64_t size) { forget(file); return REAL(ftruncate64, file, size); }
int close(int file) { forget(file); return REAL(close, file); }
int fsync(int file) { return keep(file); }
int fdatasync(int file) { return keep(file); }
`;

/** The folder of all disks of this process: in memory where the system has such a place. */
export function makeFolder(): string {
  try {
    return mkdtempSync('/dev/shm/baton-sim-');
  } catch {
    return mkdtempSync(join(tmpdir(), 'baton-sim-'));
  }
}

/** Is this process on such a disk? */
export const remembersSyncs = (): boolean => process.env.SIM_DISK !== undefined;

/**
 * Runs this script again, as a process on such a disk. Undefined where there is no gcc to make it with: then what
 * `synchronous` says is taken for what was synced.
 */
export function runOnDisk(script: string, args: readonly string[]): number | undefined {
  const folder = makeFolder();
  try {
    const library = join(folder, 'disk.so');
    writeFileSync(join(folder, 'disk.c'), SHIM);
    try {
      execFileSync('gcc', ['-shared', '-fPIC', '-O2', '-o', library, join(folder, 'disk.c')], { stdio: 'pipe' });
    } catch {
      return undefined;
    }
    const preload = [process.env.LD_PRELOAD, library].filter((each) => each !== undefined && each !== '').join(' ');
    const env = { ...process.env, LD_PRELOAD: preload, SIM_DISK: folder };
    execFileSync(process.execPath, [...process.execArgv, script, ...args], { env, stdio: 'inherit' });
    return 0;
  } catch (error) {
    return error instanceof Error && 'status' in error && typeof error.status === 'number' ? error.status : 1;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
