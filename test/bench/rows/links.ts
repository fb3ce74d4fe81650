import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { ForgeAdapter, ForgeIntake, ForgeNews } from '../../../src/forge-ports.ts';
import { type Bench, compare, inFolder, median, type Row, showBoth, showRatio } from '../harness.ts';
import { CIRCLE, fillLinked, type Linked, openLinked, refOf } from '../linked.ts';

/** F1: what one webhook takes, from the moment at which its body is handed in, however many issues are linked. */

const EVENTS = 100;
const FEW = 100;
const SIZES = [10_000, 100_000] as const;

/** A forge that only reads what it is handed: nothing but our own work is measured. */
function createDumb() {
  let intake: ForgeIntake | undefined;
  const adapter: ForgeAdapter = {
    platform: 'github',
    start: (given) => {
      intake = given;
    },
    stop: async () => undefined,
    state: () => ({ is: 'connected', line: '' }),
    read: (body) => body as readonly ForgeNews[],
    perform: async () => ({ is: 'done' }),
    changes: async () => ({ news: [], cursor: '0', more: false }),
    look: async () => undefined,
    webhook: { path: '/webhooks/github', handle: async () => ({ status: 202 }) },
    check: async () => [],
  };
  return {
    adapter,
    receive: async (id: string, news: ForgeNews): Promise<void> => {
      if ((await intake?.receive(id, [news])) !== 'stored') throw new Error('it was not stored');
    },
  };
}

interface Side {
  readonly linked: Linked;
  readonly count: number;
  /**
   * Resolves to the milliseconds until what a webhook tells is known here, the median of many; or to those of the processor
   * for each.
   */
  events(newsOf: (n: number) => ForgeNews, of?: 'processor'): Promise<number>;
}

async function sideOf(path: string, count: number): Promise<Side> {
  await fillLinked(path, count);
  const dumb = createDumb();
  const linked = await openLinked(path, () => dumb.adapter);
  linked.forges.start();
  await linked.forges.reconcile();
  let told = 0;
  return {
    linked,
    count,
    events: async (newsOf, of) => {
      const times: number[] = [];
      const before = process.cpuUsage();
      for (let n = 0; n < EVENTS; n += 1) {
        told += 1;
        linked.clock.at += 1_000;
        const news = newsOf(told);
        const started = performance.now();
        const known = changed(linked);
        await dumb.receive(`bench:${told}`, news);
        await known;
        times.push(performance.now() - started);
      }
      const { user, system } = process.cpuUsage(before);
      return of === 'processor' ? (user + system) / 1000 / EVENTS : median(times);
    },
  };
}

/** Resolves when the next change is on disk. */
const listeners = new WeakMap<Linked, (() => void)[]>();
function changed(linked: Linked): Promise<void> {
  const known = listeners.get(linked);
  const waiting = known ?? [];
  if (known === undefined) {
    listeners.set(linked, waiting);
    linked.engine.onChanges(() => {
      for (const resolve of waiting.splice(0)) resolve();
    });
  }
  return new Promise((resolve) => waiting.push(resolve));
}

/** An issue that is linked is closed, or opened again: spread over all that there are. */
const turned =
  ({ count, linked }: Side) =>
  (n: number): ForgeNews => {
    const ref = refOf('issue', 1 + ((n * 7_919) % count));
    const open = linked.engine.world().get('ref', ref)?.open !== true;
    return {
      news: 'tracker',
      of: { ref, kind: 'issue', platform: 'github', open, title: `Told ${n}`, by: 'somebody' },
    };
  };
const written = (n: number): ForgeNews => ({
  news: 'tracker',
  of: { ref: `${CIRCLE}/us:${500_000 + n}`, kind: 'story', platform: 'circles', open: true, title: `New ${n}` },
});

/** What is held once all that can be let go is let go. */
function heldNow(): number {
  setFlagsFromString('--expose-gc');
  runInNewContext('gc')();
  const { heapUsed, external } = process.memoryUsage();
  return (heapUsed + external) / 1024 / 1024;
}

export const links: Bench = {
  name: 'F1',
  run: () =>
    inFolder(async (folder) => {
      const before = heldNow();
      const few = await sideOf(join(folder, 'few.db'), FEW);
      await few.events(turned(few));
      const held = [{ count: FEW, size: heldNow() - before }];
      const rows: Row[] = [];
      for (const size of SIZES) {
        const start = heldNow();
        const many = await sideOf(join(folder, `${size}.db`), size);
        const known = await compare(
          () => many.events(turned(many)),
          () => few.events(turned(few)),
        );
        const fresh = await compare(
          () => many.events(written, 'processor'),
          () => few.events(written, 'processor'),
        );
        held.push({ count: size, size: heldNow() - start });
        const name = size.toLocaleString('en');
        rows.push(
          {
            id: `F1-${size}`,
            what: `from a webhook’s body to its commit: an issue closed or opened, ${name} linked beside ${FEW}, p50`,
            goal: '≤ 1.5×',
            measured: `${showRatio(known)}: ${showBoth(known, 'ms')}`,
            met: known.median <= 1.5,
          },
          {
            id: `F1-${size}-new`,
            what: 'the same for a story that nobody has seen, whose circle is looked for at every open item',
            goal: 'none',
            measured: `${showRatio(fresh)}: ${showBoth(fresh, 'ms of the processor')}`,
            met: undefined,
          },
        );
        await many.linked.close();
      }
      await few.linked.close();
      const sizes = held.map(({ count, size }) => `${size.toFixed(0)} MB with ${count.toLocaleString('en')}`);
      return [
        ...rows,
        {
          id: 'F1-memory',
          what: 'held in memory by the engine and the forges’ part of the shell, after those events',
          goal: 'none',
          measured: sizes.join(', '),
          met: undefined,
        },
      ];
    }),
};
