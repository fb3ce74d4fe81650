import type { Pace, Platform } from '../ports.ts';
import { readAddress } from './address.ts';

/** Who may write where, and when: within each platform's limits, without a timer for each chat. */

const MINUTE = 60_000;
/** A short burst is welcome everywhere: three answers in a row do not wait a second each. */
const BURST = 3;
/** An edit follows at once on the message that caused it. */
const EDIT_BURST = 2;
/** Of a group's minute so much is left for messages: a card that changes often must not hold them up. */
const FOR_EDITS = 0.6;
/** Of a platform's second so much is left for edits: hundreds of answers to presses must not hold the card up. */
const KEPT_FOR_EDITS = 2;

interface Chat {
  /** When the last of the burst's room is free again: nothing waits while this is less than the burst ahead. */
  busyUntil: number;
  /** The instants of the last minute, where the platform counts them. */
  minute: number[];
}

export interface Pacer {
  /** May this be written now? Yes reserves it. `edit`: a card's change, which leaves room for messages. */
  may(address: string, now: number, edit?: boolean): boolean;
  /** Nothing was written there after all: the room that was reserved last is free again. */
  forgo(address: string): void;
  /** Would an edit go through now? Reserves nothing: so that what can not be shown yet is not worked out either. */
  takesEdits(address: string, now: number): boolean;
  /** Forgets chats that have been quiet; called now and then. */
  rest(now: number): void;
}

export function createPacer(paceOf: (platform: Platform) => Pace | undefined): Pacer {
  const chats = new Map<string, Chat>();
  const seconds = new Map<Platform, number[]>();

  function mayPlatform(platform: Platform, pace: Pace, now: number, edit: boolean): boolean {
    const recent = (seconds.get(platform) ?? []).filter((at) => at > now - 1_000);
    seconds.set(platform, recent);
    return recent.length < pace.perSecond - (edit ? 0 : KEPT_FOR_EDITS);
  }

  function mayChat(chat: Chat, pace: Pace, now: number, edit: boolean, isGroup: boolean): boolean {
    const room = (edit ? EDIT_BURST : BURST) * pace.perChat;
    if (chat.busyUntil + pace.perChat > now + room) return false;
    if (pace.perGroupMinute === undefined || !isGroup) return true;
    chat.minute = chat.minute.filter((at) => at > now - MINUTE);
    return chat.minute.length < Math.floor(pace.perGroupMinute * (edit ? FOR_EDITS : 1));
  }

  return {
    takesEdits(address, now) {
      const where = readAddress(address);
      const pace = where === undefined ? undefined : paceOf(where.platform);
      if (where === undefined || pace === undefined) return true;
      const chat = chats.get(`${where.platform}:${where.chat}`);
      const isGroup = where.chat.startsWith('-');
      return (
        mayPlatform(where.platform, pace, now, true) && (chat === undefined || mayChat(chat, pace, now, true, isGroup))
      );
    },
    may(address, now, edit = false) {
      const where = readAddress(address);
      const pace = where === undefined ? undefined : paceOf(where.platform);
      if (where === undefined || pace === undefined) return true;
      if (!mayPlatform(where.platform, pace, now, edit)) return false;
      // The answer to a press is shown beside the button: it is no message in the chat.
      if (!address.includes('#')) {
        const key = `${where.platform}:${where.chat}`;
        const chat = chats.get(key) ?? { busyUntil: 0, minute: [] };
        if (!mayChat(chat, pace, now, edit, where.chat.startsWith('-'))) return false;
        chat.busyUntil = Math.max(chat.busyUntil, now) + pace.perChat;
        chat.minute.push(now);
        chats.set(key, chat);
      }
      seconds.get(where.platform)?.push(now);
      return true;
    },
    forgo(address) {
      const where = readAddress(address);
      const pace = where === undefined ? undefined : paceOf(where.platform);
      if (where === undefined || pace === undefined) return;
      seconds.get(where.platform)?.pop();
      const chat = address.includes('#') ? undefined : chats.get(`${where.platform}:${where.chat}`);
      if (chat === undefined) return;
      chat.busyUntil -= pace.perChat;
      chat.minute.pop();
    },
    rest(now) {
      for (const [key, chat] of chats) if (chat.busyUntil < now - MINUTE) chats.delete(key);
    },
  };
}
