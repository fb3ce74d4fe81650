import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Store } from '../../src/store/port.ts';
import { chats } from './contract-chats.ts';
import { outbox, said } from './contract-outbox.ts';
import { reading } from './contract-reading.ts';
import { timers } from './contract-timers.ts';
import { faults, turns, versions } from './contract-turns.ts';
import { from, message, note, quiet } from './given.ts';

/** What the suite asks of a store besides the port. */
export interface StoreSettings {
  now(): number;
}

/** The contract of the port. Every store passes it. */
export function describeStore(name: string, makeStore: (settings: StoreSettings) => Promise<Store> | Store): void {
  describe(`${name} keeps the store's contract`, () => {
    let store: Store;
    let clock: number;
    beforeEach(async () => {
      clock = 1_000;
      store = await makeStore({ now: () => clock });
    });
    afterEach(() => store.close());

    const subject: Subject = {
      get store() {
        return store;
      },
      set clock(now: number) {
        clock = now;
      },
    };
    describe('turns', () => turns(subject));
    describe('faults', () => faults(subject));
    describe('versions', () => versions(subject));
    describe('reading', () => reading(subject));
    describe('timers', () => timers(subject));
    describe('the outbox', () => outbox(subject));
    describe('what was said', () => said(subject));
    describe('the chats', () => chats(subject));
    describe('the rest', () => rest(subject));
  });
}

/** The store under test and its clock. */
export interface Subject {
  readonly store: Store;
  set clock(now: number);
}

function rest(subject: Subject): void {
  it('shows the conversation: what came in and what was answered', async () => {
    const { store } = subject;
    await store.write([
      from('1', quiet({ outcome: 'a' })),
      from('2', quiet({ outcome: 'b' })),
      from('3', quiet({ outcome: 'c' })),
    ]);
    expect(store.inbox(2)).toEqual([
      { id: '2', at: 1_000, body: { said: '2' }, outcome: 'b' },
      { id: '3', at: 1_000, body: { said: '3' }, outcome: 'c' },
    ]);
  });

  it('keeps process texts under their hash, and names and values', async () => {
    const { store } = subject;
    await store.keepProcess('h', 'service', 'one');
    await store.keepProcess('h', 'service', 'two');
    expect(store.processText('h')).toEqual({ kind: 'service', text: 'one' });
    expect(store.processText('none')).toBeUndefined();
    await store.setMeta('offset', '1');
    await store.setMeta('offset', '2');
    expect(store.meta('offset')).toBe('2');
    expect(store.meta('none')).toBeUndefined();
  });

  it('counts', async () => {
    const { store } = subject;
    const more = { outbox: [message('a', '1')], timers: [{ key: 't', due: 1, body: null }] };
    await store.write([{ decide: note('item/a', '1', more) }]);
    expect(store.figures()).toMatchObject({ events: 1, timers: 1, outbox: 1 });
  });

  it('refuses turns once it is closed', async () => {
    const { store } = subject;
    await store.close();
    await expect(store.write([])).rejects.toMatchObject({ name: 'TurnFailed', reason: 'closed' });
  });
}
