import { join } from 'node:path';
import { expect, it } from 'vitest';
import { verifyStore } from '../../src/store/verify.ts';
import { evolve, FOLD, folder, note, opened, someHistory, tamper } from './given.ts';

const UNLOCK = ['drop trigger events_append_only', 'drop trigger events_kept'];
const verify = (path: string, fold = FOLD) => verifyStore(path, { fold, evolve });

it('finds nothing wrong with a history, also while the bot has it open', async () => {
  const path = join(folder(), 'baton.db');
  await someHistory(path);
  const store = opened(path);
  await store.write([{ decide: note('item/a', 'five') }]);
  expect(verify(path)).toEqual({ ok: true, events: 7, states: 3, problems: [] });
  await store.close();
});

it.each([
  [
    'data that was edited',
    ['update events set data = \'{"note":"two!"}\' where seq = 2'],
    'event 2 of item/b: its data was changed',
  ],
  [
    'data that was edited with its digest',
    [
      "update events set data = '{}', digest = '44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a' where seq = 2",
    ],
    'event 2 of item/b: the chain is broken',
  ],
  [
    'an actor that was edited',
    ["update events set actor = 'eve' where seq = 4"],
    'event 4 of item/a: the chain is broken',
  ],
  [
    'an instant that was edited',
    ['update events set at = at - 1 where seq = 4'],
    'event 4 of item/a: the chain is broken',
  ],
  [
    'a tail that was cut off',
    ['delete from events where seq >= 5'],
    'state of item/b: it is at version 2, its events end at 1',
  ],
  ['an event that was taken out', ['delete from events where seq = 2'], 'event 3 follows event 1: 1 are missing'],
  [
    'events that were swapped',
    [
      'update events set seq = 99 where seq = 1',
      'update events set seq = 1 where seq = 2',
      'update events set seq = 2 where seq = 99',
    ],
    'event 1 of item/b: the chain is broken',
  ],
  [
    'a state that was edited',
    ["update states set state = '{\"notes\":[]}' where stream = 'item/a'"],
    'state of item/a: it is not what its events fold to',
  ],
  [
    'a state that was opened',
    ["update states set open = 1 where stream = 'item/b'"],
    'state of item/b: it is open, its events say otherwise',
  ],
  ['a state that was taken out', ["delete from states where stream = 'item/b'"], 'state of item/b: it is missing'],
  [
    'a state without events',
    ["insert into states (stream, type, version, open, fold, state) values ('item/x', 'item', 1, 1, 1, '{}')"],
    'state of item/x: it is at version 1, its events end at 0',
  ],
  [
    'a state that was edited where what its events said was taken out',
    [
      "update events set data = null where stream = 'item/c'",
      'update states set state = \'{"notes":["mine"]}\' where stream = \'item/c\'',
    ],
    'event 6 of item/c: its data were taken out',
  ],
  [
    'a process whose text was changed',
    ["insert into processes (hash, kind, text) values ('d9298a10d1b0', 'web', 'another')"],
    'process d9298a10d1b0 of web: its text was changed',
  ],
  ['a guard that is gone', [], 'the trigger events_append_only is missing'],
  [
    'a guard that is none any more',
    ['create trigger events_kept before delete on events begin select 1; end'],
    'the trigger events_kept was changed',
  ],
  [
    'a trigger that was planted',
    ['create trigger evil after insert on events begin update states set open = 1 where id = 1; end'],
    'the trigger evil is none of ours',
  ],
  ['a table that was planted', ['create table evil (id integer)'], 'the table evil is none of ours'],
  [
    'a state of another fold',
    ["update states set fold = 0 where stream = 'item/c'"],
    'state of item/c: it was folded by version 0, not 1: fold it again',
  ],
])('finds %s', async (_case, statements, problem) => {
  const path = join(folder(), 'baton.db');
  await someHistory(path);
  tamper(path, ...UNLOCK, ...statements);
  const { ok, problems } = verify(path);
  expect(ok).toBe(false);
  expect(problems).toContain(problem);
});

it('compares the head that was posted outside: what was cut off, and what was made anew', async () => {
  const path = join(folder(), 'baton.db');
  await someHistory(path);
  const store = opened(path);
  const head = store.head();
  expect(head).toMatchObject({ seq: 6, hash: expect.stringMatching(/^[0-9a-f]{64}$/) });
  const older = { seq: 3, hash: store.head().hash };
  await store.write([{ decide: note('item/a', 'five') }]);
  await store.close();
  const against = (posted: typeof head) => verifyStore(path, { fold: FOLD, evolve, head: posted });
  expect(against(head)).toMatchObject({ ok: true });
  expect(against({ ...head, hash: head.hash.toUpperCase() })).toMatchObject({ ok: true });
  expect(against(older).problems).toEqual([expect.stringContaining('event 3 is not the one that was posted')]);
  // A tail that was cut off together with its states: the chain alone has nothing against it.
  tamper(
    path,
    ...UNLOCK,
    'delete from events where seq > 5',
    "delete from states where stream = 'item/c'",
    "delete from states where stream = 'item/a'",
  );
  expect(against(head).problems).toContain('event 6 was posted and is not here: the end of the history was cut off');
});

it('proves the chain in parts', async () => {
  const path = join(folder(), 'baton.db');
  await someHistory(path);
  const store = opened(path);
  expect(store.checkChain(0, 4)).toEqual({ last: 4, problem: undefined });
  expect(store.checkChain(4, 4)).toEqual({ last: 6, problem: undefined });
  expect(store.checkChain(6, 4)).toEqual({ last: 6, problem: undefined });
  expect(store.checkChain(9, 4)).toEqual({ last: 9, problem: 'event 9 is gone' });
  await store.close();
  tamper(path, ...UNLOCK, "update events set actor = 'eve' where seq = 5", 'delete from events where seq = 3');
  const changed = opened(path);
  expect(changed.checkChain(0, 9)).toEqual({ last: 2, problem: 'event 4 follows event 2' });
  expect(changed.checkChain(4, 9)).toEqual({ last: 4, problem: 'event 5 of item/b: the chain is broken' });
  await changed.close();
});

it('proves the states in parts, and what all else stands on at once', async () => {
  const path = join(folder(), 'baton.db');
  await someHistory(path);
  const store = opened(path);
  await store.keepProcess('3fc4ccfe7458', 'web', 'a text');
  expect(store.checkLiving(evolve)).toBe('process 3fc4ccfe7458 of web: its text was changed');
  expect(store.checkStates(evolve, 0, 2)).toEqual({ last: 2, problem: undefined });
  expect(store.checkStates(evolve, 2, 2)).toEqual({ last: undefined, problem: undefined });
  await store.close();
  tamper(path, 'delete from processes', "update states set state = '{\"notes\":[]}' where stream = 'item/b'");
  const changed = opened(path);
  // It is closed: nothing is decided on it, and the next steps come to it.
  expect(changed.checkLiving(evolve)).toBeUndefined();
  const problem = 'state of item/b: it is not what its events fold to';
  expect(changed.checkStates(evolve, 0, 9)).toEqual({ last: 2, problem });
  await changed.close();
  tamper(path, "update states set state = '{\"notes\":[]}' where stream = 'item/a'");
  const worse = opened(path);
  expect(worse.checkLiving(evolve)).toBe('state of item/a: it is not what its events fold to');
  await worse.close();
});

it('says why it could not look', () => {
  const path = join(folder(), 'none.db');
  expect(verify(path)).toMatchObject({ ok: false, events: 0, problems: [expect.stringContaining('cannot be opened')] });
});
