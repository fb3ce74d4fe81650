import type { Text } from '../core/text.ts';
import type { Letter, Mail } from '../forge-ports.ts';
import type { Clock } from '../ports.ts';
import type { OutboxRow } from '../store/port.ts';
import { type Breaker, createBreaker } from './breaker.ts';
import { addressOf, type Carrier, createSlots, waitOf } from './carrier.ts';
import type { MessageBody } from './commit.ts';
import type { Engine } from './engine.ts';

/** Messages that go by mail: each a letter of its own, which is one however often it is sent. */

/** How a message looks as a letter; the adapter's. */
export type LetterOf = (message: {
  readonly organisation: string;
  readonly kind: 'invitation' | 'page' | 'digest' | 'notice';
  readonly nodes: Text;
  readonly url?: string;
  readonly unsubscribe?: string;
}) => Pick<Letter, 'subject' | 'text' | 'html'>;

export interface LettersParts {
  readonly engine: Engine;
  readonly mail: Mail;
  readonly letterOf: LetterOf;
  /** Where one click ends these letters, where there is such a page. */
  unsubscribe?(email: string, key: string | null): string | undefined;
  readonly clock: Clock;
  chance(): number;
}

const USE_BY = 72 * 3_600_000;
const MOST_AT_ONCE = 4;

export function createLetters(parts: LettersParts): Carrier {
  const breaker = createBreaker(parts.chance);
  const slots = createSlots(MOST_AT_ONCE);
  return {
    owns: (address) => address.startsWith('email:'),
    may(_address, now) {
      if (!breaker.may(now) || !slots.take(now)) return false;
      breaker.begin();
      return true;
    },
    async deliver(row) {
      try {
        await deliver(parts, breaker, row);
      } catch (error) {
        breaker.cancelled();
        throw error;
      } finally {
        slots.free();
      }
    },
  };
}

async function deliver(parts: LettersParts, breaker: Breaker, row: OutboxRow): Promise<void> {
  const { engine, mail, clock } = parts;
  const { store } = engine;
  const now = clock.now();
  if (now - row.at > USE_BY) {
    breaker.cancelled();
    return store.mark(row.id, 'expired', { reason: 'it could not be said while it was of use' });
  }
  const result = await mail.send(toLetter(parts, row));
  switch (result.is) {
    case 'sent':
      breaker.succeeded();
      return store.mark(row.id, 'sent');
    case 'refused':
      breaker.succeeded();
      return store.mark(row.id, 'failed', { reason: result.why });
    case 'later':
      breaker.pause(now, result.after);
      return store.mark(row.id, 'new', { dueAt: now + result.after, reason: result.why });
    case 'away':
      breaker.failed(now);
      return store.mark(row.id, 'new', { dueAt: now + waitOf(row), reason: result.why });
    case 'uncertain':
      // Its Message-ID is the same each time: a second one is dropped where the first arrived.
      breaker.failed(now);
      return store.mark(row.id, 'uncertain', { dueAt: now + waitOf(row), reason: result.why });
    case 'moved':
      breaker.succeeded();
      return store.mark(row.id, 'failed', { reason: 'a letter has one address' });
    default:
      return result satisfies never;
  }
}

function toLetter({ engine, letterOf, unsubscribe }: LettersParts, row: OutboxRow): Letter {
  const { nodes } = row.body as MessageBody;
  const to = addressOf(row).replace(/^email:/, '');
  const url = engine.world().webAddress;
  const end = unsubscribe?.(to, row.key);
  const unsubscribing = end === undefined ? {} : { unsubscribe: end };
  return {
    id: `${row.kind}-${row.id}-${row.at.toString(36)}`,
    to,
    ...letterOf({
      organisation: engine.policies.organisation.organisation,
      kind: kindOf(row),
      nodes: engine.policies.wayIn?.reveal(nodes) ?? nodes,
      ...(url === undefined ? {} : { url }),
      ...unsubscribing,
    }),
    ...unsubscribing,
    urgent: row.lane === 'page',
  };
}

const kindOf = ({ kind, lane }: OutboxRow): Parameters<LetterOf>[0]['kind'] =>
  kind === 'invitation' ? 'invitation' : lane === 'page' || lane === 'digest' ? lane : 'notice';
