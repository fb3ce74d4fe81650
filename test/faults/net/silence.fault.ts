import { expect, onTestFinished, test, vi } from 'vitest';
import { tally } from '../../support/tally.ts';
import { createRig } from '../rig.ts';
import { bringAtLast, DOORS, type Door, type DoorName, openDoor } from './doors.ts';
import { createFaultProxy, type FaultProxy } from './fault-proxy.ts';

/** Connections on which nothing, or next to nothing, comes any more: each wait ends by itself, at the bot's own time-outs. */

const NAMES = Object.keys(DOORS) as DoorName[];
const DONE = /^(?:sent|done)$/;
const DOUBT = /^(?:away|uncertain)$/;

async function open(name: DoorName): Promise<{ readonly door: Door; readonly proxy: FaultProxy }> {
  let proxy: FaultProxy | undefined;
  const door = await openDoor(name, async (url) => {
    proxy = await createFaultProxy(url);
    onTestFinished(() => proxy?.close());
    return proxy.through(url);
  });
  if (proxy === undefined) throw new Error('nothing stands between them');
  return { door, proxy };
}

const WEATHERS = [
  { weather: 'hole', words: 'nothing passes on any connection', row: 'connections: half-open' },
  { weather: 'drip', words: 'answers come by one byte a second', row: 'connections: one byte a second' },
] as const;

test.each(WEATHERS)(
  '$words: each call is given up, and what it was about is there in the end',
  { timeout: 150_000 },
  async ({ weather, row }) => {
    const all = await Promise.all(NAMES.map(open));
    await Promise.all(
      all.map(async ({ door, proxy }) => {
        await proxy.weather(weather);
        const given = await door.bring('thing', false);
        expect(given.is, door.name).toMatch(DOUBT);
        await proxy.weather('fair');
        // Where nothing can have been written it is known that nothing was.
        expect((await bringAtLast(door, 'thing', given.is === 'uncertain')).is, door.name).toMatch(DONE);
        expect(door.count('thing'), door.name).toBeGreaterThanOrEqual(1);
        expect(door.count('thing'), door.name).toBeLessThanOrEqual(weather === 'hole' ? 1 : door.most);
      }),
    );
    tally('fault', row, all.length);
  },
);

test('telegram cuts an answer short: the wait ends, and the message is sent once more', async () => {
  const { door, proxy } = await open('telegram');
  proxy.cut('short', door.writes);
  expect((await door.bring('thing', false)).is).toBe('uncertain');
  expect((await door.bring('thing', true)).is).toBe('sent');
  expect(door.count('thing')).toBe(2);
  tally('fault', 'connections: an answer cut short', 1);
});

test('a long poll and a socket on which nothing comes any more are left, and what was said meanwhile is answered', {
  timeout: 240_000,
}, async () => {
  const proxies = new Map<string, FaultProxy>();
  const rig = await createRig({
    detour: async (platform, url) => {
      const proxy = await createFaultProxy(url);
      onTestFinished(() => proxy.close());
      proxies.set(platform, proxy);
      return proxy.through(url);
    },
  });
  const states = () =>
    rig
      .bot()
      .chats.states()
      .map(({ is }) => is);
  for (const proxy of proxies.values()) await proxy.weather('hole');
  // Slack tells nobody again whom it could not reach; Telegram keeps it.
  rig.voices.telegram.say('bea', '/propose product Fromtelegram');
  // Both are found out to be gone, by nothing but time.
  await vi.waitFor(() => expect(states()).toEqual(['away', 'away']), { timeout: 120_000, interval: 100 });
  for (const proxy of proxies.values()) await proxy.weather('fair');
  await vi.waitFor(() => expect(states()).toEqual(['connected', 'connected']), { timeout: 90_000, interval: 100 });
  rig.voices.slack.say('bea', '/propose product Fromslack');
  for (const voice of Object.values(rig.voices)) {
    const answers = () => voice.seenBy('bea').filter((text) => text.includes(`“From${voice.platform}” is proposed`));
    const look = async () => {
      // What was tried in vain is due again after a while.
      await rig.advance(1_000);
      expect(answers().length).toBeGreaterThan(0);
    };
    await vi.waitFor(look, { timeout: 60_000, interval: 50 });
    expect(answers()).toHaveLength(1);
  }
  await rig.outlast();
  expect(rig.bot().engine.store.parked(10)).toEqual([]);
  tally('fault', 'connections: a long poll and a socket that are half-open', 2);
});
