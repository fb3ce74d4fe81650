import type { ChatAdapter, Clock, Outgoing, Platform, Sent, Unasked } from '../ports.ts';
import { type OutboxRow, OVERTAKEN } from '../store/port.ts';
import { type Moves, readAddress } from './address.ts';
import type { Breaker } from './breaker.ts';
import type { Buttons } from './buttons.ts';
import { waitOf } from './carrier.ts';
import type { MessageBody } from './commit.ts';
import type { Engine } from './engine.ts';
import { type Invitation, makeInvitation } from './invitation.ts';
import { digestOf, type LiveCards, present } from './live-cards.ts';
import type { Log } from './log.ts';
import type { Pacer } from './pacer.ts';
import { type FormDraft, toForm } from './reply.ts';

/** One message on its way: what it shows, whether it is still of use, and what became of it. */

/** Rows of such an age are of a backlog: of several like them the newest is enough. */
const BACKLOG = 10 * 60_000;
const HOUR = 3_600_000;
/** After so long it is of no use any more, and shown as failed. */
const USE_BY: Readonly<Record<OutboxRow['lane'], number>> = {
  page: 24 * HOUR, answer: 24 * HOUR, card: 72 * HOUR, digest: 6 * HOUR,
}; // biome-ignore format: a table
/** Said again and again about the same thing: of a backlog the newest says it all. What is of another kind is news each time. */
const REPEATED: ReadonlySet<string> = new Set([
  'page', 'page-test', 'held-alert', 'escalation', 'sla', 'vote-opened', 'freeze', 'on-call', 'digest', 'agenda',
]); // biome-ignore format: one glance
const WAIT_AFTER_DOUBT = 1_000;

/** What an outbox row of an answer holds besides its text. */
export interface AnswerBody extends MessageBody {
  /** A way into a closed chat is made when it is sent. */
  readonly invite?: Invitation;
  readonly answer?: Omit<NonNullable<Outgoing['answer']>, 'form'> & { readonly form?: FormDraft };
}

export interface DeliveryParts {
  readonly engine: Engine;
  readonly adapters: ReadonlyMap<Platform, ChatAdapter>;
  readonly cards: LiveCards;
  readonly pacer: Pacer;
  readonly breakerOf: (platform: Platform) => Breaker;
  readonly buttons: Buttons;
  readonly moves: Moves;
  readonly clock: Clock;
  readonly log: Log;
  /** From then on nothing that an earlier process sent is on its way any more. */
  readonly allArrivedAt: number;
  /** A message was refused for good at its last address: somebody else should hear of it. */
  onRefused(row: OutboxRow, why: string): Promise<void>;
  /** It was sent once more, for nobody knew whether it had arrived. */
  onRepeated(): void;
}

/** Sends one row that was claimed, and writes down what became of it. */
export async function deliverRow(parts: DeliveryParts, row: OutboxRow): Promise<void> {
  const { engine, adapters, clock } = parts;
  const now = clock.now();
  const there = readAddress(row.address ?? '');
  const adapter = there === undefined ? undefined : adapters.get(there.platform);
  if (adapter === undefined || there === undefined) return withoutAddress(parts, row);
  const body = row.body as AnswerBody;
  const show = present(engine, body.live, body.nodes);
  const over = whyOver(parts, row, show.done, now);
  if (over !== undefined) {
    parts.breakerOf(adapter.platform).cancelled();
    parts.pacer.forgo(row.address ?? '');
    return engine.store.mark(row.id, over.state, { reason: over.reason });
  }
  const address = parts.moves.now(there);
  const text =
    body.invite === undefined
      ? show.text
      : await makeInvitation({ store: engine.store, moves: parts.moves }, adapter, body.invite, now);
  if (text === undefined) {
    parts.breakerOf(adapter.platform).cancelled();
    return engine.store.mark(row.id, 'sent', { reason: 'no way in is needed, or none can be made' });
  }
  if ('is' in text) return putOff(parts, row, adapter.platform, text);
  const message = await toOutgoing(parts, row, body, text, address);
  if (row.state === 'uncertain') {
    const found = await adapter.find(message, row.at);
    if (typeof found === 'string') {
      parts.breakerOf(adapter.platform).succeeded();
      return sent(parts, row, body, text, found);
    }
    // To send it now might be to send it twice.
    if (typeof found === 'object' && found !== null) return putOff(parts, row, adapter.platform, found);
    if (found === undefined) parts.onRepeated();
    else if (now < parts.allArrivedAt) {
      parts.breakerOf(adapter.platform).succeeded();
      const dueAt = parts.allArrivedAt;
      return engine.store.mark(row.id, 'uncertain', { dueAt, reason: 'it may still be on its way' });
    }
  }
  return settle(parts, row, body, text, adapter, await adapter.send(message));
}

