import { vi } from 'vitest';
import { objects } from '../peers/slack/json.ts';
import { wordsOf as readable } from '../peers/slack/notify.ts';
import type { Message, View } from '../peers/slack/world.ts';
import type { Shown } from '../peers/telegram/types.ts';
import type { ChatBot } from '../support/chat-bot.ts';
import type { Stage } from '../support/stage.ts';
import type { Spoken } from './situations.ts';

/** The ways in which a command is said, each as a person does it with their client. */

export interface Way {
  readonly name: string;
  readonly platform: 'telegram' | 'slack';
  /** What the core calls the place; null in private. */
  readonly place: (spoken: Spoken) => string | null;
  readonly pressed: boolean;
  /** The words that the core hears, where they are not the line itself. */
  readonly heard?: (spoken: Spoken) => string;
  /** An answer that all may read, where it is a good one. */
  readonly isPublic: boolean;
  /** Says it; what comes back tells what can be read since, and by whom: one person alone, or all. */
  say(rig: Rig, spoken: Spoken): Promise<() => readonly Seen[]>;
}

interface Seen {
  readonly text: string;
  readonly by: 'one' | 'all';
}

export interface Rig {
  readonly stage: Stage;
  readonly bot: ChatBot;
  /** The thread that everything is said in, where the way has one. */
  readonly thread: string;
  next(): number;
}

export const CHAT = 'dev';
const TOPIC = 'general';

/** The button that stands for a line: its first word after the command is what it is pressed on. */
export function buttonOf({ words, button }: Spoken): { command: string; on: string; args: string } {
  const [command = '', on = '', ...rest] = words.split(' ');
  // A bug's severity comes first, and the item that a button stands on after it.
  if (command === 'bug' && button === undefined) return { command, on: '', args: [on, ...rest].join(' ') };
  return { command, ...(button ?? { on, args: rest.join(' ') }) };
}

/** A card with one button comes to the chat, through the outbox as all cards do. */
async function card(
  rig: Rig,
  address: string,
  button: { command: string; on: string; args?: string },
): Promise<string> {
  const { engine } = rig.bot;
  const label = `Press ${rig.next()}`;
  const nodes = ['A card', { node: 'buttons' as const, buttons: [{ label, ...button }] }];
  const row = { kind: 'hint', lane: 'card' as const, to: { place: address }, address, key: null, late: false, body: { text: label, nodes } }; // biome-ignore format: one row
  await engine.settle(label, [{ ...row, at: engine.world().now }]);
  return label;
}

/** Telegram knows no dashes in a command's name. */
const underscored = ({ words }: Spoken): string => `/${words.replace(/^\S+/, (name) => name.replaceAll('-', '_'))}`;

function onTelegram(name: string, place: string | null, privately: boolean): Way {
  const where = ({ stage }: Rig, as: string): { id: number; topic?: number } =>
    privately ? stage.onTelegram(as).private : stage.telegramChat(place ?? '');
  return {
    name: `Telegram ${name}`,
    platform: 'telegram',
    place: () => place,
    pressed: false,
    heard: underscored,
    isPublic: !privately,
    async say(rig, spoken) {
      const { telegram, onTelegram: hands } = rig.stage;
      const at = where(rig, spoken.as);
      const own = hands(spoken.as).private;
      const seen = new Set([...telegram.fromBot(at), ...telegram.fromBot(own)].map(keyOf));
      const said = hands(spoken.as).say({ ...at, title: '', topics: {} }, underscored(spoken), at.topic === undefined ? {} : { topic: at.topic }); // biome-ignore format: one call
      return () =>
        together(
          telegram
            .fromBot(at)
            .filter((each) => !seen.has(keyOf(each)) && each.topic === said.message_thread_id)
            .filter(({ visibleTo }) => visibleTo === undefined || visibleTo === hands(spoken.as).id)
            .map(({ text, visibleTo }): Seen => ({ text, by: visibleTo === undefined && !privately ? 'all' : 'one' }))
            .concat(
              telegram.fromBot(own).flatMap((each) => (seen.has(keyOf(each)) ? [] : [{ text: each.text, by: 'one' }])),
            ),
        );
    },
  };
}

const keyOf = ({ chat, id, ephemeralId }: Shown): string => `${chat}/${id}/${ephemeralId}`;

/** Long answers come in several messages. */
const together = (all: readonly Seen[]): readonly Seen[] => [
  ...all,
  ...(['one', 'all'] as const).map((by) => ({ by, text: all.filter((each) => each.by === by).map(({ text }) => text).join('\n') })),
]; // biome-ignore format: two lines

const telegramButton: Way = {
  name: 'Telegram button',
  platform: 'telegram',
  place: () => CHAT,
  pressed: true,
  isPublic: false,
  async say(rig, spoken) {
    const { telegram, onTelegram: hands, telegramChat } = rig.stage;
    const chat = telegramChat(CHAT);
    const label = await card(rig, `telegram:${chat.id}`, buttonOf(spoken));
    const shown = await telegram.waitFor(() =>
      telegram.fromBot(chat).find(({ keyboard }) => keyboard.flat().some(({ text }) => text === label)),
    );
    const person = hands(spoken.as);
    const seen = new Set(telegram.fromBot(chat).map(keyOf));
    const press = person.press(shown, label);
    return () => [
      ...telegram.answersTo(press).map(({ text }): Seen => ({ text, by: 'one' })),
      ...together(
        telegram
          .fromBot(chat)
          .filter((each) => !seen.has(keyOf(each)))
          .map(({ text, visibleTo }): Seen => ({ text, by: visibleTo === person.id ? 'one' : 'all' })),
      ),
    ];
  },
};

