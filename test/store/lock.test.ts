import { chmodSync, mkdirSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { isRefusal } from '../../src/store/connection.ts';
import { takeLock } from '../../src/store/lock.ts';
import { realPath } from '../../src/store/paths.ts';
import { openSqliteStore } from '../../src/store/sqlite.ts';
import { readLines, startChild } from './child.ts';
import { folder, opened, options } from './given.ts';

async function openElsewhere(path: string): Promise<string> {
  const lines: string[] = [];
  await readLines(startChild('open-child.ts', [path]), (line) => lines.push(line));
  return lines.join('\n');
}

it('tells a second process who holds the database', async () => {
  const path = join(folder(), 'baton.db');
  const store = opened(path);
  expect(await openElsewhere(path)).toBe(
    `${path} is held by process ${process.pid} since 1970-01-01T00:00:01.000Z: stop it first, or name another file`,
  );
  await store.close();
  expect(await openElsewhere(path)).toBe('opened');
});

it('holds within one process as well', async () => {
  const path = join(folder(), 'baton.db');
  const store = opened(path);
  expect(openSqliteStore(options(path))).toMatchObject({ refusal: expect.stringContaining('is held by process') });
  await store.close();
  await opened(path).close();
});

it('keeps its files to their owner', async () => {
  const path = join(folder(), 'data', 'baton.db');
  const store = opened(path);
  const modes = ['', '-wal', '-shm', '.lock'].map((part) => statSync(path + part).mode & 0o777);
  expect(modes).toEqual([0o600, 0o600, 0o600, 0o600]);
  await store.close();
});

it('says when there is no place for a lock', () => {
  expect(takeLock('/dev/null/baton.db', 0)).toMatchObject({ refusal: expect.stringContaining('cannot be locked') });
});

it('is free once it was released', () => {
  const path = join(folder(), 'baton.db');
  for (const since of [1, 2]) {
    const lock = takeLock(path, since);
    expect(isRefusal(lock)).toBe(false);
    if (!isRefusal(lock)) lock.release();
  }
});

it('holds a file by whatever link it is named, also one that is still to be made', async () => {
  const home = folder();
  const path = join(home, 'data', 'baton.db');
  mkdirSync(join(home, 'data'));
  symlinkSync('data', join(home, 'folder'));
  symlinkSync('data/baton.db', join(home, 'link.db'));
  const named = [join(home, 'link.db'), join(home, 'folder', 'baton.db')];
  expect(named.map((name) => realPath(name))).toEqual([path, path]);
  const store = opened(path);
  for (const name of named)
    expect(takeLock(name, 0)).toMatchObject({ refusal: expect.stringContaining('is held by process') });
  expect(named.map((name) => realPath(name))).toEqual([path, path]);
  await store.close();
  symlinkSync('round.db', join(home, 'round.db'));
  expect(['data/baton.db', ':memory:', join(home, 'round.db')].map((name) => realPath(name))).toEqual([
    'data/baton.db',
    ':memory:',
    join(home, 'round.db'),
  ]);
});

it('leaves a file that is not ours its mode, and gives its own to their owner', async () => {
  const home = folder();
  const [letter, path] = [join(home, 'letter.txt'), join(home, 'baton.db')];
  writeFileSync(letter, 'Dear Olga, this is no database, and it is long enough to be looked at as one.\n'.repeat(10));
  chmodSync(letter, 0o644);
  expect(openSqliteStore(options(letter))).toMatchObject({ doubt: 'corrupt' });
  expect(statSync(letter).mode & 0o777).toBe(0o644);
  await opened(path).close();
  chmodSync(path, 0o644);
  const store = opened(path);
  expect(['', '-wal', '-shm'].map((part) => statSync(path + part).mode & 0o777)).toEqual([0o600, 0o600, 0o600]);
  await store.close();
});
