import { expect, test } from 'vitest';
import { createEventStreams } from '../../src/web/event-streams.ts';
import { tally } from '../support/tally.ts';
import { organisationOn } from './given-app.ts';

/** Pages that stay open hold a connection each: nobody may hold all of them. */

function given(each: number, all: number) {
  const ended: string[] = [];
  const streams = createEventStreams({ each, all });
  const open = (whose: string, name: string) => streams.open(whose, () => void ended.push(name));
  return { ended, open };
}

test('the oldest of theirs ends, and of nobody else', () => {
  const { ended, open } = given(2, 10);
  for (const name of ['s1', 'o1', 's2', 's3', 's4']) open(name.startsWith('s') ? 'sam' : 'olga', name);
  expect(ended).toEqual(['s1', 's2']);
});

test('of very many people the oldest of all ends', () => {
  const { ended, open } = given(2, 3);
  for (const name of ['a', 'b', 'c', 'd', 'e']) open(name, name);
  expect(ended).toEqual(['a', 'b']);
});

test('what was closed makes room', () => {
  const { ended, open } = given(2, 3);
  for (let n = 0; n < 10; n += 1) {
    const close = open('sam', `s${n}`);
    close();
    close();
  }
  open('sam', 'a');
  open('sam', 'b');
  expect(ended).toEqual([]);
});

test('one person holds so many and no more: the first is at its end, the last goes on, and others have theirs', async () => {
  const { browser, linkOf, app, address } = await organisationOn('https://baton.example');
  const open = async (cookie: string) => {
    const response = await app.request(`${address}/events`, { headers: { host: 'baton.example', cookie } });
    expect(response.status).toBe(200);
    const reader = response.body?.getReader();
    if (reader === undefined) throw new Error('nothing streams');
    expect(new TextDecoder().decode((await reader.read()).value)).toContain('hello');
    return reader;
  };
  const [sam, wim] = [browser(), browser()];
  await sam.signIn(await linkOf('sam'));
  await wim.signIn(await linkOf('wim'));
  const wims = await open(wim.cookie);
  const sams: Awaited<ReturnType<typeof open>>[] = [];
  for (let n = 0; n < 40; n += 1) sams.push(await open(sam.cookie));
  const isOver = (reader: Awaited<ReturnType<typeof open>>) =>
    Promise.race([reader.read().then(({ done }) => done), new Promise<boolean>((resolve) => setImmediate(() => setImmediate(() => resolve(false))))]);
  const over = await Promise.all(sams.map(isOver));
  expect(over.filter(Boolean)).toHaveLength(15);
  expect(over.slice(0, 15)).toEqual(over.slice(0, 15).map(() => true));
  expect(await isOver(wims)).toBe(false);
  for (const reader of [...sams.slice(15), wims]) await reader.cancel();
  tally('bad input', 'pages that are kept open', 40);
}); // biome-ignore format: long lines
