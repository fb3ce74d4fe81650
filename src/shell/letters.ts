import { boxOf, lettersOf } from '../core/letters.ts';
import type { Text } from '../core/text.ts';
import type { Letter, Mail } from '../forge-ports.ts';
import type { Clock } from '../ports.ts';
import type { OutboxRow } from '../store/port.ts';
import { type Breaker, createBreaker } from './breaker.ts';
import { addressOf, type Carrier, createSlots, waitOf } from './carrier.ts';
import type { MessageBody } from './commit.ts';
import type { Engine } from './engine.ts';
import type { MailSeal } from './mail-seal.ts';
import { park } from './mailbox.ts';

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
  readonly seal: MailSeal;
  /** The public address. One click in a reader of mail is over https and nothing else (RFC 8058); the link in the letter is not. */
  readonly publicUrl?: string | undefined;
  readonly clock: Clock;
  chance(): number;
}

const USE_BY = 72 * 3_600_000;
const MOST_AT_ONCE = 4;
/** A mailbox that is not there yet is asked less and less often. */
const LONGEST_PUT_OFF = 30 * 60_000;

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
  const to = mailboxOf(row);
  if (now - row.at > USE_BY) {
    breaker.cancelled();
    return store.mark(row.id, 'expired', { reason: 'it could not be said while it was of use' });
  }
  if (await isHeldBack(engine, row, to)) return breaker.cancelled();
  const result = await mail.send(toLetter(parts, row, to));
  switch (result.is) {
    case 'sent':
      breaker.succeeded();
      return store.mark(row.id, 'sent');
    case 'refused':
      breaker.succeeded();
      if (result.unreachable === true) await park(engine, to, result.why);
      return store.mark(row.id, 'failed', { reason: result.why });
    case 'put-off': {
      // The server speaks to us: what it will not take now is this letter, and no other waits for it.
      breaker.succeeded();
      const wait = Math.min(LONGEST_PUT_OFF, result.after * 2 ** Math.min(10, Math.max(0, row.attempts - 1)));
      return store.mark(row.id, 'new', { dueAt: now + wait, reason: result.why });
    }
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

const mailboxOf = (row: OutboxRow): string => addressOf(row).replace(/^email:/, '');

/** What was ended or parked since the letter was decided on is not sent any more. */
async function isHeldBack({ store, world }: Engine, { id, kind }: OutboxRow, to: string): Promise<boolean> {
  const { ended, parked } = boxOf(world(), to);
  const letters = lettersOf(kind);
  if (letters !== undefined && ended.includes(letters)) {
    await store.mark(id, 'expired', { reason: 'these letters were ended there' });
    // Nobody has to look at it: it was not wanted.
    await store.discard(id);
    return true;
  }
  if (parked === null) return false;
  await store.mark(id, 'failed', { reason: `mail to this address is parked: ${parked}` });
  return true;
}

function toLetter({ engine, letterOf, seal, publicUrl }: LettersParts, row: OutboxRow, to: string): Letter {
  const { nodes } = row.body as MessageBody;
  const url = engine.world().webAddress;
  const letters = lettersOf(row.kind);
  const unsubscribing =
    letters === undefined || publicUrl === undefined
      ? {}
      : { unsubscribe: new URL(`/mail/end/${seal.endOf(to, letters)}`, publicUrl).href };
  return {
    id: seal.idFor(`${row.kind}-${row.id}-${row.at.toString(36)}`, to),
    to,
    ...letterOf({
      organisation: engine.policies.organisation.organisation,
      kind: kindOf(row),
      nodes: engine.policies.wayIn?.reveal(nodes) ?? nodes,
      ...(url === undefined ? {} : { url }),
      ...unsubscribing,
    }),
    ...(publicUrl?.startsWith('https:') === true ? unsubscribing : {}),
    urgent: row.lane === 'page',
  };
}

const kindOf = ({ kind, lane }: OutboxRow): Parameters<LetterOf>[0]['kind'] =>
  kind === 'invitation' ? 'invitation' : lane === 'page' || lane === 'digest' ? lane : 'notice';
