import { expect, onTestFinished, test, vi } from 'vitest';
import { tally } from '../../support/tally.ts';
import { createRig } from '../rig.ts';
import { type Cut, createFaultProxy, type FaultProxy } from './fault-proxy.ts';

/** The whole bot with a bad network before one chat: the outbox knows what it can not know, and the other chat goes on. */

const WRITES = { telegram: /^POST \S*\/sendMessage/, slack: /^POST \S*\/chat\.postMessage/ } as const;
const OTHER = { telegram: 'slack', slack: 'telegram' } as const;
const PLATFORMS = ['telegram', 'slack'] as const;
const HOWS: readonly (Cut | 'refused')[] = ['refused', 'before', 'after', 'middle'];

test.each(PLATFORMS)(
  '%s behind a bad network: each answer arrives, and the other chat goes on meanwhile',
  async (bad) => {
    const proxies = new Map<string, FaultProxy>();
    const rig = await createRig({
      detour: async (platform, url) => {
        const proxy = await createFaultProxy(url);
        onTestFinished(() => proxy.close());
        proxies.set(platform, proxy);
        return proxy.through(url);
      },
    });
    const proxy = proxies.get(bad);
    if (proxy === undefined) throw new Error('nothing stands between them');
    const [there, here] = [rig.voices[bad], rig.voices[OTHER[bad]]];
    for (const how of HOWS) {
      const title = `Thing-${how}`;
      const said = () => there.seenBy('bea').filter((text) => text.includes(`“${title}” is proposed`)).length;
      if (how === 'refused') {
        // What is to be answered has come; then nobody listens.
        const held = vi.waitFor(() => expect(rig.rows('new', 'uncertain').length).toBeGreaterThan(0), {
          timeout: 15_000,
          interval: 1,
        });
        await proxy.weather('refused');
        here.say('dave', '/alert critical Nobody listens');
        await held;
      } else {
        // As often as a card and its answer are tried.
        proxy.cut(how, WRITES[bad], 3);
        there.say('bea', `/propose product ${title}`);
        await vi.waitFor(() => expect(rig.rows('uncertain').length).toBeGreaterThan(0), {
          timeout: 15_000,
          interval: 1,
        });
      }
      here.say('sue', '/oncall');
      const before = here.seenBy('sue').length;
      await here.waitFor(() => here.seenBy('sue').length > before);
      if (how === 'refused') {
        await proxy.weather('fair');
        // A chat tells nobody again what it could not hand over: people speak when it is connected.
        const isBack = () =>
          rig
            .bot()
            .chats.states()
            .every(({ is }) => is === 'connected');
        await vi.waitFor(() => expect(isBack()).toBe(true), { timeout: 30_000, interval: 20 });
        there.say('bea', `/propose product ${title}`);
      }
      await there.waitFor(
        () =>
          rig
            .bot()
            .engine.world()
            .open('item')
            .some(({ title: each }) => each === title),
        20_000,
      );
      await rig.outlast();
      expect(said(), how).toBeGreaterThanOrEqual(1);
      // Slack can be asked; what Telegram did not hear of is not there; each lost answer may be one more.
      expect(said(), how).toBeLessThanOrEqual(bad === 'slack' || how === 'before' || how === 'refused' ? 1 : 4);
      expect(rig.bot().engine.store.parked(10)).toEqual([]);
    }
    tally('fault', 'a bad network before one chat', HOWS.length);
  },
);
