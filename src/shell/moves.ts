import type { Address } from '../ports.ts';
import type { Store } from '../store/port.ts';
import { type Moves, showAddress } from './address.ts';

const MOVED = 'chats.moved';

/** Chats that have another id now, by the id that the file and older rows say. It outlives a restart. */
export function createMoves(store: Store): Moves {
  const moved = new Map(Object.entries(JSON.parse(store.meta(MOVED) ?? '{}') as Record<string, string>));
  const without = ({ platform, chat }: Address): string => showAddress({ platform, chat });
  const chatIn = (text: string): string => text.slice(text.indexOf(':') + 1);
  return {
    now: (address) => {
      const to = moved.get(without(address));
      return to === undefined ? address : { ...address, chat: chatIn(to) };
    },
    before: (address) => {
      const from = [...moved].find(([, to]) => to === without(address))?.[0];
      return from === undefined ? address : { ...address, chat: chatIn(from) };
    },
    async record(from, to) {
      if (without(from) === without(to)) return;
      // Who moved before has moved on: every id that it ever had means the present one.
      for (const [older, at] of moved) if (at === without(from)) moved.set(older, without(to));
      moved.set(without(from), without(to));
      await store.setMeta(MOVED, JSON.stringify(Object.fromEntries(moved)));
    },
  };
}
