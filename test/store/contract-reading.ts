import { expect, it } from 'vitest';
import type { Work } from '../../src/store/port.ts';
import type { Subject } from './contract.ts';
import { close, NOTHING, note, quiet, reopen } from './given.ts';

/** What a decision reads. */
export function reading(subject: Subject): void {
  it('lists open states of a type in order of first appearance', async () => {
    const { store } = subject;
    expect(store.open('item')).toEqual([]);
    await store.write(['item/c', 'item/a', 'item/b', 'item/d'].map((stream) => ({ decide: note(stream, 'x') })));
    const streams = () => store.open('item').map(({ stream }) => stream);
    expect(streams()).toEqual(['item/c', 'item/a', 'item/b', 'item/d']);
    const before = store.open('item');
    await store.write([{ decide: close('item/a') }, { decide: note('item/b', 'y') }]);
    expect(streams()).toEqual(['item/c', 'item/b', 'item/d']);
    await store.write([{ decide: reopen('item/a') }, { decide: note('item/e', 'z') }]);
    expect(streams()).toEqual(['item/c', 'item/a', 'item/b', 'item/d', 'item/e']);
    expect(before.map(({ version }) => version)).toEqual([1, 1, 1, 1]);
    expect(store.open('other')).toEqual([]);
  });

  it('shows a command the open list as it is at that moment, also after a fault', async () => {
    const { store } = subject;
    const seen: number[] = [];
    const look: Work = {
      decide(read) {
        seen.push(read.open('item').length);
        return NOTHING;
      },
    };
    await store.write([
      look,
      { decide: note('item/a', 'x') },
      look,
      { decide: note('item/b', 'lost', { outcome: 1n, timers: [{ key: 'x', due: 1, body: 1n }] }) },
      look,
    ]);
    expect(seen).toEqual([0, 1, 1]);
    expect(store.state('item/b')).toBeUndefined();
  });

  it('gives history in order, and the newest of it', async () => {
    const { store } = subject;
    await store.write(['1', '2', '3'].map((text) => ({ decide: note('item/a', text) })));
    await store.write([{ decide: note('item/b', 'other') }]);
    expect(store.history('item/a').map(({ version }) => version)).toEqual([1, 2, 3]);
    expect(store.history('item/a', 2).map(({ version }) => version)).toEqual([2, 3]);
    expect(store.history('item/none')).toEqual([]);
    expect(store.events(1, 2).map(({ seq, stream }) => `${seq} ${stream}`)).toEqual(['2 item/a', '3 item/a']);
  });

  it('keeps what was last seen of things outside', async () => {
    const { store } = subject;
    await store.write([{ decide: quiet({ mirrors: [{ key: 'link', at: 1, data: { ok: true } }] }) }]);
    await store.write([{ decide: quiet({ mirrors: [{ key: 'link', at: 2, data: { ok: false } }] }) }]);
    expect(store.mirror('link')).toEqual({ key: 'link', at: 2, data: { ok: false } });
    expect(store.mirror('none')).toBeUndefined();
  });
}
