import type { Store } from '../../../src/store/port.ts';
import { from, message, note, notesOf } from '../../store/given.ts';

/** The shapes of commit that the bot makes, each so that what was acknowledged can be looked for afterwards. */

export interface Shape {
  /** Does it once more; what resolves was promised to somebody. */
  run(store: Store, n: number): Promise<void>;
  /** What of the first `acknowledged` is not there any more; empty: nothing was lost, and nothing is there by half. */
  missing(store: Store, acknowledged: number): readonly string[];
}

/** Some pages of the file, so that a commit is more than one write, and the journal is taken in now and then. */
const BULK = 'x'.repeat(9_000);

const numbers = (count: number): readonly number[] => Array.from({ length: count }, (_, n) => n);

export const SHAPES: Readonly<Record<string, Shape>> = {
  /** What came in and is decided later, with the offset up to which a platform may forget it. */
  'what came in': {
    run: async (store, n) => {
      const receive = [{ id: `r${n}`, source: 'telegram', body: { n, bulk: BULK } }];
      await store.write([{ receive, bookmark: { name: 'telegram', value: String(n) } }]);
    },
    missing: (store, acknowledged) => {
      const there = new Set(store.received('telegram', 1_000).map(({ id }) => id));
      const bookmark = Number(store.meta('telegram') ?? -1);
      const until = Math.max(acknowledged, bookmark + 1);
      const behind = bookmark + 1 < acknowledged ? [`the bookmark is ${bookmark} of ${acknowledged}`] : [];
      return [...behind, ...numbers(until).flatMap((n) => (there.has(`r${n}`) ? [] : [`r${n}`]))];
    },
  },
  /** A decision: events, states, messages, timers and the answer under its inbox id. */
  'a decision': {
    run: async (store, n) => {
      const timers = [{ key: `t${n}`, due: 1_000_000 + n, body: null }];
      const more = { outbox: [message('chat', `m${n}`)], timers };
      await store.write([
        from(`d${n}`, (read, now) => ({
          ...note('item/a', `${n}`)(read, now),
          ...more,
          mirrors: [{ key: 'bulk', at: n, data: BULK }],
        })),
      ]);
    },
    missing: (store, acknowledged) => {
      const { events, outbox, timers } = store.figures();
      const notes = notesOf(store.state('item/a'));
      const whole =
        events === outbox && events === timers && events === notes.length
          ? []
          : [`${events} events, ${outbox} messages, ${timers} timers, ${notes.length} notes`];
      return [...whole, ...numbers(acknowledged).flatMap((n) => (notes.includes(`${n}`) ? [] : [`d${n}`]))];
    },
  },
  /** A message goes out: `sending` is written before it is said, its id on the platform after. */
  'a message that goes out': {
    run: async (store, n) => {
      await store.write([from(`o${n}`, (read, now) => ({ ...note('item/a', `${n}`)(read, now), outbox: [message(`chat${n}`, BULK)] }))]); // biome-ignore format: one value
      const [row] = await store.claim(2_000 + n, 1);
      if (row !== undefined) await store.mark(row.id, 'sent', { platformId: `id${n}` });
    },
    missing: (store, acknowledged) => {
      const rows = store.messages(numbers(acknowledged + 1).map((n) => ({ chat: `chat${n}` })), 1_000); // biome-ignore format: one value
      const sent = new Set(rows.filter(({ state }) => state === 'sent').map(({ to }) => JSON.stringify(to)));
      return numbers(acknowledged).flatMap((n) =>
        sent.has(JSON.stringify({ chat: `chat${n}` })) ? [] : [`the message to chat${n} is not marked as sent`],
      );
    },
  },
};
