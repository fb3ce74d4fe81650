import { join } from 'node:path';
import { expect, it } from 'vitest';
import { verifyStore } from '../../src/store/verify.ts';
import { readLines, startChild } from './child.ts';
import { evolve, FOLD, folder, from, never, notesOf, opened, resultsOf } from './given.ts';

const KILLS = 25;

/** Runs the child until it has acknowledged so many turns, then kills it; returns every id that it acknowledged. */
async function killAfter(path: string, name: string, turns: number): Promise<string[]> {
  const child = startChild('kill-child.ts', [path, name]);
  const acknowledged: string[] = [];
  let seen = 0;
  await readLines(child, (line) => {
    acknowledged.push(...line.split(' '));
    seen += 1;
    if (seen === turns) child.kill('SIGKILL');
  });
  expect(child.signalCode).toBe('SIGKILL');
  return acknowledged;
}

it(`loses nothing that was acknowledged, over ${KILLS} kills`, async () => {
  const path = join(folder(), 'baton.db');
  const acknowledged: string[] = [];
  for (let kill = 0; kill < KILLS; kill += 1) {
    acknowledged.push(...(await killAfter(path, `k${kill}`, 1 + ((kill * 53) % 211))));
    expect(verifyStore(path, { fold: FOLD, evolve })).toMatchObject({ ok: true, problems: [] });
    const store = opened(path);
    const again = await store.write(acknowledged.map((id) => from(id, never)));
    expect(new Set(resultsOf(again).split(' '))).toEqual(new Set(['known']));
    const { events, outbox } = store.figures();
    expect(events).toBeGreaterThanOrEqual(acknowledged.length);
    expect(outbox).toBe(events);
    const notes = store.open('item').flatMap(notesOf);
    expect(new Set(notes).size).toBe(events);
    await store.close();
  }
});
