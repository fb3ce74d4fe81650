import type { World } from '../core/draft.ts';
import type { To } from '../core/message.ts';
import type { Organisation } from '../core/organisation.ts';
import { PLACES } from '../core/organisation.ts';
import { accountsOf } from '../core/people.ts';
import type { Address, Platform } from '../ports.ts';
import type { Destination } from '../store/port.ts';

/** Addresses as text, and what the organisation's file calls them: people and chats have names, platforms have ids. */

/** `telegram:-1001`, `telegram:-1001/7`, `slack:C0OPS/1700000000.000100`. */
export const showAddress = ({ platform, chat, thread }: Address): string =>
  `${platform}:${chat}${thread === undefined ? '' : `/${thread}`}`;

const ADDRESS = /^(telegram|slack):([^/#]+)(?:\/([^#]+))?(?:#(.*))?$/;

/** Reads it back. What follows a `#` makes a queue of its own and is no part of the address. */
export function readAddress(text: string): Address | undefined {
  const found = ADDRESS.exec(text);
  if (found === null) return undefined;
  const [, platform, chat = '', thread] = found;
  return { platform: platform as Platform, chat, ...(thread === undefined ? {} : { thread }) };
}

/** A chat that has another id now: the file and older rows still say the one before. */
export interface Moves {
  /** The chat's present id. */
  now(address: Address): Address;
  /** The id that the file knows. */
  before(address: Address): Address;
  record(from: Address, to: Address): Promise<void>;
}

/** What the core calls a conversation: a chat's name in the file, or its address; the thread where the file has none. */
export interface Place {
  readonly place: string;
  readonly thread?: string;
  /** Is it one of the organisation's chats? */
  readonly listed: boolean;
}

const idOf = (value: number | string | undefined): string | undefined =>
  value === undefined ? undefined : String(value);

/** The chats of the file, and the announcement channel, which may stand apart. */
function chatsOf(organisation: Organisation): { name: string; telegram?: string; topic?: string; slack?: string }[] {
  const { telegram, slack } = organisation.announcements ?? {};
  const own = organisation.chats.map(({ name, telegram, topic, slack }) => ({ name, telegram, topic, slack }));
  const apart = own.some(({ name }) => name === PLACES.announcements)
    ? []
    : [{ name: PLACES.announcements, telegram, topic: undefined, slack }];
  return [...own, ...apart].map(({ name, telegram, topic, slack }) => {
    const ids = { telegram: idOf(telegram), topic: idOf(topic), slack };
    return { name, ...Object.fromEntries(Object.entries(ids).filter(([, id]) => id !== undefined)) };
  });
}

/** Which place of the organisation this is. A topic that the file lists is a place; another topic is its chat's thread. */
export function placeOf(organisation: Organisation, { platform, chat, thread }: Address): Place {
  const here = chatsOf(organisation).filter((each) => each[platform] === chat);
  // Only Telegram has topics: on Slack the same chat is a whole channel.
  const topic = platform === 'telegram' && here.find((each) => each.topic !== undefined && each.topic === thread);
  if (topic) return { place: topic.name, listed: true };
  const whole = here.find((each) => platform !== 'telegram' || each.topic === undefined);
  const place = whole?.name ?? showAddress({ platform, chat });
  return { place, listed: whole !== undefined, ...(thread === undefined ? {} : { thread }) };
}

/** Where a message goes on the connected platforms; undefined: no platform is connected, and the board shows it. */
export function routeOf(
  connected: readonly Platform[],
  world: World,
  to: To | Destination,
): readonly string[] | undefined {
  if (connected.length === 0 || 'email' in to) return undefined;
  if ('place' in to) return [to.place];
  if ('person' in to) {
    const accounts = readAddress(to.person) === undefined ? accountsOf(world, to.person) : [to.person];
    return accounts.filter((account) => connected.some((platform) => account.startsWith(`${platform}:`)));
  }
  return chatsOf(world.organisation)
    .filter(({ name }) => name === to.chat)
    .flatMap(({ telegram, topic, slack }) => [
      ...(telegram !== undefined && connected.includes('telegram')
        ? [showAddress({ platform: 'telegram', chat: telegram, ...(topic === undefined ? {} : { thread: topic }) })]
        : []),
      ...(slack !== undefined && connected.includes('slack') ? [showAddress({ platform: 'slack', chat: slack })] : []),
    ]);
}
