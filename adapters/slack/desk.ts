import type { ModalView } from '@slack/types';
import type { AdapterLog, Address, Form, Incoming, Intake, Reply } from '../../src/ports.ts';
import type { Own } from './identity.ts';
import type { Asked } from './inbound.ts';
import type { Outbound } from './outbound.ts';
import { render } from './render.ts';
import type { Kept } from './schema.ts';
import type { Spelling } from './spelling.ts';
import { renderForm } from './views.ts';

/** What everything that is answered in the response shares. */
export interface Desk {
  readonly intake: Intake;
  readonly outbound: Outbound;
  readonly log: AdapterLog;
  readonly apiUrl: string | undefined;
  readonly spelling: Spelling;
  /** Who we are, where that is known already. */
  known(): Own | undefined;
  /** Who we are; waits a little where Slack has yet to tell. */
  own(): Promise<Own | undefined>;
  /** Lets something go on after the acknowledgement; stopping waits for it. */
  go(work: Promise<unknown>): void;
}

/** `full`: not stored and not acknowledged, so that Slack brings it again. */
export type Ack = { readonly is: 'ack'; readonly payload?: object } | { readonly is: 'full' };
export const DONE: Ack = { is: 'ack' };

export interface Answered {
  readonly reply: Reply;
  readonly incoming: Incoming;
}

/** Decides what came in. Undefined: it is none of our business. */
export async function ask<T extends Asked>(
  desk: Desk,
  read: (own: Own) => T | undefined,
): Promise<(Answered & { readonly asked: T }) | undefined> {
  const own = desk.known() ?? (await desk.own());
  const asked = own === undefined ? undefined : read(own);
  if (asked === undefined) return undefined;
  const { incoming, id } = asked;
  try {
    return { asked, incoming, reply: await desk.intake.decide(incoming, id) };
  } catch (error) {
    return { asked, incoming, reply: broken(desk.log.fault('What came from Slack could not be decided.', error)) };
  }
}

const broken = (reference: string): Reply => ({
  ok: false,
  code: 'fault',
  quiet: true,
  nodes: [`Something broke on my side (${reference}). Look whether it was done before you say it again.`],
  token: () => '',
});

/** Slack gives three seconds, and the way back takes its part of them. */
const LATE = 2_500;
export const WORKING = 'Working on it …';
export const late = Symbol('late');

export async function inTime<T>(work: Promise<T>): Promise<T | typeof late> {
  const { promise, resolve } = Promise.withResolvers<typeof late>();
  const timer = setTimeout(() => resolve(late), LATE);
  try {
    return await Promise.race([work, promise]);
  } finally {
    clearTimeout(timer);
  }
}

export const formFor = ({ spelling }: Desk, form: Form, { address, isPrivate }: Incoming): ModalView =>
  renderForm(form, address, isPrivate, spelling.shared);

export const keptAt = (address: Address, isPrivate: boolean, title = 'Baton'): Kept => ({
  token: '',
  title,
  isPrivate,
  chat: address.chat,
  ...(address.thread === undefined ? {} : { thread: address.thread }),
});

/**
 * The body of an answer to a slash command. In a direct channel it is for the asker alone, whatever else: a slash command can
 * be typed in a conversation with somebody else, too, and that somebody must not read the answer.
 */
export function payloadOf({ spelling }: Desk, { reply, incoming }: Answered): object {
  const seenByAll = !reply.quiet && !incoming.isPrivate;
  return {
    response_type: seenByAll ? 'in_channel' : 'ephemeral',
    ...render(reply.nodes, { token: reply.token, spell: spelling.shared }),
    parse: 'none',
    unfurl_links: false,
    unfurl_media: false,
  };
}
