import { expect, it } from 'vitest';
import { type OutboxDraft, OVERTAKEN } from '../../src/store/port.ts';
import type { Subject } from './contract.ts';
import { message, quiet } from './given.ts';

/** What is to be said. */
export function outbox(subject: Subject): void {
  const say = sayer(subject);
  const claimed = claimer(subject);

  it('hands out the rows of a commit and gives them to claim one by one for each destination and lane', async () => {
    const { store } = subject;
    const [result] = await say(
      message('c', 'c1'),
      message('d', 'd1'),
      message('c', 'c2'),
      message('c', 'p1', { lane: 'page' }),
    );
    const rows = result?.result === 'done' ? result.outbox : [];
    expect(rows.map(({ state, dueAt, attempts }) => ({ state, dueAt, attempts }))).toEqual(
      rows.map(() => ({ state: 'new', dueAt: 0, attempts: 0 })),
    );
    const first = await store.claim(1_000, 10);
    expect(first.map(({ body }) => body)).toEqual(['p1', 'c1', 'd1']);
    expect(first[1]).toEqual({ ...rows[0], state: 'new', attempts: 1 });
    expect(await claimed()).toBe('');
    await store.mark(rows[0]?.id ?? 0, 'sent', { platformId: '9' });
    expect(await claimed()).toBe('c2');
  });

  it('gives out at once what is said after the clock was set back', async () => {
    await say(message('a', 'before'));
    expect(await claimed(1_000)).toBe('before');
    subject.clock = 400;
    await say(message('b', 'after'));
    expect(await claimed(400)).toBe('after');
  });

  it('parks what expired, but not what was overtaken, by whatever word for it', async () => {
    const { store } = subject;
    const reasons = [...Object.values(OVERTAKEN), 'its time is over'];
    await say(...reasons.map((reason) => message(reason, reason)));
    for (const { id, body } of await store.claim(1_000, 10)) await store.mark(id, 'expired', { reason: String(body) });
    expect(store.parked(10).map(({ body }) => body)).toEqual(['its time is over']);
    // The words are in files that exist: a change of them would bring back what nobody needs.
    expect(Object.values(OVERTAKEN)).toEqual([
      'a newer one follows',
      'a newer one of its sort follows',
      'it was over before it could be said',
      'it was decided anew',
    ]);
  });

  it('takes no more than asked for', async () => {
    await say(message('a', '1'), message('b', '2'), message('c', '3'));
    expect(await claimed(1_000, 2)).toBe('1 2');
    expect(await claimed(1_000, 2)).toBe('3');
  });

  it('waits for a row that is put off, and lets others pass it in other lanes only', async () => {
    const { store } = subject;
    await say(message('a', 'a1'), message('a', 'a2'), message('b', 'b1'));
    const [a1] = await store.claim(1_000, 1);
    await store.mark(a1?.id ?? 0, 'new', { dueAt: 5_000, reason: 'try later' });
    expect(await claimed()).toBe('b1');
    expect(await claimed(4_999)).toBe('');
    expect(await claimed(5_000)).toBe('a1');
  });

  it('calls a row uncertain when nobody said what became of it, and gives it out again before those behind it', async () => {
    const { store } = subject;
    await say(message('a', 'a1'), message('a', 'a2'));
    await store.claim(1_000, 10);
    const [again, ...more] = await store.claim(10 * 60_000, 10);
    expect(more).toEqual([]);
    expect(again).toMatchObject({ body: 'a1', state: 'uncertain', attempts: 2 });
    expect(store.parked(10)).toEqual([]);
    await store.mark(again?.id ?? 0, 'uncertain', { dueAt: 20 * 60_000, reason: 'no answer' });
    expect(store.parked(10)).toMatchObject([{ body: 'a1', state: 'uncertain', reason: 'no answer' }]);
    expect(await claimed(20 * 60_000 - 1)).toBe('');
    const [third] = await store.claim(20 * 60_000, 10);
    expect(third).toMatchObject({ body: 'a1', state: 'uncertain' });
    await store.mark(third?.id ?? 0, 'sent');
    expect(await claimed(20 * 60_000)).toBe('a2');
  });

  it('keeps the rows of one address in order, whomever they are for, and asks of each whether it may go', async () => {
    const { store } = subject;
    const at = (address: string) => ({ address });
    await say(
      message('a', 'x1', at('x')),
      message('b', 'x2', at('x')),
      message('a', 'y1', at('y')),
      message('a', 'own'),
    );
    const asked: string[] = [];
    const may = ({ address }: { address: string }) => {
      asked.push(address);
      return address !== 'y';
    };
    const rows = await store.claim(1_000, 10, may);
    expect(rows.map(({ body, address }) => [body, address])).toEqual([
      ['x1', 'x'],
      ['own', undefined],
    ]);
    expect(asked).toEqual(['x', 'y', 'chat:a']);
    expect(await claimed()).toBe('y1');
    expect(store.behind(rows[0]?.id ?? 0)).toEqual({ rows: 1, newer: true });
  });

  it('shows what is late, and takes a parked row back or gives it up', async () => {
    const { store } = subject;
    await say(message('a', '1'), message('b', '2'), message('c', '3'));
    expect(store.late(1_000, 10)).toEqual([]);
    expect(store.late(1_001, 10).map(({ body }) => body)).toEqual(['1', '2', '3']);
    const [one, two] = await store.claim(1_000, 2);
    await store.mark(one?.id ?? 0, 'failed', { reason: 'gone' });
    await store.mark(two?.id ?? 0, 'expired', { reason: 'too late' });
    expect(await store.retry(one?.id ?? 0, 2_000)).toBe(true);
    expect(await store.retry(one?.id ?? 0, 2_000)).toBe(false);
    expect(await store.discard(two?.id ?? 0)).toBe(true);
    expect(await store.discard(two?.id ?? 0)).toBe(false);
    expect(store.parked(10)).toEqual([]);
    expect((await store.claim(2_000, 10)).map(({ body }) => body)).toEqual(['1', '3']);
  });

  it('calls late what is tried again and again: each try puts off the next, and not when it should have been said', async () => {
    const { store } = subject;
    await say(message('a', 'a1'), message('b', 'b1', { lane: 'page' }), message('c', 'c1'));
    const [first, second, third] = await store.claim(1_000, 3);
    for (const row of [first, second]) await store.mark(row?.id ?? 0, 'new', { dueAt: 900_000, reason: 'away' });
    await store.mark(third?.id ?? 0, 'uncertain', { dueAt: 900_000, reason: 'no answer' });
    expect(store.late(1_001, 10)).toHaveLength(3);
    expect(store.late(1_001, 2)).toHaveLength(2);
    expect(store.waiting()).toEqual([
      { lane: 'answer', count: 2, oldest: 1_000 },
      { lane: 'page', count: 1, oldest: 1_000 },
    ]);
    await store.mark(first?.id ?? 0, 'sent');
    expect(store.waiting()).toEqual([{ lane: 'answer', count: 2, oldest: 1_000 }]);
  });

  it('finds the same message at its other addresses', async () => {
    const { store } = subject;
    const page = { key: 'ALERT-1', kind: 'page' };
    await say(
      message('a', '1', { ...page, address: 'x' }),
      message('a', '1', { ...page, address: 'y' }),
      message('a', '2', page),
    );
    const [first] = await store.claim(1_000, 1);
    if (first === undefined) throw new Error('nothing to claim');
    expect(store.copies(first).map(({ address }) => address)).toEqual(['x', 'y', undefined]);
  });
}

