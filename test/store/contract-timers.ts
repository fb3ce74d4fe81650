import { expect, it } from 'vitest';
import type { TimerDraft } from '../../src/store/port.ts';
import type { Subject } from './contract.ts';
import { never, quiet, resultsOf } from './given.ts';

/** What will happen later. */
export function timers(subject: Subject): void {
  const keys = (rows: readonly TimerDraft[]) => rows.map(({ key }) => key).join(' ');

  it('gives what is due in order of due instant, then of setting', async () => {
    const { store } = subject;
    const timer = (key: string, due: number) => ({ key, due, body: { key } });
    await store.write([
      { decide: quiet({ timers: [timer('c', 30), timer('b', 20), timer('a', 20), timer('later', 41)] }) },
    ]);
    expect(keys(store.due(40, 10))).toBe('b a c');
    expect(keys(store.due(40, 2))).toBe('b a');
    expect(store.due(19, 10)).toEqual([]);
    expect(store.nextTimer()).toEqual(timer('b', 20));
    expect([store.timerDue('c'), store.timerDue('none')]).toEqual([30, undefined]);
    await store.write([{ decide: quiet({ timers: [timer('b', 20)] }) }]);
    expect(keys(store.due(40, 10))).toBe('a b c');
  });

  it('clears a key, or all keys with a prefix, before it sets new ones', async () => {
    const { store } = subject;
    const all = ['item/a', 'item/a/x', 'item/a/y', 'item/ab', 'item/b', 'item/b/x'];
    await store.write([{ decide: quiet({ timers: all.map((key) => ({ key, due: 1, body: null })) }) }]);
    await store.write([
      { decide: quiet({ cleared: ['item/a/', 'item/b'], timers: [{ key: 'item/a/y', due: 2, body: null }] }) },
    ]);
    expect(keys(store.due(9, 10))).toBe('item/a item/ab item/b/x item/a/y');
  });

  it('fires a timer once, and lets it set itself again', async () => {
    const { store } = subject;
    const timer = { key: 'tick', due: 1_000, body: null };
    await store.write([{ decide: quiet({ timers: [timer] }) }]);
    const fire = (decide = quiet()) => store.write([{ timer: 'tick', decide }]);
    expect(resultsOf(await fire(quiet({ timers: [{ ...timer, due: 2_000 }] })))).toBe('done');
    expect(resultsOf(await fire())).toBe('known');
    expect(store.nextTimer()?.due).toBe(2_000);
    subject.clock = 2_000;
    expect(resultsOf(await fire())).toBe('done');
    expect(resultsOf(await fire())).toBe('known');
    expect(store.nextTimer()).toBeUndefined();
  });

  it('does not fire what a command of the same turn cleared, and keeps a timer whose command fails', async () => {
    const { store } = subject;
    const set = ['x', 'y'].map((key) => ({ key, due: 1, body: null }));
    await store.write([{ decide: quiet({ timers: set }) }]);
    const results = await store.write([
      { decide: quiet({ cleared: ['x'] }) },
      { timer: 'x', decide: never },
      { timer: 'y', decide: never },
    ]);
    expect(resultsOf(results)).toBe('done known fault');
    expect(keys(store.due(9, 9))).toBe('y');
  });
}
