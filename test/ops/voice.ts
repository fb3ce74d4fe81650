import { onTestFinished, vi } from 'vitest';
import { createButtons } from '../../src/shell/buttons.ts';
import { createMoves } from '../../src/shell/moves.ts';
import { createAside } from '../../src/shell/safe-mode-aside.ts';
import { createSafeVoice } from '../../src/shell/safe-mode-voice.ts';
import { createChat, type House, house, MINUTE } from './rig.ts';

/** Safe mode's voice around the house, and what is said to it in a chat. */

export async function speaking(given: Parameters<typeof house>[0] = {}) {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
  onTestFinished(() => void vi.useRealTimers());
  const bot = await house(given);
  const { adapter, told, chat } = createChat();
  const shouted: string[] = [];
  const voice = createSafeVoice({
    ...bot,
    adapters: [adapter],
    shout: (line) => void shouted.push(line),
  });
  voice.start();
  /** Minute by minute, with a look each second of the voice's own. */
  const pass = async (minutes: number): Promise<void> => {
    for (let n = 0; n < minutes; n += 1) {
      bot.wait(MINUTE);
      await vi.advanceTimersByTimeAsync(1_000);
    }
  };
  return { bot, told, chat, shouted, voice, pass };
}

export const chatsOf = (told: readonly { chat: string }[]): readonly string[] => told.map(({ chat }) => chat);

/** Who was paged, in the order of the pages; that nobody acknowledged it is told besides. */
export const pagesIn = (told: readonly { chat: string; text: string; loud: boolean }[]): readonly string[] =>
  told.filter(({ text, loud }) => loud && /^ALERT-1.*The node is down/.test(text)).map(({ chat }) => chat);

/** What somebody says on a platform. */
export const said = (text: string, more: object = {}) => ({
  sort: 'said', text, account: 'telegram:1003', address: { platform: 'telegram', chat: '1003' }, isPrivate: true, ...more,
}); // biome-ignore format: one line

export async function aside(bot: House) {
  const { adapter, told } = createChat();
  const { engine, log } = bot;
  const answering = createAside({
    adapter,
    engine,
    log,
    moves: createMoves(engine.store),
    buttons: await createButtons(engine.store),
    toInput: (incoming) => ({
      isOurs: true,
      input: {
        as: incoming.account,
        via: 'telegram',
        place: null,
        text: 'text' in incoming ? incoming.text : '',
        pressed: false,
      },
    }),
  });
  return { answering, told };
}
