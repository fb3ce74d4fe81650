import type { Organisation } from '../../src/core/organisation.ts';
import { createSlackPeer, type SlackPeer } from '../peers/slack/peer.ts';
import { createTelegramPeer, type TelegramPeer } from '../peers/telegram/peer.ts';

/** An organisation of which everyone is on both platforms, and the platforms with everyone of it there. */

export interface Stage {
  readonly organisation: Organisation;
  readonly telegram: TelegramPeer;
  readonly slack: SlackPeer;
  /** A person's hands on a platform, by their id in the file; whoever is not in it is a stranger with an account. */
  onTelegram(person: string): ReturnType<TelegramPeer['user']>;
  onSlack(person: string): ReturnType<SlackPeer['user']>;
  /** The chat on each platform, by its name in the file. */
  telegramChat(name: string): { readonly id: number; readonly topic?: number };
  slackChannel(name: string): string;
  /** The account's id, for what strangers are called. */
  accountOf(platform: 'telegram' | 'slack', person: string): string;
  close(): Promise<void>;
}

const FIRST_USER = 7_001;

/** Everyone and every chat gets an id on both platforms where the file gives none. */
function everywhere(given: Organisation): Organisation {
  return {
    ...given,
    people: given.people.map((person, at) => ({
      ...person,
      telegram: person.telegram ?? FIRST_USER + at,
      slack: person.slack ?? `U0P${at}`,
    })),
    chats: given.chats.map((chat, at) => ({
      ...chat,
      telegram: chat.telegram ?? -(5_001 + at),
      slack: chat.slack ?? `C0P${at}`,
    })),
  };
}

/** What the platforms of a stage do differently from a plain one. */
export interface StageOptions {
  readonly telegram?: Parameters<typeof createTelegramPeer>[0];
  readonly slack?: Parameters<typeof createSlackPeer>[0];
}

export async function createStage(
  given: Organisation,
  strangers: readonly string[] = [],
  options: StageOptions = {},
): Promise<Stage> {
  const [telegram, slack] = await Promise.all([
    createTelegramPeer({ privacy: false, ...options.telegram }),
    createSlackPeer(options.slack),
  ]);
  const blank = everywhere(given);
  const users = new Map(
    blank.people.map(({ id, telegram: number, slack: user, name }) => [
      id,
      { number: Number(number), user: String(user), name: name ?? id },
    ]),
  );
  for (const [at, id] of strangers.entries()) users.set(id, { number: 9_001 + at, user: `U0STRANGER${at}`, name: id });
  const onTelegram = new Map(
    [...users].map(([id, { number, name }]) => [
      id,
      telegram.user({ id: number, first_name: name, username: `${id}_tg` }),
    ]),
  );
  const onSlack = new Map([...users].map(([id, { user, name }]) => [id, slack.user({ id: user, name })]));
  for (const person of onTelegram.values()) person.start();
  const chats = new Map<string, { readonly id: number; readonly topic?: number }>();
  const chatsInFile = blank.chats.map((chat) => {
    const members = [...onTelegram.values()];
    const wanted = Number(chat.telegram);
    const room =
      chat.topic === undefined
        ? telegram.group({ id: wanted, title: chat.name, members, bot: 'member' })
        : telegram.supergroup({ id: wanted, title: chat.name, members, topics: ['the topic'], bot: 'member' });
    const topic = Object.values(room.topics)[0];
    chats.set(chat.name, { id: room.id, ...(topic === undefined ? {} : { topic }) });
    slack.channel({ id: String(chat.slack), name: chat.name, members: [...users.values()].map(({ user }) => user) });
    return { ...chat, telegram: room.id, ...(topic === undefined ? {} : { topic }) };
  });
  const organisation: Organisation = { ...blank, chats: chatsInFile };
  const announced = organisation.announcements;
  if (typeof announced?.telegram === 'number')
    telegram.channel({
      id: announced.telegram,
      title: 'announcements',
      members: [...onTelegram.values()],
      bot: 'admin',
    });
  if (announced?.slack !== undefined) slack.channel({ id: announced.slack, name: 'announcements', members: [] });
  const found = <T>(from: ReadonlyMap<string, T>, name: string): T => {
    const value = from.get(name);
    if (value === undefined) throw new Error(`${name} is not on this stage`);
    return value;
  };
  return {
    organisation,
    telegram,
    slack,
    onTelegram: (person) => found(onTelegram, person),
    onSlack: (person) => found(onSlack, person),
    telegramChat: (name) => found(chats, name),
    slackChannel: (name) => String(organisation.chats.find((chat) => chat.name === name)?.slack),
    accountOf: (platform, person) => {
      const { number, user } = found(users, person);
      return platform === 'telegram' ? `telegram:${number}` : `slack:${user}`;
    },
    close: async () => {
      await Promise.all([telegram.close(), slack.stop()]);
    },
  };
}