/** What was said, and what could not be. */
export function said(subject: Subject): void {
  const say = sayer(subject);

  it('shows what needs a person, and what was said', async () => {
    const { store } = subject;
    await say(message('a', '1'), message('a', '2'), message('a', '3'), message('b', '4'), message('e', '5'));
    const [one] = await store.claim(1_000, 1);
    await store.mark(one?.id ?? 0, 'failed', { reason: 'no such chat' });
    const [two] = await store.claim(1_000, 1);
    await Promise.all([store.mark(two?.id ?? 0, 'sent')]);
    expect(store.parked(10)).toMatchObject([{ body: '1', state: 'failed', reason: 'no such chat' }]);
    const shown = (limit: number) => store.messages([{ chat: 'a' }, { chat: 'b' }], limit).map(({ body }) => body);
    expect(shown(10)).toEqual(['2', '3', '4']);
    expect(shown(2)).toEqual(['3', '4']);
    expect(store.messages([{ person: 'a' }], 10)).toEqual([]);
  });

  it('finds the message to edit', async () => {
    const { store } = subject;
    const card = { key: 'card/a', lane: 'card' } as const;
    await say(message('a', '1', card), message('b', '1', card));
    for (const row of await store.claim(1_000, 10)) await store.mark(row.id, 'sent', { platformId: `m${row.id}` });
    expect(store.sentAs({ chat: 'b' }, 'card/a')).toBe('m2');
    expect(store.sentAs({ chat: 'b' }, 'card/b')).toBeUndefined();
  });
}

function sayer(subject: Subject) {
  return (...drafts: OutboxDraft[]) => subject.store.write([{ decide: quiet({ outbox: drafts }) }]);
}

function claimer(subject: Subject) {
  return async (now = 1_000, limit = 10) => (await subject.store.claim(now, limit)).map(({ body }) => body).join(' ');
}