/** Nothing to be said any more: too late, over before it could be said, or said by a newer one. */
function whyOver(
  parts: DeliveryParts,
  row: OutboxRow,
  done: boolean,
  now: number,
): { state: 'sent' | 'expired'; reason: string } | undefined {
  const age = now - row.at;
  if (age > USE_BY[row.lane]) return { state: 'expired', reason: 'it could not be said while it was of use' };
  const on = row.key ?? '';
  if (row.kind === 'vote-closed' && 'chat' in row.to && parts.cards.showsVote(row.address ?? '', on))
    return { state: 'sent', reason: 'its card shows it' };
  if (age < BACKLOG || (row.lane === 'answer' && row.kind !== 'sla')) return undefined;
  // Whoever was called hears of it, also when it is over; of a day's calls about one thing the newest is enough.
  if ((done && row.lane !== 'page') || isAskedInVain(parts, row)) return { state: 'expired', reason: OVERTAKEN.over };
  return REPEATED.has(row.kind) && parts.engine.store.behind(row.id).newer
    ? { state: 'expired', reason: OVERTAKEN.repeated }
    : undefined;
}

/** Nobody has news of what is over. */
const isAskedInVain = ({ engine }: DeliveryParts, { kind, key }: OutboxRow): boolean =>
  kind === 'sla' && key !== null && engine.world().get('alert', key)?.state === 'resolved';

async function toOutgoing(
  parts: DeliveryParts,
  row: OutboxRow,
  body: AnswerBody,
  nodes: MessageBody['nodes'],
  address: Outgoing['address'],
): Promise<Outgoing> {
  const { form, ...answer } = body.answer ?? {};
  const own = body.answer?.quiet === true ? body.answer.account : (row.address ?? '').replace(/#.*/, '');
  return {
    id: String(row.id),
    address,
    // A sign-in link is made whole at the moment at which it is said.
    nodes: parts.engine.policies.wayIn?.reveal(nodes) ?? nodes,
    token: await parts.buttons.keep(own, nodes),
    loud: row.lane === 'page',
    ...(body.answer === undefined
      ? {}
      : {
          answer: {
            ...(answer as NonNullable<Outgoing['answer']>),
            ...(form === undefined ? {} : { form: await toForm(parts.buttons, own, form) }),
          },
        }),
  };
}

async function sent(
  parts: DeliveryParts,
  row: OutboxRow,
  body: AnswerBody,
  nodes: MessageBody['nodes'],
  id: string | null,
): Promise<void> {
  const { store } = parts.engine;
  const post = { live: body.live ?? null, form: body.answer?.form ?? null, shown: digestOf(nodes) };
  const isPost = id !== null && (post.live !== null || post.form !== null);
  await store.mark(row.id, 'sent', { ...(id === null ? {} : { platformId: id }), ...(isPost ? { post } : {}) });
  const kept = isPost && post.live !== null ? store.post(id) : undefined;
  if (kept !== undefined) parts.cards.added(kept);
}

async function settle(
  parts: DeliveryParts,
  row: OutboxRow,
  body: AnswerBody,
  nodes: MessageBody['nodes'],
  adapter: ChatAdapter,
  result: Sent,
): Promise<void> {
  const { store } = parts.engine;
  const now = parts.clock.now();
  const breaker = parts.breakerOf(adapter.platform);
  switch (result.is) {
    case 'sent':
      breaker.succeeded();
      return sent(parts, row, body, nodes, result.id);
    case 'refused':
      // The platform spoke: it is there, and this message is what it does not take.
      breaker.succeeded();
      await store.mark(row.id, 'failed', { reason: result.why });
      return parts.onRefused(row, result.why);
    case 'later':
      breaker.pause(now, result.after);
      return store.mark(row.id, 'new', { dueAt: now + result.after, reason: result.why });
    case 'away':
      breaker.failed(now);
      return store.mark(row.id, 'new', { dueAt: now + WAIT_AFTER_DOUBT, reason: result.why });
    case 'uncertain': {
      breaker.failed(now);
      return store.mark(row.id, 'uncertain', { dueAt: now + waitOf(row), reason: result.why });
    }
    case 'moved': {
      const there = readAddress(row.address ?? '');
      if (there !== undefined) await parts.moves.record(there, result.to);
      return store.mark(row.id, 'new', { dueAt: now, reason: 'the chat has another id' });
    }
    default:
      return result satisfies never;
  }
}

/** The platform could not be asked for what comes before the sending: it is as sure or unsure as it was, and waits. */
async function putOff(parts: DeliveryParts, row: OutboxRow, platform: Platform, why: Unasked): Promise<void> {
  const now = parts.clock.now();
  if (why.is === 'later') parts.breakerOf(platform).pause(now, why.after);
  else parts.breakerOf(platform).failed(now);
  const wait = why.is === 'later' ? why.after : waitOf(row);
  await parts.engine.store.mark(row.id, row.state === 'uncertain' ? 'uncertain' : 'new', {
    dueAt: now + wait,
    reason: why.why,
  });
}

/** No platform is connected: the board shows it. One is, and this has no account or chat there: somebody should know. */
async function withoutAddress(parts: DeliveryParts, row: OutboxRow): Promise<void> {
  const { store } = parts.engine;
  if (parts.adapters.size === 0 || 'email' in row.to) return store.mark(row.id, 'sent');
  const who = 'person' in row.to ? row.to.person : 'chat' in row.to ? row.to.chat : row.to.place;
  const why =
    'person' in row.to
      ? `${who} has no account on a connected platform; /link-account or the organisation’s file gives them one`
      : `${who} has no chat on a connected platform; name one in the organisation’s file`;
  await store.mark(row.id, 'failed', { reason: why });
  await parts.onRefused(row, why);
}
