import { createHash } from 'node:crypto';
import { showLive, streamsOfLive } from '../core/live.ts';
import type { Live } from '../core/message.ts';
import type { Text } from '../core/text.ts';
import type { ChatAdapter, Clock, Platform } from '../ports.ts';
import type { Post } from '../store/port.ts';
import { type Moves, readAddress } from './address.ts';
import type { Breaker } from './breaker.ts';
import type { Buttons } from './buttons.ts';
import type { Engine } from './engine.ts';
import type { Log } from './log.ts';
import type { Pacer } from './pacer.ts';

/**
 * Cards show what is so. What a card should show follows from the state, what it shows is recorded: whatever was missed
 * (a crash, an outage, a hundred votes in a second) the next look makes the two equal, with one edit.
 */

/** What a text looks like, so that an edit that changes nothing is not made. */
export const digestOf = (text: Text): string => createHash('sha256').update(JSON.stringify(text)).digest('base64url');

/** After an edit that did not get through. */
const AGAIN_AFTER = 1_000;

export interface LiveCards {
  /** These streams changed. */
  changed(streams: readonly string[]): void;
  /** A message with live content was sent. */
  added(post: Post): void;
  /** Is there a card of a vote on this in this conversation? Then its end shows there. */
  showsVote(address: string, on: string): boolean;
  /** Edits what differs, as fast as the platforms take it. */
  pump(): void;
  /** Begins no edit any more; resolves when none is under way. The next start makes good what is not shown yet. */
  stop(): Promise<void>;
}

export interface LiveCardsParts {
  readonly engine: Engine;
  readonly adapters: ReadonlyMap<Platform, ChatAdapter>;
  readonly pacer: Pacer;
  readonly breakerOf: (platform: Platform) => Breaker;
  readonly buttons: Buttons;
  readonly moves: Moves;
  readonly clock: Clock;
  readonly log: Log;
}

type Show = { readonly text: Text; readonly done: boolean };
type Edited = { readonly done: boolean } | 'again';

interface Card {
  post: Post;
  readonly live: Live;
  shown: string | null;
  dirty: boolean;
  editing: boolean;
  notBefore: number;
}

export function createLiveCards(parts: LiveCardsParts): LiveCards {
  const { engine, adapters, pacer, clock } = parts;
  const cards = new Map<string, Set<Card>>();
  const dirty = new Set<Card>();
  const underWay = new Set<Promise<void>>();
  let stopped = false;

  function add(post: Post): void {
    const live = post.live as Live;
    const card: Card = { post, live, shown: post.shown, dirty: true, editing: false, notBefore: 0 };
    for (const stream of streamsOfLive(live)) {
      const of = cards.get(stream) ?? new Set<Card>();
      cards.set(stream, of.add(card));
    }
    dirty.add(card);
  }

  function drop(card: Card): void {
    for (const stream of streamsOfLive(card.live)) {
      const of = cards.get(stream);
      of?.delete(card);
      if (of?.size === 0) cards.delete(stream);
    }
  }

  async function change(card: Card, show: Show): Promise<void> {
    const edited = await edit(parts, card, show);
    // To show a state twice is harmless: it is simply tried again.
    if (edited === 'again') dirty.add(card);
    else await remember(card, { ...show, ...edited });
  }

  async function remember(card: Card, { text, done }: Show): Promise<void> {
    card.shown = digestOf(text);
    if (done) drop(card);
    await engine.store.shown(card.post.id, card.shown, !done);
  }

  function run(card: Card, work: () => Promise<void>): void {
    dirty.delete(card);
    card.editing = true;
    const done = work()
      .catch((error: unknown) => {
        card.notBefore = clock.now() + AGAIN_AFTER;
        dirty.add(card);
        const platform = readAddress(card.post.address)?.platform;
        if (platform !== undefined) parts.breakerOf(platform).cancelled();
        parts.log.fault('a card could not be changed', error);
      })
      .finally(() => {
        card.editing = false;
        underWay.delete(done);
        // What happened while the edit was under way is shown by the next one.
        pump();
      });
    underWay.add(done);
  }

  function pump(): void {
    if (stopped || dirty.size === 0) return;
    const now = clock.now();
    const world = engine.world();
    for (const card of dirty) {
      if (card.editing || now < card.notBefore) continue;
      const { address } = card.post;
      const platform = readAddress(address)?.platform;
      // In a rush many cards wait for their second, and to work one out may mean reading what happened to its item.
      if (platform !== undefined && !(parts.breakerOf(platform).may(now) && pacer.takesEdits(address, now))) continue;
      const show = showLive(world, card.live);
      if (show === undefined || platform === undefined || !adapters.has(platform)) dirty.delete(card);
      else if (digestOf(show.text) !== card.shown) {
        const breaker = parts.breakerOf(platform);
        if (!breaker.may(now) || !pacer.may(address, now, true)) continue;
        breaker.begin();
        run(card, () => change(card, show));
      } else if (show.done) run(card, () => remember(card, show));
      else dirty.delete(card);
    }
  }

  for (const post of engine.store.openPosts()) add(post);

  return {
    changed(streams) {
      for (const stream of streams) for (const card of cards.get(stream) ?? []) dirty.add(card);
      pump();
    },
    added: (post) => {
      add(post);
      pump();
    },
    showsVote: (address, on) => votesOn(cards, on).some(({ post }) => post.address === address),
    pump,
    stop: async () => {
      stopped = true;
      while (underWay.size > 0) await Promise.all(underWay);
    },
  };
}

