import type { IncomingMessage, ServerResponse } from 'node:http';
import { type Faults, isHandled, spoil } from './faults.ts';
import { isJson, type Json, parse, string, truth } from './json.ts';
import { contentOf } from './methods-chat.ts';
import { type Call, readBody } from './web-api.ts';
import { BOT, BOT_USER, type Message, type World } from './world.ts';

/** The addresses under which an interaction can be answered for half an hour. */

const LIFE = 30 * 60_000;
const USES = 5;

interface Address {
  readonly at: number;
  readonly channel: string;
  readonly user: string;
  /** The message that the interaction happened on; none for a command. */
  readonly message: Message | undefined;
  used: number;
}
export interface ResponseUrls {
  /** A new address, as a path. */
  create(channel: string, user: string, message: Message | undefined): string;
  handle(token: string, request: IncomingMessage, response: ServerResponse): Promise<void>;
  /** Shows what a bot answers, at once or at its address; the refusal where it can not be shown. */
  show(
    content: Json,
    where: { readonly channel: string; readonly user: string; readonly message: Message | undefined },
  ): Message | Json;
}

export const isMessage = (value: Message | Json): value is Message => 'ts' in value && 'edits' in value;

export function createResponseUrls(world: World, faults: Faults, calls: Call[]): ResponseUrls {
  const known = new Map<string, Address>();

  const show: ResponseUrls['show'] = (given, where) => {
    const { message } = where;
    if (truth(given.delete_original) && message !== undefined) {
      message.deleted = true;
      world.changed();
      return message;
    }
    const content = contentOf(given, world, 40_000);
    if ('refusal' in content) return content.refusal;
    if (truth(given.replace_original) && message !== undefined) {
      world.change(message, content);
      return message;
    }
    const open = given.response_type === 'in_channel';
    const thread = string(given.thread_ts);
    return world.put({
      ...content,
      channel: where.channel,
      user: BOT_USER,
      botId: BOT,
      only: open ? undefined : where.user,
      thread: thread === '' ? undefined : thread,
      parse: given.parse === undefined ? undefined : string(given.parse),
      linkNames: truth(given.link_names),
    });
  };

  const answer = (token: string, content: unknown): { readonly status: number; readonly body: Json } => {
    const address = known.get(token);
    if (address === undefined) return { status: 404, body: { ok: false, error: 'no_such_url' } };
    if (world.now() - address.at > LIFE) return { status: 404, body: { ok: false, error: 'expired_url' } };
    if (address.used >= USES) return { status: 404, body: { ok: false, error: 'used_url' } };
    if (!isJson(content)) return { status: 400, body: { ok: false, error: 'invalid_payload' } };
    address.used += 1;
    const shown = show(content, address);
    return isMessage(shown) ? { status: 200, body: { ok: true } } : { status: 400, body: shown };
  };

  return {
    create: (channel, user, message) => {
      const token = world.id('respond');
      known.set(token, { at: world.now(), channel, user, message, used: 0 });
      return `/commands/${token}`;
    },
    handle: async (token, request, response) => {
      const content = parse(await readBody(request));
      const fault = faults.take('response_url');
      const done = fault === undefined || isHandled(fault) ? answer(token, content) : undefined;
      const status = done?.status ?? 0;
      calls.push({
        method: 'response_url',
        args: isJson(content) ? content : {},
        at: world.now(),
        answer: done?.body,
        status,
        fault,
      });
      world.changed();
      if (fault !== undefined) return spoil(fault, response);
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(done?.body));
    },
    show,
  };
}
