import type { Message } from '../peers/slack/world.ts';
import type { Shown } from '../peers/telegram/types.ts';
import type { Stage } from '../support/stage.ts';

/** People on either platform, in the same words: they speak, they press, and they look at what is there. */

interface Seen {
  /** Which conversation, as this platform calls it. */
  readonly where: string;
  readonly text: string;
  /** Nobody else sees it. */
  readonly alone: boolean;
}

export interface Voice {
  readonly platform: 'telegram' | 'slack';
  say(person: string, text: string, chat?: string): void;
  /** Presses the button on the newest message there that holds these words; resolves to whether the platform took it. */
  press(person: string, label: string, on: string, chat?: string): Promise<boolean>;
  /** What the bot wrote and is still to be seen, everywhere, or for one person, or in one chat. */
  seen(): readonly Seen[];
  seenIn(chat: string): readonly string[];
  seenBy(person: string): readonly string[];
  /** Answers that were shown beside a button. */
  toasts(): number;
  waitFor<T>(look: () => T | undefined | false, patience?: number): Promise<T>;
}

export const voiceOn = (stage: Stage, platform: Voice['platform']): Voice =>
  platform === 'telegram' ? onTelegram(stage) : onSlack(stage);

/** Every platform breaks lines in its own places. */
const inOneLine = (text: string): string => text.replaceAll(/\s+/g, ' ').replaceAll(/ (?=[.,:;])/g, '');

function onTelegram(stage: Stage): Voice {
  const { telegram, organisation } = stage;
  const placeOf = (person: string, chat: string | undefined) => {
    if (chat === undefined) return { place: stage.onTelegram(person).private };
    const { id, topic } = stage.telegramChat(chat);
    return { place: { id, title: chat, topics: {} }, topic };
  };
  const forAll = (place: { readonly id: number }) =>
    telegram.fromBot(place).filter(({ visibleTo }) => visibleTo === undefined);
  const textsIn = (place: { readonly id: number }) => forAll(place).map(({ text }) => inOneLine(text));
  const presses: ReturnType<ReturnType<Stage['onTelegram']>['press']>[] = [];
  return {
    platform: 'telegram',
    say: (person, text, chat) => {
      const { place, topic } = placeOf(person, chat);
      stage.onTelegram(person).say(place, text, topic === undefined ? {} : { topic });
    },
    press: async (person, label, on, chat) => {
      const { place } = placeOf(person, chat);
      const card = forAll(place).findLast((message: Shown) =>
        holds(inOneLine(message.text), on, labelsOf(message), label),
      );
      if (card === undefined) throw new Error(`nothing there has the button ${label} on ${on}`);
      presses.push(stage.onTelegram(person).press(card, label));
      return true;
    },
    seen: () => {
      const people = organisation.people.map(({ id }) => stage.onTelegram(id).private);
      const chats = organisation.chats.map(({ name }) => stage.telegramChat(name));
      return [...people, ...new Map(chats.map((chat) => [chat.id, chat])).values()].flatMap((place) =>
        telegram.fromBot(place).map(({ text, visibleTo }) => ({
          where: String(place.id),
          text: inOneLine(text),
          alone: visibleTo !== undefined,
        })),
      );
    },
    seenIn: (chat) => textsIn(stage.telegramChat(chat)),
    seenBy: (person) => textsIn(stage.onTelegram(person).private),
    toasts: () => presses.flatMap((press) => telegram.answersTo(press)).length,
    waitFor: telegram.waitFor,
  };
}

const labelsOf = ({ keyboard }: Shown): readonly string[] => keyboard.flat().map(({ text }) => text);
const holds = (text: string, on: string, labels: readonly string[], label: string): boolean =>
  text.includes(on) && labels.includes(label);

function onSlack(stage: Stage): Voice {
  const { slack, organisation } = stage;
  const channelOf = (person: string, chat: string | undefined) =>
    chat === undefined ? stage.onSlack(person).direct : stage.slackChannel(chat);
  const ours = (channel: string) => slack.messages(channel).filter(({ user }: Message) => user === slack.botUserId);
  const forAll = (channel: string) => ours(channel).filter(({ only }) => only === undefined);
  const textsIn = (channel: string) => forAll(channel).map((message) => inOneLine(slack.words(message)));
  let toasts = 0;
  return {
    platform: 'slack',
    // A leading slash is Slack's own, so in private the command is written without it.
    say: (person, text, chat) => {
      const words = text.replace(/^\//, '');
      if (chat === undefined) stage.onSlack(person).dm(words);
      else stage.onSlack(person).say(channelOf(person, chat), `@baton ${words}`);
    },
    press: async (person, label, on, chat) => {
      const card = forAll(channelOf(person, chat)).findLast((message) =>
        holds(inOneLine(slack.words(message)), on, slack.buttons(message), label),
      );
      if (card === undefined) throw new Error(`nothing there has the button ${label} on ${on}`);
      const outcome = await stage.onSlack(person).press(card, label);
      if (outcome.error === undefined) toasts += 1;
      return outcome.error === undefined;
    },
    seen: () => {
      const people = organisation.people.map(({ id }) => stage.onSlack(id).direct);
      const chats = organisation.chats.map(({ name }) => stage.slackChannel(name));
      return [...people, ...chats].flatMap((channel) =>
        ours(channel).map((message) => ({
          where: channel,
          text: inOneLine(slack.words(message)),
          alone: message.only !== undefined,
        })),
      );
    },
    seenIn: (chat) => textsIn(stage.slackChannel(chat)),
    seenBy: (person) => textsIn(stage.onSlack(person).direct),
    toasts: () => toasts,
    waitFor: slack.waitFor,
  };
}
