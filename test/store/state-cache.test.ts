import { expect, it } from 'vitest';
import { createStateCache, type Kept } from '../../src/store/state-cache.ts';
import { fc } from '../support/chance.ts';

function kept(id: number, open: boolean, version: number): Kept {
  return { id, row: { stream: `item/${id}`, type: 'item', version, open, state: { version } } };
}

const changes = fc.array(fc.record({ id: fc.integer({ min: 1, max: 12 }), open: fc.boolean(), look: fc.boolean() }));

it('lists what a table would list, and never changes a list that it has handed out', () => {
  fc.assert(
    fc.property(changes, fc.nat({ max: 30 }), (all, loadAfter) => {
      const cache = createStateCache(3);
      const table = new Map<number, Kept>();
      const expected = () => [...table.values()].filter(({ row }) => row.open).sort((a, b) => a.id - b.id);
      const lent: { list: unknown; copy: unknown }[] = [];
      all.forEach(({ id, open, look }, step) => {
        if (step === loadAfter) cache.fill('item', expected());
        const next = kept(id, open, step);
        table.set(id, next);
        cache.put(next);
        expect(cache.get(`item/${id}`, 'item')).toBe(next);
        if (!look || step < loadAfter) return;
        const list = cache.open('item');
        expect(list).toEqual(expected().map(({ row }) => row));
        lent.push({ list, copy: structuredClone(list) });
      });
      for (const { list, copy } of lent) expect(list).toEqual(copy);
    }),
  );
});

it('keeps no more than its limit of what is not listed', () => {
  const cache = createStateCache(2);
  for (const id of [1, 2]) cache.put(kept(id, true, 1));
  cache.get('item/1', 'item');
  cache.put(kept(3, true, 1));
  expect([1, 2, 3].filter((id) => cache.get(`item/${id}`, 'item'))).toEqual([1, 3]);
  cache.clear();
  expect(cache.get('item/1', 'item')).toBeUndefined();
});
