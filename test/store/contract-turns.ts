import { expect, it } from 'vitest';
import type { Work } from '../../src/store/port.ts';
import type { Subject } from './contract.ts';
import { from, happened, message, NOTHING, never, note, notesOf, resultsOf } from './given.ts';

/** What a turn does, command by command. */
export function turns(subject: Subject): void {
  it('does a command once, whatever comes again', async () => {
    const { store } = subject;
    const [first] = await store.write([from('tg:1', note('item/a', 'one'))]);
    const again = await store.write([from('tg:1', never), from('tg:1', never)]);
    expect(first).toEqual({ result: 'done', outcome: { version: 1 }, outbox: [] });
    expect(again).toEqual([
      { result: 'known', outcome: { version: 1 } },
      { result: 'known', outcome: { version: 1 } },
    ]);
    expect(store.figures().events).toBe(1);
  });

  it('knows an id from earlier in the same turn', async () => {
    const results = await subject.store.write([from('tg:1', note('item/a', 'one')), from('tg:1', never)]);
    expect(resultsOf(results)).toBe('done known');
  });

  it('shows each command what those before it did', async () => {
    const { store } = subject;
    const votes = Array.from({ length: 300 }, (_, vote) => from(`v${vote}`, note('item/a', `vote ${vote}`)));
    const results = await store.write(votes);
    expect(new Set(results.map(({ result }) => result))).toEqual(new Set(['done']));
    expect(notesOf(store.state('item/a'))).toHaveLength(300);
    expect(store.state('item/a')?.version).toBe(300);
  });

  it('has a clock that never runs backwards', async () => {
    const { store } = subject;
    const seen: number[] = [];
    for (const now of [1_000, 2_000, 1_500, 3_000]) {
      subject.clock = now;
      const decide: Work['decide'] = (read, at) => {
        seen.push(at);
        return note('item/a', 'x')(read, at);
      };
      await store.write([{ decide }]);
    }
    expect(seen).toEqual([1_000, 2_000, 2_000, 3_000]);
  });

  it('keeps hostile text as it is', async () => {
    const { store } = subject;
    const text = `nul \0, quote ', emoji 👩‍🚀, lone \ud800, __proto__ ${JSON.stringify({ __proto__: 1 })}`;
    const data = JSON.parse('{"__proto__": {"admin": true}, "note": "x"}');
    await store.write([
      from(`id ${text}`, (read, at) => happened(read, at, 'item/a', 'noted', { ...data, note: text })),
    ]);
    expect(notesOf(store.state('item/a'))).toEqual([text]);
    expect(store.history('item/a')[0]?.data).toEqual({ ...data, note: text });
    expect(resultsOf(await store.write([from(`id ${text}`, never)]))).toBe('known');
  });
}

/** What a failing command leaves behind: nothing. */
export function faults(subject: Subject): void {
  it('undoes a command that fails, and only that one', async () => {
    const { store } = subject;
    const broken = from('2', (read, now) => ({
      ...happened(read, now, 'item/a', 'noted', { note: 'lost' }),
      outbox: [message('c', 'lost')],
      timers: [{ key: 'lost', due: 1, body: null }],
      mirrors: [{ key: 'lost', at: 1, data: null }],
      cleared: ['kept'],
      // Nothing can be kept of this one: it fails after all that stands above was written.
      outcome: 1n,
    }));
    const results = await store.write([
      from('1', note('item/a', 'one', { timers: [{ key: 'kept', due: 5, body: null }] })),
      broken,
      from('3', note('item/a', 'three')),
    ]);
    expect(resultsOf(results)).toBe('done fault done');
    expect(notesOf(store.state('item/a'))).toEqual(['one', 'three']);
    expect(store.events(0, 10).map(({ seq }) => seq)).toEqual([1, 2]);
    expect(store.figures()).toMatchObject({ timers: 1, outbox: 0 });
    expect(store.mirror('lost')).toBeUndefined();
    expect(resultsOf(await store.write([from('2', note('item/a', 'two'))]))).toBe('done');
  });

  it('undoes a command that the tables refuse, and only that one', async () => {
    const { store } = subject;
    const half = (key: string) => ({ key, due: 1.5, body: null });
    const results = await store.write([
      from('1', note('item/a', 'one', { outbox: [message('c', 'one')] })),
      from('2', note('item/a', 'lost', { timers: [half('lost')], outbox: [message('c', 'lost')] })),
      from('3', note('item/a', 'three', { outbox: [message('c', 'three')] })),
    ]);
    expect(resultsOf(results)).toBe('done fault done');
    expect(notesOf(store.state('item/a'))).toEqual(['one', 'three']);
    expect(store.figures()).toMatchObject({ events: 2, timers: 0, outbox: 2 });
    expect(store.messages([{ chat: 'c' }], 9).map(({ body }) => body)).toEqual(['one', 'three']);
    expect(resultsOf(await store.write([from('2', note('item/a', 'two'))]))).toBe('done');
  });

  it('hands over the error of a decision that throws', async () => {
    const error = new Error('ours');
    const [result] = await subject.store.write([
      from('1', () => {
        throw error;
      }),
    ]);
    expect(result).toEqual({ result: 'fault', error });
  });
}

/** What no commit may say. */
export function versions(subject: Subject): void {
  it.each([
    ['an event skips a version', { event: 2, state: 2, stream: 'item/new' }],
    ['an event repeats a version', { event: 1, state: 1, stream: 'item/a' }],
    ['the state is not at its last event', { event: 2, state: 3, stream: 'item/a' }],
  ])('refuses a commit in which %s', async (_case, { event, state, stream }) => {
    const { store } = subject;
    await store.write([{ decide: note('item/a', 'one') }]);
    const [result] = await store.write([
      {
        decide: (_read, at) => ({
          ...NOTHING,
          events: [{ stream, version: event, type: 'noted', at, actor: 'ole', via: 'test', data: {} }],
          states: [{ stream, type: 'item', version: state, open: true, state: {} }],
        }),
      },
    ]);
    expect(result).toMatchObject({ result: 'fault' });
    expect(store.figures().events).toBe(1);
    expect(notesOf(store.state('item/a'))).toEqual(['one']);
  });

  it('refuses events without their state', async () => {
    const decide = note('item/a', 'one', { states: [] });
    expect(resultsOf(await subject.store.write([{ decide }]))).toBe('fault');
  });
}
