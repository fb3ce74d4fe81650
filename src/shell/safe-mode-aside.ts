import { say, toPlain } from '../core/text.ts';
import type { ChatAdapter, Incoming, Outgoing } from '../ports.ts';
import { type Moves, showAddress } from './address.ts';
import type { Buttons } from './buttons.ts';
import type { Answer, Engine } from './engine.ts';
import type { Log } from './log.ts';
import type { Meant } from './reply.ts';

/**
 * What comes in by the chats in safe mode can not be stored, so it is not confirmed. Questions are answered all the same,
 * from the last rows, an alert can be taken, and whoever asks for another decision is told that there is none.
 */
export interface Aside {
  /** Each once, however often the platform brings it. */
  answer(bodies: readonly { readonly id: string; readonly body: unknown }[]): void;
}

export interface AsideParts {
  readonly adapter: ChatAdapter;
  readonly engine: Engine;
  readonly buttons: Buttons;
  readonly moves: Moves;
  readonly log: Log;
  toInput(incoming: Incoming): Meant;
}

type Spoken = Extract<Incoming, { readonly sort: 'said' | 'pressed' | 'filled' }>;

const MOST_KNOWN = 10_000;

export function createAside(parts: AsideParts): Aside {
  const { adapter, log } = parts;
  const known = new Set<string>();
  return {
    answer(bodies) {
      if (known.size > MOST_KNOWN) known.clear();
      for (const { id, body } of bodies) {
        const incoming = known.has(id) ? undefined : adapter.read(body);
        known.add(id);
        if (incoming === undefined || !isSpoken(incoming)) continue;
        reply(parts, id, incoming).catch((error: unknown) => {
          log.fault('somebody could not be answered in safe mode', error);
        });
      }
    },
  };
}

/** What is no command is not for us: in a group every word may come in. */
const isSpoken = (incoming: Incoming): incoming is Spoken =>
  (incoming.sort === 'said' && incoming.text.startsWith('/')) ||
  incoming.sort === 'pressed' ||
  incoming.sort === 'filled';

async function reply(parts: AsideParts, id: string, incoming: Spoken): Promise<void> {
  const { adapter, engine, buttons, moves } = parts;
  const meant = parts.toInput(incoming);
  const answer = 'answer' in meant ? meant.answer : undecided(await engine.handle(meant.input, id), engine.readOnly());
  if (answer.code === 'silent') return;
  const { account, isPrivate, message } = incoming;
  const query = incoming.sort === 'pressed' ? incoming.query : undefined;
  const nodes = engine.policies.wayIn?.reveal(answer.nodes) ?? answer.nodes;
  // For the asker alone: what the rest of a chat may read is no matter for such hours.
  const at = isPrivate ? showAddress(moves.before(incoming.address)) : account;
  const outgoing: Outgoing = {
    id: `safe-mode:${id}`,
    address: incoming.address,
    nodes,
    token: await buttons.keep(at, answer.nodes),
    loud: false,
    answer: {
      account,
      quiet: !isPrivate,
      ok: answer.ok,
      isPrivate,
      ...(message === undefined ? {} : { message }),
      ...(query === undefined ? {} : { query }),
    },
  };
  const sent = await adapter.send(outgoing);
  if (sent.is !== 'sent') parts.log.warn('an answer of safe mode did not get through', { how: sent.is });
}

/** The platform brings it again, and it may be decided then: whoever says it twice might have it twice. */
function undecided(answer: Answer, trouble: string | undefined): Answer {
  if (answer.code !== 'unavailable') return answer;
  const nodes = say`Not decided: ${trouble ?? 'I am unsure'}. I may still decide it when that is over; look before you say it again. Questions such as /status are answered.`;
  return { ...answer, nodes, text: toPlain(nodes) };
}
