import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { isRefusal, openWritable } from '../../src/store/connection.ts';
import { migrate } from '../../src/store/migrate.ts';
import { createStore } from '../../src/store/sqlite.ts';
import { verifyStore } from '../../src/store/verify.ts';
import { readLines, startChild } from './child.ts';
import { evolve, FOLD, folder, from, message, note, notesOf, opened, options, quiet, resultsOf } from './given.ts';

const MIGRATIONS = fileURLToPath(new URL('../../migrations', import.meta.url));
const canTrace = spawnSync('strace', ['-V']).status === 0;

describe('a full disk', () => {
  it('undoes the whole turn, and the next one goes on where the last good one ended', async () => {
    const path = join(folder(), 'baton.db');
    const db = openWritable(path);
    if (isRefusal(db)) throw new Error(db.refusal);
    expect(migrate(db, { ...options(path), migrations: MIGRATIONS })).toBeUndefined();
    const store = createStore(db, undefined, options(path, { ballast: 65_536 }));
    expect(existsSync(`${path}.ballast`)).toBe(true);
    await store.write([from('1', note('item/a', 'one'))]);
    expect(store.open('item')).toHaveLength(1);
    db.pragma(`max_page_count = ${db.pragma('page_count', { simple: true })}`);

    const turn = [
      from('2', note('item/a', 'two', { timers: [{ key: 't', due: 1, body: null }] })),
      from('3', note('item/b', 'three')),
      from('4', quiet({ outbox: [message('a', 'long '.repeat(10_000))] })),
    ];
    await expect(store.write(turn)).rejects.toMatchObject({ name: 'TurnFailed', reason: 'full' });
    expect(existsSync(`${path}.ballast`)).toBe(false);
    expect(notesOf(store.state('item/a'))).toEqual(['one']);
    expect(store.open('item').map(({ stream }) => stream)).toEqual(['item/a']);
    expect(store.figures()).toMatchObject({ events: 1, timers: 0, outbox: 0 });
    await expect(store.setMeta('big', 'x'.repeat(100_000))).rejects.toMatchObject({ reason: 'full' });

    db.pragma('max_page_count = 1000000');
    expect(resultsOf(await store.write(turn))).toBe('done done done');
    expect(notesOf(store.state('item/a'))).toEqual(['one', 'two']);
    await store.close();
    expect(verifyStore(path, { fold: FOLD, evolve })).toEqual({ ok: true, events: 3, states: 2, problems: [] });
  });
});

describe.skipIf(!canTrace)('on the disk', () => {
  /** How often a child with so many turns of so many commands waited for the disk. */
  async function countSyncs(turns: number, commands: number): Promise<number> {
    const home = folder();
    const trace = join(home, 'trace');
    const through = ['strace', '-f', '-qq', '-e', 'trace=fsync,fdatasync', '-o', trace];
    const child = startChild('turn-child.ts', [join(home, 'baton.db'), String(turns), String(commands)], through);
    await readLines(child, () => {});
    return readFileSync(trace, 'utf8')
      .split('\n')
      .filter((line) => /f(data)?sync\(/.test(line)).length;
  }

  it('waits once for each turn, however many commands it has', async () => {
    const idle = await countSyncs(0, 0);
    const alone = (await countSyncs(100, 1)) - idle;
    expect(alone).toBeGreaterThanOrEqual(100);
    expect(alone).toBeLessThanOrEqual(104);
    expect((await countSyncs(20, 16)) - idle).toBeLessThanOrEqual(24);
  });

  it.each([
    ['EIO', 'fsync', 'io'],
    ['ENOSPC', 'pwrite64', 'full'],
  ])('undoes exactly the turns that meet %s at %s', async (error, call, reason) => {
    const path = join(folder(), 'baton.db');
    await opened(path).close();
    const inject = `inject=${call}:error=${error}:when=20+7`;
    const through = ['strace', '-f', '-qq', '-e', `trace=${call}`, '-e', inject, '-o', '/dev/null'];
    const lines: string[] = [];
    await readLines(startChild('turn-child.ts', [path, '60', '2'], through), (line) => lines.push(line));
    const turnsThat = (end: string) => lines.filter((line) => line.startsWith(end)).map((line) => line.split(' ')[1]);
    expect(turnsThat('done').length + turnsThat(reason).length).toBe(60);
    expect(turnsThat(reason).length).toBeGreaterThan(3);
    expect(verifyStore(path, { fold: FOLD, evolve })).toMatchObject({ ok: true, problems: [] });
    const store = opened(path);
    expect(notesOf(store.state('item/0'))).toEqual(turnsThat('done'));
    await store.close();
  });
});

it('names what came once more under its id as something else, and keeps the first', async () => {
  const store = opened(join(folder(), 'baton.db'));
  const take = (body: unknown) => store.write([{ receive: [{ id: 'hook:1', source: 'hook', body }] }]);
  expect(await take({ said: 'one' })).toMatchObject([{ outcome: null }]);
  expect(await take({ said: 'one' })).toMatchObject([{ outcome: null }]);
  expect(await take({ said: 'two' })).toMatchObject([{ outcome: { others: ['hook:1'] } }]);
  expect(store.received('hook', 9)).toMatchObject([{ body: { said: 'one' } }]);
  await store.close();
});