const bySlack = (rig: Rig, message: Message): Seen => ({
  text: rig.stage.slack.words(message),
  by: message.only === undefined && !message.channel.startsWith('D') ? 'all' : 'one',
});

/** What the person can read there since now, and what their client showed at once. */
function reading(rig: Rig, as: string, channel: string, thread?: string): () => readonly Seen[] {
  const person = rig.stage.onSlack(as);
  const before = new Set(person.sees(channel).map(({ ts }) => ts));
  return () =>
    together(
      person
        .sees(channel)
        .filter((each) => !before.has(each.ts) && each.user === rig.stage.slack.botUserId && (thread === undefined || each.thread === thread)) // biome-ignore format: one question
        .map((message) => bySlack(rig, message)),
    );
}

const umbrella: Way = {
  name: 'Slack /baton',
  platform: 'slack',
  place: () => CHAT,
  pressed: false,
  isPublic: true,
  async say(rig, { as, words }) {
    const { message } = await rig.stage.onSlack(as).command(rig.stage.slackChannel(CHAT), '/baton', words);
    return () => (message === undefined ? [] : [bySlack(rig, message)]);
  },
};

const mention: Way = {
  name: 'Slack mention in a thread',
  platform: 'slack',
  place: () => CHAT,
  pressed: false,
  isPublic: true,
  async say(rig, { as, words }) {
    const channel = rig.stage.slackChannel(CHAT);
    const look = reading(rig, as, channel, rig.thread);
    rig.stage.onSlack(as).say(channel, `@baton ${words}`, { thread: rig.thread });
    return look;
  },
};

const slackPrivate: Way = {
  name: 'Slack private message',
  platform: 'slack',
  place: () => null,
  pressed: false,
  heard: ({ words }) => words,
  isPublic: false,
  async say(rig, { as, words }) {
    const person = rig.stage.onSlack(as);
    const look = reading(rig, as, person.direct);
    person.dm(words);
    return look;
  },
};

async function pressOnSlack(rig: Rig, as: string, button: { command: string; on: string; args?: string }) {
  const { slack, onSlack, slackChannel } = rig.stage;
  const channel = slackChannel(CHAT);
  const label = await card(rig, `slack:${channel}`, button);
  const shown = await slack.waitFor(() => slack.messages(channel).find((each) => slack.buttons(each).includes(label)));
  const look = reading(rig, as, channel);
  const { error } = await onSlack(as).press(shown, label);
  if (error !== undefined) throw new Error(error);
  return look;
}

const slackButton: Way = {
  name: 'Slack button',
  platform: 'slack',
  place: () => CHAT,
  pressed: true,
  isPublic: false,
  say: (rig, spoken) => pressOnSlack(rig, spoken.as, buttonOf(spoken)),
};

const PEOPLE = new Set(['person', 'owner']);

/** People are chosen from a list, and named by their account then. */
const chosen = ({ stage }: Pick<Rig, 'stage'>, form: NonNullable<Spoken['form']>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(form.values).map(([name, value]) => [name, PEOPLE.has(name) ? stage.onSlack(value).id : value]),
  );

const modal: Way = {
  name: 'Slack modal',
  platform: 'slack',
  place: ({ form }) => (form === undefined ? null : CHAT),
  pressed: false,
  isPublic: false,
  async say(rig, { as, words, form }) {
    const { slack, onSlack } = rig.stage;
    const person = onSlack(as);
    const before = slack.view(person.id)?.id;
    if (form === undefined) await person.shortcut('baton_say');
    else await pressOnSlack(rig, as, { command: words.split(' ')[0] ?? '', on: form.on });
    const opened = await slack.waitFor(() => {
      const view = slack.view(person.id);
      return view?.id !== before && view;
    });
    const values = form === undefined ? { words } : chosen(rig, form);
    const { view, error, errors } = await person.submit(opened, values);
    if (error !== undefined || errors !== undefined) throw new Error(`${error} ${JSON.stringify(errors)}`);
    return () => [{ text: viewWords(view), by: 'one' }];
  },
};

const viewWords = (view: View | undefined): string => readable({ text: '', blocks: objects(view?.content.blocks) });

/** What the core hears of a form: people by their accounts. */
export const withAccounts = (stage: Stage, { words, form }: Spoken): string =>
  Object.entries(form?.values ?? {}).reduce(
    (line, [name, value]) => (PEOPLE.has(name) ? line.replace(new RegExp(` ${value}(?= |$)`), ` <@${stage.onSlack(value).id}>`) : line),
    words,
  ); // biome-ignore format: one line a person

export const WAYS: readonly Way[] = [
  onTelegram('group', CHAT, false),
  onTelegram('topic', TOPIC, false),
  onTelegram('private chat', null, true),
  telegramButton,
  umbrella,
  mention,
  slackPrivate,
  slackButton,
  modal,
];

/** Waits until what must be seen is there. */
export const until = (look: () => void): Promise<void> => vi.waitFor(look, { timeout: 5_000, interval: 5 });
