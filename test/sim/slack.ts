import type { ChatAdapter, Incoming, Intake, Reply } from '../../src/ports.ts';
import type { Chance } from './chance.ts';
import { buttonsOf, type Conversations, createSender } from './conversations.ts';
import type { Loop } from './loop.ts';
import type { Network } from './network.ts';

/**
 * Slack in memory, with its rules: an event that is not acknowledged in three seconds comes again three times (at once, after a
 * minute, after five) under the same id; a press comes once, and again where the socket was cut before it was answered.
 */

export interface SlackState {
  next: number;
  /** Events that we acknowledged. */
  acknowledged: string[];
  /** What each press was answered, by its id: the same each time. */
  readonly answered: Record<string, { readonly ok: boolean; readonly code: string; readonly text: string }>;
  /** A press that was answered in two ways. */
  contradictions: string[];
  /** Given up after the last retry. */
  lost: number;
}
export const newSlack = (): SlackState => ({ next: 1, acknowledged: [], answered: {}, contradictions: [], lost: 0 });

export interface SlackPeer {
  /** Somebody writes: an event. `twice`: it is brought again although it was acknowledged. */
  write(incoming: Incoming, twice: boolean): void;
  /** Somebody presses a button, or says a slash command: it is answered in the response, or they see that it was not. */
  ask(incoming: Incoming, twice: boolean): void;
  adapter(): ChatAdapter;
  /** The process is gone. */
  cut(): void;
  waiting(): number;
}

const ANSWER_WITHIN = 3_000;
const RETRIES = [500, 60_000, 300_000] as const;

interface Event {
  readonly id: string;
  readonly incoming: Incoming;
  attempt: number;
}

export interface SlackParts {
  readonly state: SlackState;
  readonly conversations: Conversations;
  readonly network: Network;
  readonly loop: Loop;
  readonly chance: Chance;
  /** Who is there now: tells later whether that process still lives. */
  pulse(): () => boolean;
  met(situation: string): void;
}

export function createSlackPeer({ state, conversations, network, loop, chance, pulse, met }: SlackParts): SlackPeer {
  let intake: Intake | undefined;
  const open = new Set<string>();
  const nameNext = (sort: string): string => {
    state.next += 1;
    return `slack:${sort}:${state.next}`;
  };

  const events = { state, network, loop, chance, pulse, met, open, intake: () => intake };
  const deliver = (event: Event): void => deliverEvent(events, event);

  function hand(id: string, incoming: Incoming): void {
    const there = network.isAway() ? undefined : intake;
    if (there === undefined) return;
    const isAlive = pulse();
    loop.after(chance.between('slack.press.way', 2, 300), () => {
      if (isAlive())
        void there
          .decide(incoming, id)
          .then((reply) => isAlive() && heed({ state, conversations }, id, incoming, reply));
    });
  }

  return {
    write(incoming, twice) {
      const event = { id: nameNext('event'), incoming, attempt: 0 };
      open.add(event.id);
      deliver(event);
      if (twice)
        loop.after(
          chance.between('slack.event.double', 1, 4_000),
          () => state.acknowledged.includes(event.id) && deliver({ ...event, attempt: RETRIES.length }),
        );
    },
    ask(incoming, twice) {
      const id = nameNext('press');
      hand(id, incoming);
      if (twice) loop.after(chance.between('slack.press.double', 1, 4_000), () => hand(id, incoming));
    },
    adapter() {
      return {
        platform: 'slack',
        pace: { perChat: 1_000, perMessage: 1_000, perSecond: 20 },
        start: (given) => {
          intake = given;
        },
        stop: async () => {
          intake = undefined;
        },
        state: () => ({ is: 'connected', line: 'Slack is connected.' }),
        read: (body) => body as Incoming,
        ...createSender(conversations, network),
        find: (message) => find({ conversations, network, met }, message.id),
        check: async () => [],
      };
    },
    cut() {
      intake = undefined;
    },
    waiting: () => open.size,
  };
}

/** What a press or a command is answered is shown where it was said. */
function heed(
  { state, conversations }: Pick<SlackParts, 'state' | 'conversations'>,
  id: string,
  { address }: Incoming,
  { ok, code, nodes, token }: Reply,
): void {
  const text = JSON.stringify(nodes);
  const before = state.answered[id];
  // What was not done is tried anew.
  if (before?.ok === true && before.text !== text) state.contradictions.push(id);
  state.answered[id] = { ok, code, text };
  const { messages, next } = conversations.state;
  conversations.state.next += 1;
  const { chat } = address;
  messages.push({ id: `slack:${chat}:${next}`, own: `reply:${id}`, chat, nodes, buttons: buttonsOf(nodes, token) });
}

/** A message by our own name for it. */
async function find(
  { conversations, network, met }: Pick<SlackParts, 'conversations' | 'network' | 'met'>,
  name: string,
): ReturnType<ChatAdapter['find']> {
  const found = await network.call('find', () => {
    const kept = conversations.state.messages.find(({ own }) => own === name);
    met(kept === undefined ? 'read back: not found' : 'read back: found');
    return { id: kept?.id ?? null };
  });
  return 'is' in found ? found : found.id;
}

interface Events extends Omit<SlackParts, 'conversations'> {
  /** What was neither acknowledged nor given up. */
  readonly open: Set<string>;
  intake(): Intake | undefined;
}

/** Brings an event, and again where it is not acknowledged in time. */
function deliverEvent(events: Events, event: Event): void {
  const { state, network, loop, chance, met, open } = events;
  const { id, incoming } = event;
  let isOver = false;
  const again = (): void => {
    if (isOver) return;
    isOver = true;
    const wait = RETRIES[event.attempt];
    event.attempt += 1;
    if (wait !== undefined) return loop.after(wait, () => deliverEvent(events, event));
    open.delete(id);
    if (!state.acknowledged.includes(id)) state.lost += 1;
  };
  loop.after(ANSWER_WITHIN, again);
  const there = network.isAway() ? undefined : events.intake();
  if (there === undefined) return again();
  const isAlive = events.pulse();
  const acknowledge = (): void => {
    if (!isAlive()) return;
    if (isOver) met('event acknowledged too late');
    isOver = true;
    if (!state.acknowledged.includes(id)) state.acknowledged.push(id);
    open.delete(id);
  };
  const way = chance.between('slack.event.way', 2, 400);
  loop.after(way, () => {
    if (!isAlive()) return;
    void there.receive([{ id, body: incoming }]).then((stored) => {
      if (stored === 'full') again();
      else loop.after(way, acknowledge);
    });
  });
}
