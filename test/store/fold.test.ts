import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { Evolve } from '../../src/store/fold.ts';
import { verifyStore } from '../../src/store/verify.ts';
import { evolve, folder, note, opened, someHistory } from './given.ts';

/** A later fold: counts the notes too. */
const counting: Evolve = (type, state, event) => {
  const { state: item, open } = evolve(type, state, event);
  return { state: { ...Object(item), counted: event.version }, open };
};

it('folds every state again when the fold has changed, before the first turn', async () => {
  const path = join(folder(), 'baton.db');
  await someHistory(path);
  const store = opened(path, { fold: 2 });
  expect(store.needsRefold()).toBe(true);
  await expect(store.write([{ decide: note('item/a', 'x') }])).rejects.toThrow('refold');
  expect(store.state('item/a')?.state).toEqual({ notes: ['one', 'three', 'four'] });
  expect(store.refold(counting)).toBe(3);
  expect(store.state('item/a')?.state).toEqual({ notes: ['one', 'three', 'four'], counted: 3 });
  expect(store.open('item').map(({ stream }) => stream)).toEqual(['item/a', 'item/c']);
  await store.close();
  expect(verifyStore(path, { fold: 2, evolve: counting })).toMatchObject({ ok: true });
  const later = opened(path, { fold: 2 });
  expect(later.needsRefold()).toBe(false);
  await later.close();
});
