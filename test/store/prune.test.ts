import { expect, it } from 'vitest';
import { from, message, never, opened, quiet, resultsOf } from './given.ts';

const DAY = 24 * 3_600_000;

it('empties old bodies, keeps what still has to be said, and still knows every id', async () => {
  let now = DAY;
  const store = opened(':memory:', { now: () => now });
  const say = (id: string, chat: string) => from(id, quiet({ outbox: [message(chat, id)], outcome: id }));
  await store.write([
    say('sent', 'a'),
    say('failed', 'b'),
    ...Array.from({ length: 1_200 }, (_, n) => say(`${n}`, `c${n}`)),
  ]);
  for (const row of await store.claim(now, 5_000)) void store.mark(row.id, row.body === 'failed' ? 'failed' : 'sent');
  now += 10 * DAY;
  await store.write([say('waiting', 'd'), say('younger', 'e')]);

  expect(await store.prune(now + 19 * DAY)).toEqual({ outbox: 0, inbox: 0 });
  expect(await store.prune(now + 21 * DAY)).toEqual({ outbox: 1_201, inbox: 1_202 });
  expect(await store.prune(now + 21 * DAY)).toEqual({ outbox: 0, inbox: 0 });
  expect(store.inbox(10).map(({ id }) => id)).toEqual(['waiting', 'younger']);
  expect(store.messages([{ chat: 'a' }, { chat: 'd' }], 10).map(({ body }) => body)).toEqual(['waiting']);
  expect(resultsOf(await store.write([from('sent', never)]))).toBe('known');

  const [parked] = store.parked(10);
  expect(parked).toMatchObject({ body: 'failed', state: 'failed' });
  await store.mark(parked?.id ?? 0, 'sent');
  expect(await store.prune(now + 21 * DAY)).toEqual({ outbox: 1, inbox: 0 });
  expect(await store.prune(now + 31 * DAY)).toEqual({ outbox: 0, inbox: 3 - 1 });
  await store.close();
});
