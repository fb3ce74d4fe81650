import type { Shown } from '../peers/telegram/types.ts';
import type { Whole } from '../support/whole-bot.ts';
import { type Line, plain } from './sight-forges.ts';

/** What stands in every conversation of Telegram and Slack, each message as it looks at the end. */

export interface Said {
  /** `board`, or whose private conversation it is. */
  readonly where: string;
  readonly at: number;
  readonly text: string;
  readonly buttons: readonly string[];
  readonly edits: number;
  /** Only this person saw it. */
  readonly only: string | undefined;
}

/** With the number of messages in each conversation, and when each was said. */
export function linesOf(all: readonly Said[], show: (at: number) => string): readonly Line[] {
  const places = [...new Set(all.map(({ where }) => where))].sort();
  return places.flatMap((place) => {
    const here = all.filter(({ where }) => where === place).sort((a, b) => a.at - b.at || a.text.localeCompare(b.text));
    return [
      `${place}: ${here.length} ${here.length === 1 ? 'message' : 'messages'}`,
      ...here.map(({ at, text, buttons, edits, only }) =>
        [
          `  ${show(at)}`,
          ...(only === undefined ? [] : [`(for ${only} alone)`]),
          text,
          ...buttons.map((label) => `[${label}]`),
          ...(edits === 0 ? [] : [`(${edits === 1 ? 'changed once' : `changed ${edits} times`})`]),
        ].join(' '),
      ),
    ];
  });
}

/** What the bot said on Telegram since everybody has pressed Start. */
export function saidOnTelegram({ stage, organisation }: Whole, since: number): readonly Said[] {
  const { telegram } = stage;
  const people = [...organisation.people.filter((person) => person.telegram !== undefined).map(({ id }) => id), 'zed'];
  const names = new Map(people.map((id) => [stage.onTelegram(id).id, id]));
  const places = new Map<number, string>([
    ...people.map((id) => [stage.onTelegram(id).private.id, id] as const),
    ...organisation.chats.flatMap(({ name, telegram: on }) =>
      on === undefined ? [] : [[stage.telegramChat(name).id, `the chat ${name}`] as const],
    ),
  ]);
  const firstAt = (shown: Shown): number => telegram.edits(shown)[0]?.at ?? shown.at;
  return [...places].flatMap(([id, where]) =>
    telegram
      .fromBot({ id })
      .filter((shown) => firstAt(shown) > since)
      .map((shown) => ({
        where,
        at: firstAt(shown),
        text: plain(shown.text),
        buttons: shown.keyboard.flat().map(({ text }) => text),
        edits: telegram.edits(shown).length - 1,
        only: shown.visibleTo === undefined ? undefined : (names.get(shown.visibleTo) ?? 'somebody'),
      })),
  );
}

export function saidOnSlack({ stage, organisation }: Whole): readonly Said[] {
  const { slack } = stage;
  const people = organisation.people.filter((person) => person.slack !== undefined).map(({ id }) => id);
  const names = new Map(people.map((id) => [stage.onSlack(id).id, id]));
  const places = new Map<string, string>([
    ...people.map((id) => [stage.onSlack(id).direct, id] as const),
    ...organisation.chats.flatMap(({ name, slack: on }) =>
      on === undefined ? [] : [[on, `the channel ${name}`] as const],
    ),
  ]);
  return [...places].flatMap(([channel, where]) =>
    slack
      .messages(channel)
      .filter(({ user }) => user === slack.botUserId)
      .map((message) => ({
        where,
        at: Math.floor(Number(message.ts)) * 1_000,
        text: plain(slack.words(message)).replaceAll(/ (?=[.,:;)])/g, ''),
        buttons: slack.buttons(message),
        edits: slack.edits(message),
        only: message.only === undefined ? undefined : (names.get(message.only) ?? 'somebody'),
      })),
  );
}
