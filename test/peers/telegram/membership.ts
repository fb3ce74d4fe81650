import type { Chat, ChatMember, Message, Update, User } from 'grammy/types';
import { opt } from './arguments.ts';
import { has, type InviteLink, isAdmin, isIn, keep, type Room, seconds, toMessage, type World } from './world.ts';

/** Who is in a chat, and what the bot hears when that changes. */

const RIGHTS = {
  is_anonymous: false,
  can_manage_chat: true,
  can_delete_messages: true,
  can_manage_video_chats: true,
  can_restrict_members: true,
  can_promote_members: false,
  can_change_info: true,
  can_invite_users: true,
  can_post_stories: true,
  can_edit_stories: true,
  can_delete_stories: true,
  can_pin_messages: true,
  can_send_welcome_messages: true,
};
export type Rights = Partial<typeof RIGHTS>;

export const admin = (user: User, chat: Chat, rights: Rights = {}): ChatMember => ({
  status: 'administrator',
  user,
  can_be_edited: false,
  ...RIGHTS,
  ...(chat.type === 'channel' ? { can_post_messages: true, can_edit_messages: true } : {}),
  ...(chat.is_forum === true ? { can_manage_topics: true } : {}),
  ...rights,
});

/** Changes somebody's place in a chat and tells the bot, as far as it is to know. */
export function setMember(
  world: World,
  room: Room,
  by: User,
  to: ChatMember,
  through: { readonly link?: InviteLink | undefined; readonly asked?: boolean } = {},
): Update | undefined {
  const { user } = to;
  const from = room.members.get(user.id) ?? { status: 'left', user };
  room.members.set(user.id, to);
  const change = {
    chat: room.chat,
    from: by,
    date: seconds(world.now()),
    old_chat_member: from,
    new_chat_member: to,
    ...opt('invite_link', through.link?.link),
    ...(through.asked === true ? { via_join_request: true } : {}),
  };
  world.changed();
  if (user.id === world.bot.id) return world.queue.push('my_chat_member', change);
  return isAdmin(room.members.get(world.bot.id)) ? world.queue.push('chat_member', change) : undefined;
}

/** Somebody comes in: by a link, by approval, or added by somebody. */
export function enter(world: World, room: Room, user: User, by: User, link?: InviteLink): Update | undefined {
  if (link !== undefined) link.used += 1;
  const asked = link?.link.creates_join_request === true;
  const update = setMember(world, room, by, { status: 'member', user }, { link, asked });
  announce(world, room, by.id === world.bot.id ? user : by, { new_chat_members: [user] });
  return update;
}

/** Somebody goes. */
export function depart(world: World, room: Room, user: User, by: User): void {
  const to: ChatMember = by.id === user.id ? { status: 'left', user } : { status: 'kicked', user, until_date: 0 };
  setMember(world, room, by, to);
  if (user.id !== world.bot.id) announce(world, room, by, { left_chat_member: user });
}

/** A service message. */
export function announce(world: World, room: Room, from: User, extra: Partial<Message>) {
  if (room.chat.type === 'channel' || room.chat.type === 'private') return undefined;
  const kept = keep(world, room, { from, extra });
  const message = toMessage(world, kept);
  if (isIn(room.members.get(world.bot.id))) world.queue.push('message', message as NonNullable<Update['message']>);
  return message;
}

/** Somebody asks to be let in. */
export function ask(world: World, room: Room, user: User, link: InviteLink): Update | undefined {
  room.requests.set(user.id, link.link.invite_link);
  world.changed();
  if (!has(room.members.get(world.bot.id), 'can_invite_users')) return undefined;
  const { chat } = room;
  if (chat.type !== 'supergroup' && chat.type !== 'channel') return undefined;
  const date = seconds(world.now());
  return world.queue.push('chat_join_request', {
    chat,
    from: user,
    user_chat_id: user.id,
    date,
    invite_link: link.link,
  });
}
