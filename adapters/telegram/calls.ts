import type { FormattedString } from '@grammyjs/parse-mode';
import type { InlineKeyboardMarkup } from '@grammyjs/types';
import type { Api } from 'grammy';
import type { Sent } from '../../src/ports.ts';
import { failureOf, isNotModified, sentOf } from './errors.ts';

/** The calls that write, each with what became of it as a value. */

/** Where a message goes, and what it hangs on. */
export interface Way {
  readonly chat: string;
  readonly thread?: string | undefined;
  /** The number of the message that this answers. */
  readonly answers?: number | undefined;
  /** Shown to this person alone. */
  readonly receiver?: number | undefined;
  /** The press that made it, for what is shown to one alone. */
  readonly query?: string | undefined;
  readonly loud?: boolean;
}

type SendOptions = NonNullable<Parameters<Api['sendMessage']>[2]>;
export type Markup = InlineKeyboardMarkup | Extract<SendOptions['reply_markup'], { force_reply: true }>;

/** Telegram's ids are numbers; a name such as `@testers` goes as it is. */
export const chatId = (chat: string): number | string => (/^-?\d{1,16}$/.test(chat) ? Number(chat) : chat);

/** Reads `CHAT/MESSAGE`. */
export function messageOf(id: string | undefined): { readonly chat: string; readonly number: number } | undefined {
  const read = /^(-?\d{1,16})\/(\d{1,16})$/.exec(id ?? '');
  return read === null ? undefined : { chat: read[1] ?? '', number: Number(read[2]) };
}

/** The number of the person behind an account; undefined for a chat that speaks for itself. */
export function userOf(account: string): number | undefined {
  const read = /^telegram:(\d{1,16})$/.exec(account);
  return read === null ? undefined : Number(read[1]);
}

/** Sends one message. An ephemeral one has no id: nothing of it is kept. */
export async function sendOne(api: Api, way: Way, text: FormattedString, markup?: Markup): Promise<Sent> {
  try {
    const message = await api.sendMessage(chatId(way.chat), textOf(text), {
      entities: text.rawEntities,
      link_preview_options: { is_disabled: true },
      ...(way.thread === undefined ? {} : { message_thread_id: Number(way.thread) }),
      ...(way.answers === undefined
        ? {}
        : { reply_parameters: { message_id: way.answers, allow_sending_without_reply: true } }),
      ...(way.receiver === undefined
        ? {}
        : {
            ephemeral_message_parameters: {
              receiver_user_id: way.receiver,
              ...(way.query === undefined ? {} : { callback_query_id: way.query }),
            },
          }),
      ...(way.loud === true ? { disable_notification: false } : {}),
      ...(markup === undefined ? {} : { reply_markup: markup }),
    });
    const number: unknown = message.message_id;
    if (typeof number !== 'number') return { is: 'uncertain', why: 'Telegram gave an answer that is not understood' };
    return { is: 'sent', id: number > 0 ? `${way.chat}/${number}` : null };
  } catch (error) {
    return sentOf(failureOf(error));
  }
}

/** Changes a message of ours. */
export async function editOne(
  api: Api,
  id: string,
  text: FormattedString,
  markup?: InlineKeyboardMarkup,
): Promise<Sent> {
  const message = messageOf(id);
  if (message === undefined) return { is: 'refused', why: `“${id}” is no message of Telegram` };
  try {
    await api.editMessageText(chatId(message.chat), message.number, textOf(text), {
      entities: text.rawEntities,
      link_preview_options: { is_disabled: true },
      ...(markup === undefined ? {} : { reply_markup: markup }),
    });
    return { is: 'sent', id };
  } catch (error) {
    const failure = failureOf(error);
    return isNotModified(failure) ? { is: 'sent', id } : sentOf(failure);
  }
}

/** `late`: the press is too long ago, so nobody sees an answer to it any more. */
export async function answerPress(
  api: Api,
  query: string,
  text: string | undefined,
  isAlert: boolean,
): Promise<'shown' | 'late' | Sent> {
  try {
    await api.answerCallbackQuery(query, {
      ...(text === undefined || text === '' ? {} : { text, show_alert: isAlert }),
    });
    return 'shown';
  } catch (error) {
    const failure = failureOf(error);
    return failure.is === 'answered' && failure.code === 400 ? 'late' : sentOf(failure);
  }
}

/** Takes a message back. Where that does not succeed its words go, and where that does not either it stays. */
export async function takeBack(api: Api, id: string): Promise<void> {
  const message = messageOf(id);
  if (message === undefined) return;
  const chat = chatId(message.chat);
  try {
    await api.deleteMessage(chat, message.number);
  } catch {
    await api.editMessageText(chat, message.number, '…').catch(() => undefined);
  }
}

/** A message is never empty: buttons alone get a line to stand under. */
const textOf = (text: FormattedString): string => (text.rawText === '' ? '…' : text.rawText);
