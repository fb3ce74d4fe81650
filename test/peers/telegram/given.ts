import { Bot, GrammyError } from 'grammy';
import { afterEach } from 'vitest';
import { createTelegramPeer, type TelegramPeer } from './peer.ts';
import type { Options } from './types.ts';

/** A peer, two people, and a client of grammY's. */

/** What a test leaves open. */
export const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

export async function given(options: Options = {}) {
  const peer = await createTelegramPeer(options);
  closing.push(peer.close);
  const { api } = botFor(peer);
  const olga = peer.user({ id: 5_000_000_001, first_name: 'Olga', username: 'olga_ops' });
  const pavel = peer.user({ id: 1002, first_name: 'Pavel' });
  return { peer, api, olga, pavel };
}
export const botFor = (peer: TelegramPeer, token = peer.token) =>
  new Bot(token, { client: { apiRoot: peer.root, timeoutSeconds: 20 } });

/** What a call was refused with. */
export async function refusalOf(call: Promise<unknown>): Promise<GrammyError> {
  const error = await call.then(
    (result) => new Error(`it was taken: ${JSON.stringify(result)}`),
    (reason: unknown) => reason,
  );
  if (error instanceof GrammyError) return error;
  throw error;
}
export const keyboard = (text: string, callback_data: string) => ({ inline_keyboard: [[{ text, callback_data }]] });
