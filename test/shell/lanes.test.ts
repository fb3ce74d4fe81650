import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Store } from '../../src/store/port.ts';
import { engineOn, folder, says } from './given.ts';

/** Whose turn it is when much waits: the writer's lanes. */

const CROWD = Array.from({ length: 300 }, (_, n) => `v${n}`);

/** The real store, with each turn that it is given written down: who spoke, or which timer. */
function watched() {
  const turns: string[][] = [];
  const faulty = (store: Store): Store => ({
    ...store,
    write: (turn) => {
      turns.push(
        turn.flatMap((work) => {
          if (!('decide' in work)) return [];
          return [work.timer ?? (work.inbox?.body as { as?: string } | undefined)?.as ?? ''];
        }),
      );
      return store.write(turn);
    },
  });
  return { turns, faulty };
}

test('what OPS says is decided before all that waits', async () => {
  const { turns, faulty } = watched();
  const { engine } = await engineOn(join(folder(), 'baton.db'), { faulty, voters: CROWD });
  turns.length = 0;
  const shouting = CROWD.map((id, n) => engine.handle(says(id, `/feature Number ${n}`), `n${n}`));
  const alert = engine.handle(says('olga', '/alert critical Down'), 'olga');
  expect((await alert).ok).toBe(true);
  expect(turns[0]?.[0]).toBe('olga');
  await Promise.all(shouting);
  expect(turns.length).toBeGreaterThan(3);
  await engine.store.close();
});

test('timers that are due are fired once, however many speak meanwhile, and before what they say', async () => {
  const { turns, faulty } = watched();
  const { engine, time } = await engineOn(join(folder(), 'baton.db'), { faulty, voters: CROWD });
  expect((await engine.handle(says('olga', '/alert critical Down'), 'down')).ok).toBe(true);
  turns.length = 0;
  time.now += 16 * 60_000;
  await Promise.all(CROWD.map((id, n) => engine.handle(says(id, `/feature Number ${n}`), `n${n}`)));
  const order = turns.flat();
  const fired = order.filter((who) => who.startsWith('alert/ALERT-1'));
  expect(fired.length).toBeGreaterThan(0);
  expect(new Set(fired).size).toBe(fired.length);
  expect(order.findIndex((who) => who.startsWith('v'))).toBeGreaterThan(order.lastIndexOf(fired.at(-1) ?? ''));
  await engine.store.close();
});
