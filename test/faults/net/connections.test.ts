import { expect, onTestFinished, test } from 'vitest';
import { tally } from '../../support/tally.ts';
import { bringAtLast, DOORS, type DoorName, openDoor } from './doors.ts';
import { type Cut, createFaultProxy, type FaultProxy } from './fault-proxy.ts';

/** Connections that break, between each adapter and its platform: said as sure as it is known, and brought in the end. */

const NAMES = Object.keys(DOORS) as DoorName[];
const DONE = /^(?:sent|done)$/;

async function open(name: DoorName) {
  let proxy: FaultProxy | undefined;
  const door = await openDoor(name, async (url) => {
    proxy = await createFaultProxy(url);
    onTestFinished(() => proxy?.close());
    return proxy.through(url);
  });
  if (proxy === undefined) throw new Error('nothing stands between them');
  return { door, proxy };
}

test.each(NAMES)('%s refuses connections: nothing left, and it goes once it listens again', async (name) => {
  const { door, proxy } = await open(name);
  expect((await door.bring('first', false)).is).toMatch(DONE);
  await proxy.weather('refused');
  // By connections of earlier it may be found out only now that they are gone: then nobody can know what arrived.
  const first = await door.bring('second', false);
  expect(first.is).toMatch(/^(?:away|uncertain)$/);
  const said: string[] = [];
  for (let tries = 0; tries < 3; tries += 1) said.push((await door.bring('third', false)).is);
  expect(said.at(-1)).toBe('away');
  const isBrought = name !== 'gitea';
  expect(door.count('second') + door.count('third')).toBe(isBrought ? 0 : 2);
  await proxy.weather('fair');
  for (const thing of ['second', 'third']) {
    expect((await bringAtLast(door, thing, first.is === 'uncertain')).is).toMatch(DONE);
    expect(door.count(thing)).toBe(1);
  }
  tally('fault', 'connections: refused', 1);
});

const CUTS: readonly { readonly how: Cut; readonly words: string; readonly row: string }[] = [
  { how: 'before', words: 'before the request arrives', row: 'connections: reset before the request' },
  { how: 'after', words: 'instead of the answer', row: 'connections: reset after the request' },
  { how: 'middle', words: 'in the middle of the answer', row: 'connections: cut in the middle of an answer' },
  { how: 'short', words: 'at the end of an answer that is too short', row: 'connections: an answer cut short' },
];

/** A mail server cuts off at each of its steps in `adapters/email-outcome.test.ts`: here nobody could see which, for TLS. Telegram’s client waits out its fifteen seconds where an answer is too short: that is in `silence.fault.ts`. */
const isSlow = (name: DoorName, how: Cut): boolean => name === 'telegram' && how === 'short';

test.each(
  NAMES.filter((name) => name !== 'smtp').flatMap((name) =>
    CUTS.filter(({ how }) => !isSlow(name, how)).map((cut) => ({ name, ...cut })),
  ),
)('$name is cut off $words: in doubt, looked for, and there in the end', async ({ name, how, row }) => {
  const { door, proxy } = await open(name);
  expect((await door.bring('first', false)).is).toMatch(DONE);
  proxy.cut(how, door.writes);
  const broken = await door.bring('second', false);
  expect(proxy.cutsLeft()).toBe(0);
  if (!DONE.test(broken.is)) {
    expect(broken.is).toBe(name === 'gitea' ? 'away' : 'uncertain');
    expect((await bringAtLast(door, 'second', true)).is).toMatch(DONE);
  }
  const lost = how === 'before' ? 1 : door.most;
  expect(door.count('second')).toBeGreaterThanOrEqual(1);
  expect(door.count('second')).toBeLessThanOrEqual(lost);
  // The same connections serve on.
  expect((await door.bring('third', false)).is).toMatch(DONE);
  expect(door.count('third')).toBe(1);
  tally('fault', row, 1);
});
