import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import { expect } from 'vitest';
import type { Whole } from '../support/whole-bot.ts';

/** What people do in the chats and with their mail. */

type Chat = 'telegram' | 'slack';

export interface InChats {
  /**
   * Somebody writes to the bot, in private or in a chat, and reads the answer: the text must be in something that they see
   * there for the first time. Resolves to all that is new to them there.
   */
  says(on: Chat, person: string, words: string, answer: string, chat?: string): Promise<string>;
  /** Somebody presses a button on the newest message that has these words. */
  presses(on: Chat, person: string, label: string, onCard: string, chat?: string): Promise<void>;
  /** The newest message of the bot with these words in a chat, as it looks now. */
  card(on: Chat, words: string, chat: string): string;
  /** A stranger opens the link of an invitation, and follows the one that they get into the testers' group. */
  followsInvitation(person: string, key: string): Promise<void>;
  /** Somebody's reader of mail does what the header of their last letter says: one click, and no more of these. */
  endsLetters(person: string): Promise<void>;
}

/** People take their time. */
export const A_MOMENT = 20_000;

export function inChats(whole: Whole): InChats {
  const { voices } = whole;
  return {
    async says(on, person, words, answer, chat) {
      await whole.advance(A_MOMENT);
      const before = readBy(whole, on, person, chat);
      voices[on].say(person, words, chat);
      await whole.settled();
      const fresh = [...readBy(whole, on, person, chat)].flatMap(([name, text]) =>
        before.get(name) === text ? [] : text,
      );
      expect(fresh.join('\n'), `${person}: ${words}`).toContain(answer);
      return fresh.join('\n');
    },
    async presses(on, person, label, onCard, chat) {
      await whole.advance(A_MOMENT);
      expect(await voices[on].press(person, label, onCard, chat), `${person} presses ${label} on ${onCard}`).toBe(true);
      await whole.settled();
    },
    card: (on, words, chat) => {
      const found = voices[on].seenIn(chat).findLast((text) => text.includes(words));
      if (found === undefined) throw new Error(`nothing in ${chat} says ${words}`);
      return found;
    },
    async followsInvitation(person, key) {
      await whole.advance(A_MOMENT);
      const hands = whole.stage.onTelegram(person);
      hands.start(`join-${key}`);
      await whole.settled();
      const said = whole.stage.telegram
        .fromBot(hands.private)
        .map(({ text }) => text)
        .join(' ');
      const [link] = /https:\/\/t\.me\/\+\S+/.exec(said) ?? [];
      expect(link, `a link for ${person} in: ${said}`).toBeDefined();
      hands.requestToJoin(link ?? '');
      await whole.settled();
    },
    async endsLetters(person) {
      const address = whole.organisation.people.find(({ id }) => id === person)?.email ?? '';
      const letter = whole.smtp.mails.findLast(({ to }) => to.includes(address));
      const [, url = ''] = /^List-Unsubscribe: ?<([^>]+)>/m.exec(letter?.raw.replaceAll(/\r\n[ \t]+/g, '') ?? '') ?? [];
      expect(await post(whole, url, 'List-Unsubscribe=One-Click'), url).toBe(200);
      await whole.settled();
    },
  };
}

/** Posts a form to the public address, as the proxy in front of the bot hands it on. */
async function post({ bot }: Whole, url: string, form: string): Promise<number | undefined> {
  const { host, pathname } = new URL(url);
  const headers = { host, 'content-type': 'application/x-www-form-urlencoded' };
  const sent = request(`${bot().origin}${pathname}`, { method: 'POST', headers });
  sent.end(form);
  const [answer] = (await once(sent, 'response')) as [IncomingMessage];
  answer.resume();
  return answer.statusCode;
}

/** All that this person can read in the conversation at present, that for them alone included, by the message's name. */
function readBy({ stage }: Whole, on: Chat, person: string, chat: string | undefined): ReadonlyMap<string, string> {
  if (on === 'slack') {
    const { slack } = stage;
    const hands = stage.onSlack(person);
    const channels = [hands.direct, ...(chat === undefined ? [] : [stage.slackChannel(chat)])];
    const seen = channels.flatMap((channel) => hands.sees(channel));
    return new Map(seen.map((message) => [message.ts, inOneLine(slack.words(message))]));
  }
  const hands = stage.onTelegram(person);
  const places = [hands.private, ...(chat === undefined ? [] : [stage.telegramChat(chat)])];
  const seen = places
    .flatMap((place) => stage.telegram.fromBot(place))
    .filter(({ visibleTo }) => visibleTo === undefined || visibleTo === hands.id);
  return new Map(seen.map((shown) => [`${shown.chat}/${shown.id}/${shown.ephemeralId}`, inOneLine(shown.text)]));
}

/** Every platform breaks lines in its own places. */
export const inOneLine = (text: string): string => text.replaceAll(/\s+/g, ' ').replaceAll(/ (?=[.,:;])/g, '');
