import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { createChats } from '../../src/shell/chats.ts';
import { createLog } from '../../src/shell/log.ts';
import { engineOn, folder, says } from './given.ts';

test('what is under way longer than its lease is not sent beside itself', async () => {
  const { engine } = await engineOn(join(folder(), 'baton.db'));
  let now = Date.parse('2026-11-23T10:00:00+01:00');
  const begun: number[] = [];
  const done: number[] = [];
  const { promise: slowly, resolve: end } = Promise.withResolvers<void>();
  const carrier = {
    owns: () => true,
    may: () => true,
    async deliver({ id }: { readonly id: number }) {
      begun.push(id);
      if (id === begun[0]) await slowly;
      await engine.store.mark(id, 'sent');
      done.push(id);
    },
  };
  const chats = await createChats({
    engine, adapters: [], clock: { now: () => now }, log: createLog('silent'), chance: () => 0, carriers: [carrier],
  }); // biome-ignore format: one value
  chats.start();
  await engine.handle(says('olga', '/bug critical One'));
  await vi.waitFor(() => expect(begun.length).toBeGreaterThan(0));
  now += 120_000;
  await engine.handle(says('pam', '/propose web One'));
  await engine.handle(says('pam', '/link WEB-1 https://pad.example.org/one'));
  // Each is told to others than OPS, whose queue waits for the first.
  for (const text of ['/call open', '/approve WEB-1', '/prioritise WEB-1 1']) {
    const before = done.length;
    await engine.handle(says('sam', text));
    await vi.waitFor(() => expect(done.length).toBeGreaterThan(before));
  }
  expect(begun.filter((id) => id === begun[0])).toHaveLength(1);
  end();
  await chats.stop();
  expect(done).toContain(begun[0]);
  await engine.store.close();
});
