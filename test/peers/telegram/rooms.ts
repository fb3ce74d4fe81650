import type { ChatMember, User } from 'grammy/types';
import { opt } from './arguments.ts';
import { admin, announce, depart, enter, setMember } from './membership.ts';
import type { TelegramPeer } from './peer.ts';
import { roomOf, wanted } from './people.ts';
import type { Place, RoomSettings } from './types.ts';
import { createRoom, keep, type Room, toMessage, type World } from './world.ts';

/** Chats as a test makes and changes them. */

type Rooms = Pick<
  TelegramPeer,
  'group' | 'supergroup' | 'channel' | 'migrate' | 'addBot' | 'removeBot' | 'add' | 'remove' | 'otherBot'
>;

/** The peer's functions about chats. */
export function createRooms(world: World): Rooms {
  return {
    group: (settings) => makeRoom(world, 'group', settings, -(4_500_000_000 + ++world.serial)),
    supergroup: (settings) => makeRoom(world, 'supergroup', settings, -(1_002_200_000_000 + ++world.serial)),
    channel: (settings) => makeRoom(world, 'channel', settings, -(1_002_300_000_000 + ++world.serial)),
    migrate: (place) => migrate(world, place),
    addBot: (place, by, { admin: asked = false } = {}) => {
      const room = roomOf(world, place);
      const rights = typeof asked === 'object' ? asked : {};
      const isNew = !['member', 'administrator'].includes(room.members.get(world.bot.id)?.status ?? '');
      const to: ChatMember =
        asked === false ? { status: 'member', user: world.bot } : admin(world.bot, room.chat, rights);
      const update = wanted(setMember(world, room, by.user, to), 'my_chat_member');
      if (isNew) announce(world, room, by.user, { new_chat_members: [world.bot] });
      return update;
    },
    removeBot: (place, by) => {
      const to: ChatMember = { status: 'kicked', user: world.bot, until_date: 0 };
      return wanted(setMember(world, roomOf(world, place), by.user, to), 'my_chat_member');
    },
    add: (place, person, by = person) => void enter(world, roomOf(world, place), person.user, by.user),
    remove: (place, person, by) => depart(world, roomOf(world, place), person.user, by.user),
    otherBot: (place, username, text) => {
      const room = roomOf(world, place);
      const user: User = { id: 8_100_000_000 + username.length, is_bot: true, first_name: username, username };
      room.members.set(user.id, { status: 'member', user });
      return toMessage(world, keep(world, room, { from: user, text }));
    },
  };
}

function makeRoom(
  world: World,
  type: 'group' | 'supergroup' | 'channel',
  settings: RoomSettings & { readonly topics?: readonly string[] },
  id: number,
): Place {
  const { title, username } = settings;
  const forum = settings.topics === undefined ? {} : { is_forum: true as const };
  const chat = { id: settings.id ?? id, title, ...opt('username', username), ...forum };
  const room = createRoom(world, { type, ...chat } as Room['chat']);
  const people = [...(settings.members ?? []), ...(settings.admins ?? [])];
  for (const [index, { user }] of people.entries()) {
    const helps = settings.admins?.some((other) => other.id === user.id) === true;
    const member: ChatMember =
      index === 0
        ? { status: 'creator', user, is_anonymous: false }
        : helps
          ? admin(user, room.chat)
          : { status: 'member', user };
    room.members.set(user.id, member);
  }
  if (settings.bot === 'member') room.members.set(world.bot.id, { status: 'member', user: world.bot });
  if (settings.bot === 'admin') room.members.set(world.bot.id, admin(world.bot, room.chat));
  return { id: room.chat.id, title, topics: openTopics(world, room, settings.topics ?? []) };
}

/** A topic's number is the id of the service message that opened it. */
function openTopics(world: World, room: Room, names: readonly string[]): Readonly<Record<string, number>> {
  const owner = [...room.members.values()][0]?.user ?? world.bot;
  const topics = names.map((name): [string, number] => {
    const { id } = keep(world, room, { from: owner, extra: { forum_topic_created: { name, icon_color: 7_322_096 } } });
    room.topics.set(id, name);
    return [name, id];
  });
  return Object.fromEntries(topics);
}

function migrate(world: World, place: Place): Place {
  const old = roomOf(world, place);
  if (old.chat.type !== 'group') throw new Error('only a basic group becomes a supergroup');
  const to = makeRoom(world, 'supergroup', { title: place.title }, -(1_002_200_000_000 + ++world.serial));
  const room = roomOf(world, to);
  for (const [id, member] of old.members) room.members.set(id, member);
  const owner = [...old.members.values()][0]?.user ?? world.bot;
  announce(world, old, owner, { migrate_to_chat_id: to.id });
  old.movedTo = to.id;
  announce(world, room, owner, { migrate_from_chat_id: old.chat.id });
  return to;
}