/** What a message shows at this moment, and whether there is still anything to do about it. */
export function present(engine: Engine, live: Live | undefined, nodes: Text): Show {
  const show = live === undefined ? undefined : showLive(engine.world(), live);
  return show ?? { text: nodes, done: false };
}

/** One edit; resolves to whether it is shown now, with the pause that its platform wants after it. */
async function edit(
  { engine, adapters, moves, clock, buttons, breakerOf, log }: LiveCardsParts,
  card: Card,
  show: Show,
): Promise<Edited> {
  const { post } = card;
  const now = clock.now();
  const there = readAddress(post.address);
  const adapter = there === undefined ? undefined : adapters.get(there.platform);
  if (there === undefined || adapter === undefined) return { done: true };
  const token = await buttons.keep(post.address, show.text);
  const address = moves.now(there);
  const message = { id: `card:${post.outbox}`, address, nodes: show.text, token, loud: false };
  let sent = await adapter.edit(post.platformId, message);
  if (sent.is === 'moved') {
    // What was said in the chat of before can not be changed any more: the card goes on where the chat is now.
    await moves.record(there, sent.to);
    sent = await adapter.send({ ...message, address: moves.now(there) });
    if (sent.is === 'sent' && sent.id !== null) {
      card.post = { ...post, platformId: sent.id };
      await engine.store.reposted(post.id, sent.id);
    }
  }
  const breaker = breakerOf(there.platform);
  switch (sent.is) {
    case 'sent':
      breaker.succeeded();
      card.notBefore = now + adapter.pace.perMessage;
      return { done: show.done };
    case 'refused':
      breaker.succeeded();
      // It was deleted, or is too old to be changed: nothing more can be shown there.
      log.warn('a card can not be changed any more', { address: post.address, why: sent.why });
      return { done: true };
    case 'later':
      breaker.pause(now, sent.after);
      break;
    case 'moved':
      break;
    case 'away':
    case 'uncertain':
      breaker.failed(now);
      break;
    default:
      return sent satisfies never;
  }
  card.notBefore = now + AGAIN_AFTER;
  return 'again';
}

/** The cards of votes on this, wherever they are. */
const votesOn = (cards: ReadonlyMap<string, ReadonlySet<Card>>, on: string): Card[] =>
  streamsOfLive({ of: 'vote', on, vote: '' })
    .flatMap((stream) => [...(cards.get(stream) ?? [])])
    .filter(({ live }) => live.of === 'vote');
