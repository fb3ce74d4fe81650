import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { isRefusal, openReadOnly, openWritable } from '../../src/store/connection.ts';
import { migrate } from '../../src/store/migrate.ts';
import type { Work } from '../../src/store/port.ts';
import { asker } from '../../src/store/reading.ts';
import { createStore } from '../../src/store/sqlite.ts';
import { close, folder, from, message, note, opened, options, quiet } from './given.ts';

/** What pages read: over a handle of its own, which writes nothing, whatever is asked of it. */

const MIGRATIONS = join(import.meta.dirname, '../../migrations');

/** A store whose writing handle the test has in its hands. */
function given() {
  const path = join(folder(), 'baton.db');
  const writer = openWritable(path);
  if (isRefusal(writer)) throw new Error(writer.refusal);
  const refusal = migrate(writer, { ...options(path), migrations: MIGRATIONS });
  if (refusal !== undefined) throw new Error(refusal.refusal);
  return { path, writer, store: createStore(writer, undefined, options(path)) };
}

test('all that pages ask is answered while nothing can be written, also what no decision has asked for yet', async () => {
  const { store, writer } = given();
  const mirrors = [{ key: 'link', at: 1, data: { ok: true } }];
  const timers = [{ key: 'later', due: 9, body: null }, { key: 'soon', due: 5, body: 1 }]; // biome-ignore format: a list
  await store.write([
    from('1', note('item/a', 'one', { outbox: [message('ops', 'hello')], timers, mirrors })),
    { decide: note('item/b', 'two') },
    { decide: close('item/b') },
  ]);
  const row = store.late(Number.MAX_SAFE_INTEGER, 1)[0];
  const { reading } = store;
  expect(reading.figures()).toMatchObject({ events: 3, timers: 2, outbox: 1 });
  writer.close();
  expect(reading.state('item/a')).toMatchObject({ version: 1, open: true });
  expect(reading.state('item/b')).toMatchObject({ version: 2, open: false });
  expect(reading.state('item/none')).toBeUndefined();
  expect(reading.open('item').map(({ stream }) => stream)).toEqual(['item/a']);
  expect(reading.open('none')).toEqual([]);
  expect(reading.history('item/b').map(({ type }) => type)).toEqual(['noted', 'closed']);
  expect(reading.history('item/b', 1).map(({ type }) => type)).toEqual(['closed']);
  expect(reading.mirror('link')).toEqual(mirrors[0]);
  expect(reading.mirror('none')).toBeUndefined();
  expect(reading.messages([{ chat: 'ops' }], 5)).toEqual([row]);
  expect(reading.late(Number.MAX_SAFE_INTEGER, 5)).toEqual([row]);
  expect(reading.parked(5)).toEqual([]);
  expect(reading.inbox(5)).toMatchObject([{ id: '1', body: { said: '1' } }]);
  expect(reading.nextTimer()).toEqual(timers[1]);
  expect(reading.waiting()).toEqual([{ lane: 'answer', count: 1, oldest: 1_000 }]);
});

test('what was just written is read at once, from the first question on', async () => {
  const store = opened(join(folder(), 'baton.db'));
  const { reading } = store;
  for (let n = 1; n <= 20; n += 1) {
    await store.write([from(String(n), note('item/a', 'x', { outbox: [message('ops', String(n))] }))]);
    expect(reading.history('item/a')).toHaveLength(n);
    expect(reading.state('item/a')).toMatchObject({ version: n });
    expect(reading.open('item')).toHaveLength(1);
    expect(reading.messages([{ chat: 'ops' }], 1)).toMatchObject([{ body: String(n) }]);
    expect(reading.inbox(1)).toMatchObject([{ id: String(n) }]);
    expect(reading.figures()).toMatchObject({ events: n, outbox: n });
  }
  for (const { id } of await store.claim(1_000, 50)) await store.mark(id, 'failed', { reason: 'no' });
  expect(reading.parked(50)).toMatchObject([{ reason: 'no' }]);
  expect(await store.retry(1, 1_000)).toBe(true);
  expect(reading.parked(50)).toEqual([]);
  await store.close();
});

test('what is longer than one statement gives is read whole, and in order', async () => {
  const store = opened(join(folder(), 'baton.db'));
  const works: Work[] = Array.from({ length: 1_200 }, (_, n) => ({ decide: note('item/long', String(n)) }));
  const many: Work[] = Array.from({ length: 1_001 }, (_, n) => ({ decide: note(`item/${n}`, 'x') }));
  await store.write([...works, ...many]);
  await store.close();
  const again = opened(join(folder(), 'other.db'));
  await again.write([...works, ...many]);
  const { reading } = again;
  expect(reading.history('item/long').map(({ version }) => version)).toEqual(works.map((_, n) => n + 1));
  expect(reading.open('item').map(({ stream }) => stream)).toEqual(['item/long', ...many.map((_, n) => `item/${n}`)]);
  await again.close();
});

test('a question is a whole statement that reads, and has a limit', async () => {
  const { path, store } = given();
  await store.write([{ decide: quiet() }]);
  const db = openReadOnly(path);
  if (isRefusal(db)) throw new Error(db.refusal);
  onTestFinished(() => void db.close());
  const ask = asker(db);
  expect(Object.keys(ask('select * from meta limit 1')).sort()).toEqual(['all', 'get']);
  for (const sql of [
    'select * from meta',
    'select * from meta order by id limit 5 offset 1',
    'select * from (select * from meta limit 1)',
    "select 'limit 1' from meta",
    'pragma user_version',
    "delete from meta where name = 'a'",
    "update meta set value = 'x' where id in (select id from meta limit 1)",
    "insert into meta (name, value) select 'a', 'b' from meta limit 1",
    "insert into meta (name, value) select 'a', 'b' limit ?",
  ])
    expect(() => ask(sql), sql).toThrow('no question with a limit');
});

test('the handle that writes closes last, so that the journal is taken in', async () => {
  const path = join(folder(), 'baton.db');
  const store = opened(path);
  await store.write([{ decide: note('item/a', 'one') }]);
  expect(store.reading.figures().events).toBe(1);
  expect(existsSync(`${path}-wal`)).toBe(true);
  await store.close();
  expect([existsSync(`${path}-wal`), existsSync(`${path}-shm`)]).toEqual([false, false]);
});
