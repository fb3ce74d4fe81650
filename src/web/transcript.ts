import { z } from 'zod';
import type { Input } from '../core/decide.ts';
import type { Answer } from '../shell/engine.ts';
import type { OutboxRow, Reading } from '../store/port.ts';

/** One thing that somebody said, with the answer. */
export interface Said {
  readonly sort: 'said';
  readonly n: number;
  readonly id: string;
  readonly at: number;
  readonly input: Input;
  readonly answer: Answer;
}
/** One message of the bot's own accord. */
export interface Sent {
  readonly sort: 'sent';
  readonly n: number;
  readonly at: number;
  readonly row: OutboxRow;
}
export type Entry = Said | Sent;

/** Where a conversation takes place: a chat by its name, or somebody's private conversation with the bot. */
export type Place = { readonly chat: string } | { readonly person: string };

export interface Transcript {
  /** What was said before under this id, if anything. */
  known(id: string): Answer | undefined;
  add(id: string, at: number, input: Input, answer: Answer): void;
  entries(place: Place): readonly Entry[];
  /** How much of a place somebody has not seen; words of their own are never news. */
  unseen(person: string, place: Place): number;
  see(person: string, place: Place): void;
  /** Everything up to now counts as seen. */
  seeAll(): void;
}

const REMEMBERED = 2_000;
const SHOWN = 150;

const Spoken = z.object({
  as: z.string(),
  via: z.string(),
  place: z.string().nullable(),
  text: z.string(),
  pressed: z.boolean(),
});
const Answered = z.object({ ok: z.boolean(), code: z.string(), text: z.string(), nodes: z.array(z.unknown()) });

interface Mark {
  readonly said: number;
  readonly sent: number;
}

/** What was said lives in the store's inbox; questions are not written down, and are remembered here until the end. */
export function createTranscript(store: Reading): Transcript {
  const all: Said[] = [];
  const byId = new Map<string, Said>();
  const marks = new Map<string, Mark>();
  let floor: Mark = { said: 0, sent: 0 };

  function add(id: string, at: number, input: Input, answer: Answer): void {
    if (byId.has(id)) return;
    const said: Said = { sort: 'said', n: (all.at(-1)?.n ?? 0) + 1, id, at, input, answer };
    all.push(said);
    byId.set(id, said);
    if (all.length > 2 * REMEMBERED) for (const old of all.splice(0, REMEMBERED)) byId.delete(old.id);
  }

  for (const row of store.inbox(REMEMBERED)) {
    const input = Spoken.safeParse(row.body);
    const answer = Answered.safeParse(row.outcome);
    // What a tracker told is in the inbox as well, and is no conversation.
    if (input.success && answer.success) add(row.id, row.at, input.data, row.outcome as Answer);
  }

  const saidIn = (place: Place): Said[] =>
    all.filter(({ input }) =>
      'chat' in place ? input.place === place.chat : input.place === null && input.as === place.person,
    );
  const markKey = (person: string, place: Place): string => JSON.stringify([person, place]);
  const lastSent = (place: Place): number => store.messages([place], 1).at(-1)?.id ?? 0;

  return {
    known: (id) => byId.get(id)?.answer,
    add,
    entries: (place) => {
      const sent = store.messages([place], SHOWN).map((row): Sent => ({ sort: 'sent', n: row.id, at: row.at, row }));
      const order = (entry: Entry): number => (entry.sort === 'said' ? 0 : 1);
      return [...saidIn(place).slice(-SHOWN), ...sent]
        .sort((a, b) => a.at - b.at || order(a) - order(b) || a.n - b.n)
        .slice(-SHOWN);
    },
    unseen: (person, place) => {
      const mark = marks.get(markKey(person, place)) ?? floor;
      const said = saidIn(place).filter(({ n, input }) => n > mark.said && input.as !== person).length;
      return said + store.messages([place], SHOWN).filter(({ id }) => id > mark.sent).length;
    },
    see: (person, place) => {
      marks.set(markKey(person, place), { said: all.at(-1)?.n ?? 0, sent: lastSent(place) });
    },
    seeAll: () => {
      floor = { said: all.at(-1)?.n ?? 0, sent: store.figures().outbox };
    },
  };
}
