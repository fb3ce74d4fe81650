import { expect, test } from 'vitest';
import { loadProcesses } from '../../src/catalogue.ts';
import { createLibrary } from '../../src/shell/library.ts';
import { opened } from '../store/given.ts';

test('nothing goes by a process text that does not fit its hash, and whoever watches hears of it', async () => {
  const loaded = loadProcesses();
  if ('problems' in loaded) throw new Error(loaded.problems.join());
  const [web, service] = [loaded.processes.get('web'), loaded.processes.get('service')];
  if (web === undefined || service === undefined) throw new Error('two processes are missing');
  const store = opened(':memory:');
  // What items once started with is not among the present ones any more.
  await store.keepProcess(web.hash, 'web', web.text);
  await store.keepProcess('0123456789ab', 'web', service.text);
  const doubts: string[] = [];
  const library = await createLibrary(store, new Map(), (why) => doubts.push(why));
  expect(library(web.hash)?.process.kind).toBe('web');
  expect(doubts).toEqual([]);
  expect(library('0123456789ab')).toBeUndefined();
  expect(doubts).toEqual(['process 0123456789ab of web: its text was changed']);
  await store.close();
});

test('a text that was changed is found at the start also where the present one stands in for it', async () => {
  const loaded = loadProcesses();
  if ('problems' in loaded) throw new Error(loaded.problems.join());
  const [web] = loaded.processes.values();
  if (web === undefined) throw new Error('there is no process');
  const store = opened(':memory:');
  await store.keepProcess(web.hash, web.process.kind, `${web.text} `);
  const doubts: string[] = [];
  await createLibrary(store, loaded.processes, (why) => doubts.push(why));
  expect(doubts).toEqual([`process ${web.hash} of ${web.process.kind}: its text was changed`]);
  await store.close();
});
