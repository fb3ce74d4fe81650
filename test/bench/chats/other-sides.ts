import { once } from 'node:events';
import { createServer, type IncomingMessage, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { App, HTTPReceiver, LogLevel } from '@slack/bolt';
import { Bot, webhookCallback } from 'grammy';
import { createRaw } from '../raw.ts';
import type { Side } from './child.ts';

/** What it is measured beside: the libraries as they come, with nothing behind them or with a record a request. */

export interface BoltSettings {
  readonly secret: string;
  /** Where a record is committed before each acknowledgement; without it nothing is stored. */
  readonly path?: string | undefined;
}

export async function startBolt({ secret, path }: BoltSettings): Promise<Side> {
  const raw = path === undefined ? undefined : await createRaw(path);
  const receiver = new HTTPReceiver({ signingSecret: secret, logLevel: LogLevel.ERROR });
  const app = new App({
    receiver,
    logLevel: LogLevel.ERROR,
    // Nobody is asked who the bot is.
    authorize: async () => ({ botToken: 'xoxb-bare', botId: 'B0BARE', botUserId: 'U0BARE' }),
  });
  let handled = 0;
  app.command('/baton', async ({ ack }) => {
    raw?.commit(1);
    await ack('hi');
    handled += 1;
  });
  const server = await app.start({ port: 0, host: '127.0.0.1' });
  return side(
    (server.address() as AddressInfo).port,
    () => handled,
    async () => {
      raw?.close();
      await app.stop();
    },
  );
}

export interface GrammySettings {
  readonly token: string;
  readonly secret: string;
  readonly path: string;
}

export async function startGrammy({ token, secret, path }: GrammySettings): Promise<Side> {
  const raw = await createRaw(path);
  const botInfo = {
    id: 1, is_bot: true as const, first_name: 'Bare', username: 'bare_bot', can_join_groups: true,
    can_read_all_group_messages: true, supports_inline_queries: false, can_connect_to_business: false,
    has_main_web_app: false, has_topics_enabled: false, allows_users_to_create_topics: false,
  }; // biome-ignore format: a list
  const bot = new Bot(token, {
    botInfo: botInfo as ConstructorParameters<typeof Bot>[1] extends { botInfo?: infer B } ? NonNullable<B> : never,
  });
  let handled = 0;
  bot.on('message:text', () => {
    raw.commit(1);
    handled += 1;
  });
  const handle = webhookCallback(bot, 'http', { secretToken: secret });
  const { port, close } = await serve((request, response) => void handle(request, response));
  return side(
    port,
    () => handled,
    async () => {
      raw.close();
      await close();
    },
  );
}

export interface EchoSettings {
  readonly platform: 'telegram' | 'slack';
  /** Where its calls go: up to the method's name. */
  readonly api: string;
  readonly token: string;
}

/** The least that a press can cost: it changes the message that the button stands on, at once, and keeps nothing. */
export async function startEcho({ platform, api, token }: EchoSettings): Promise<Side> {
  let handled = 0;
  const call = async (method: string, body: object): Promise<void> => {
    const headers = { 'content-type': 'application/json', authorization: `Bearer ${token}` };
    const answer = await fetch(`${api}${method}`, { method: 'POST', headers, body: JSON.stringify(body) });
    await answer.arrayBuffer();
  };
  const { port, close } = await serve(async (request, response) => {
    const body = await bodyOf(request);
    response.writeHead(200).end();
    handled += 1;
    if (platform === 'telegram') {
      const { callback_query: query } = JSON.parse(body) as TelegramPress;
      if (query === undefined) return;
      const { message_id, chat } = query.message;
      await call('editMessageText', { chat_id: chat.id, message_id, text: `${TEXT} ${handled}` });
      await call('answerCallbackQuery', { callback_query_id: query.id });
      return;
    }
    const payload = new URLSearchParams(body).get('payload');
    if (payload === null) return;
    const { channel, message } = JSON.parse(payload) as SlackPress;
    const text = `${TEXT} ${handled}`;
    const blocks = [{ type: 'section', text: { type: 'mrkdwn', text } }];
    await call('chat.update', { channel: channel.id, ts: message.ts, text, blocks });
  });
  return side(port, () => handled, close);
}

const TEXT = 'Signed by somebody. Missing are the others, and it waits for them.';

interface TelegramPress {
  readonly callback_query?: {
    readonly id: string;
    readonly message: { readonly message_id: number; readonly chat: { readonly id: number } };
  };
}
interface SlackPress {
  readonly channel: { readonly id: string };
  readonly message: { readonly ts: string };
}

const side = (port: number, handled: () => number, stop: () => Promise<void>): Side => ({
  address: `http://127.0.0.1:${port}`,
  handled,
  weight: () => ({ events: 0, messages: 0 }),
  refusals: () => [],
  say: () => Promise.reject(new Error('nobody is spoken to here')),
  stop,
});

async function bodyOf(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of request as AsyncIterable<Buffer>) parts.push(part);
  return Buffer.concat(parts).toString('utf8');
}

async function serve(listener: RequestListener): Promise<{ port: number; close(): Promise<void> }> {
  const server = createServer(listener);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    close: async () => {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}
