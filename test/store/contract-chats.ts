import { expect, it } from 'vitest';
import type { Subject } from './contract.ts';
import { message, never, note, notesOf, quiet } from './given.ts';

/** What the chats keep: raw bodies that wait for their decision, cards that change, and what buttons stand for. */
export function chats(subject: Subject): void {
  const body = (id: string, done?: true) => ({
    id,
    source: 'telegram',
    body: { said: id },
    ...(done === undefined ? {} : { done }),
  });

  it('stores a raw body once, with its bookmark, and gives it out until it is decided', async () => {
    const { store } = subject;
    const bookmark = { name: 'telegram.offset', value: '12' };
    await store.write([{ receive: [body('u1'), body('u2'), body('u3', true)], bookmark }, { receive: [body('u1')] }]);
    expect(store.meta('telegram.offset')).toBe('12');
    expect(store.received('telegram', 10)).toEqual([body('u1'), body('u2')]);
    const decide = { inbox: { id: 'u1', body: 'another' }, decide: note('item/1', 'decided') };
    expect(await store.write([decide])).toMatchObject([{ result: 'done', outcome: { version: 1 } }]);
    expect(store.received('telegram', 10)).toEqual([body('u2')]);
    expect(await store.write([{ ...decide, decide: never }])).toEqual([{ result: 'known', outcome: { version: 1 } }]);
    expect(await store.write([{ inbox: { id: 'u3', body: '' }, decide: never }])).toEqual([
      { result: 'known', outcome: null },
    ]);
    expect(notesOf(store.state('item/1'))).toEqual(['decided']);
  });

  it('gives out what came from one place, however much waits from another', async () => {
    const { store } = subject;
    await store.write([{ receive: [body('u1'), body('u2'), { id: 'g1', source: 'github', body: 'news' }] }]);
    expect(store.received('telegram', 1)).toEqual([body('u1')]);
    expect(store.received('github', 1)).toEqual([{ id: 'g1', source: 'github', body: 'news' }]);
    expect(store.received('slack', 1)).toEqual([]);
  });

  it('gives out what came from one place since an instant, decided or not, the newest first', async () => {
    const { store } = subject;
    const told = (id: string) => ({ id, source: 'github', body: { told: id } });
    await store.write([{ receive: [told('g1')] }]);
    subject.clock = 2_000;
    await store.write([{ receive: [told('g2'), body('u1'), told('g3')] }]);
    await store.write([{ inbox: { id: 'g2', body: '' }, decide: note('item/1', 'decided') }]);
    expect(store.receivedSince('github', 2_000, 10)).toEqual([told('g3'), told('g2')]);
    expect(store.receivedSince('github', 1_000, 2)).toEqual([told('g3'), told('g2')]);
    expect(store.receivedSince('github', 2_001, 10)).toEqual([]);
  });

  it('decides twice in one turn only once', async () => {
    const { store } = subject;
    const inbox = { id: 'u1', body: '' };
    const results = await store.write([
      { receive: [body('u1')] },
      { inbox, decide: note('item/1', 'once') },
      { inbox, decide: never },
    ]);
    expect(results.map(({ result }) => result)).toEqual(['done', 'done', 'known']);
  });

  it('parks what faulted three times, and lets the others pass', async () => {
    const { store } = subject;
    await store.write([{ receive: [body('u1'), body('u2')] }]);
    expect([await store.faulted('u1'), await store.faulted('u1'), await store.faulted('u1')]).toEqual([
      false,
      false,
      true,
    ]);
    expect(store.received('telegram', 10)).toEqual([body('u2')]);
    expect(store.parkedReceipts(10)).toEqual([body('u1')]);
  });

  it('remembers a card from the moment it is sent, until it shows its end', async () => {
    const { store } = subject;
    await store.write([
      { decide: quiet({ outbox: [message('a', '1', { address: 'telegram:7' }), message('b', '2')] }) },
    ]);
    const [card, plain] = await store.claim(1_000, 10);
    const post = { live: { of: 'vote' }, form: null, shown: 'd1' };
    await store.mark(card?.id ?? 0, 'sent', { platformId: '7/1', post });
    await store.mark(plain?.id ?? 0, 'sent', {
      platformId: '8/1',
      post: { live: null, form: { given: '/reject' }, shown: null },
    });
    const [open, ...more] = store.openPosts();
    expect(more).toEqual([]);
    expect(open).toMatchObject({ address: 'telegram:7', platformId: '7/1', live: { of: 'vote' }, shown: 'd1' });
    expect(store.post('8/1')).toMatchObject({ form: { given: '/reject' }, live: null });
    await store.shown(open?.id ?? 0, 'd2', true);
    expect(store.openPosts()).toMatchObject([{ shown: 'd2' }]);
    await store.shown(open?.id ?? 0, 'd3', false);
    expect(store.openPosts()).toEqual([]);
    expect(store.post('7/1')).toMatchObject({ shown: 'd3' });
  });

  it('keeps what a button stands for once', async () => {
    const { store } = subject;
    const button = { token: 't1', address: 'telegram:7', command: 'approve', on: 'WEB-1', args: '' };
    await store.keepButtons([button]);
    await store.keepButtons([button, { ...button, token: 't2', command: 'reject' }]);
    expect(store.button('t1')).toEqual(button);
    expect(store.button('t2')?.command).toBe('reject');
    expect(store.button('t3')).toBeUndefined();
  });
}
