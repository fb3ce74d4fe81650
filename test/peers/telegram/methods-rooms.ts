import type { ChatInviteLink } from 'grammy/types';
import { needRight, readMember, readRoom } from './access.ts';
import { opt, type Params, readBoolean, readInteger, readString } from './arguments.ts';
import { enter, setMember } from './membership.ts';
import { bad } from './refusal.ts';
import { isAdmin, isIn, type Room, seconds, type World } from './world.ts';

/** The methods about chats, their members and the ways in. */

type Method = (world: World, params: Params) => unknown;

const NO_LINKS = 'not enough rights to manage chat invite link';

function getChat(world: World, params: Params): unknown {
  const { chat, messages, links } = readRoom(world, params, false);
  const primary = [...links.values()].find(({ link }) => link.is_primary && !link.is_revoked);
  const pinned = [...messages.values()].findLast((kept) => kept.pinned);
  return {
    ...chat,
    accent_color_id: 0,
    max_reaction_count: 11,
    accepted_gift_types: {},
    ...opt('invite_link', primary?.link.invite_link),
    ...opt('pinned_message', pinned && { message_id: pinned.id, chat, date: seconds(pinned.at) }),
  };
}

const getChatMember: Method = (world, params) => readMember(world, readRoom(world, params, false), params).member;

function getChatAdministrators(world: World, params: Params): unknown {
  const room = readRoom(world, params, false);
  if (room.chat.type === 'private') throw bad('there are no administrators in the private chat');
  const admins = [...room.members.values()].filter(isAdmin);
  return admins.filter(({ user }) => !user.is_bot || user.id === world.bot.id);
}

function getChatMemberCount(world: World, params: Params): unknown {
  return [...readRoom(world, params, false).members.values()].filter(isIn).length;
}

function createChatInviteLink(world: World, params: Params): unknown {
  const room = readRoom(world, params, true);
  needRight(world, room, 'can_invite_users', NO_LINKS);
  const name = readString(params, 'name');
  const limit = readInteger(params, 'member_limit');
  const expires = readInteger(params, 'expire_date');
  const asks = readBoolean(params, 'creates_join_request');
  if (name !== undefined && [...name].length > 32) throw bad('invite link name is too long');
  if (limit !== undefined && (limit < 1 || limit > 99_999)) throw bad('member_limit must be between 1 and 99999');
  if (limit !== undefined && asks)
    throw bad("member limit can't be specified for links requiring administrator approval");
  if (expires !== undefined && expires <= seconds(world.now())) throw bad('EXPIRE_DATE_INVALID');
  return addLink(world, room, false, {
    creates_join_request: asks,
    ...opt('name', name),
    ...opt('expire_date', expires),
    ...opt('member_limit', limit),
  });
}

function addLink(world: World, room: Room, primary: boolean, rest: Partial<ChatInviteLink>): ChatInviteLink {
  const link: ChatInviteLink = {
    invite_link: `https://t.me/+peer${(++world.serial).toString(36).padStart(12, '0')}`,
    creator: world.bot,
    creates_join_request: false,
    is_primary: primary,
    is_revoked: false,
    ...rest,
  };
  room.links.set(link.invite_link, { link, used: 0 });
  return link;
}

function exportChatInviteLink(world: World, params: Params): unknown {
  const room = readRoom(world, params, true);
  needRight(world, room, 'can_invite_users', NO_LINKS);
  for (const { link } of room.links.values()) if (link.is_primary) link.is_revoked = true;
  return addLink(world, room, true, {}).invite_link;
}

function revokeChatInviteLink(world: World, params: Params): unknown {
  const room = readRoom(world, params, true);
  needRight(world, room, 'can_invite_users', NO_LINKS);
  const found = room.links.get(readString(params, 'invite_link') ?? '');
  if (found === undefined) throw bad('INVITE_HASH_EXPIRED');
  found.link.is_revoked = true;
  world.changed();
  return found.link;
}

const decideRequest =
  (yes: boolean): Method =>
  (world, params) => {
    const room = readRoom(world, params, true);
    needRight(world, room, 'can_invite_users', 'not enough rights to manage join requests in the chat');
    const { user, member } = readMember(world, room, params);
    if (isIn(member)) throw bad('USER_ALREADY_PARTICIPANT');
    const link = room.requests.get(user.id);
    if (link === undefined) throw bad('HIDE_REQUESTER_MISSING');
    room.requests.delete(user.id);
    if (yes) enter(world, room, user, world.bot, room.links.get(link));
    world.changed();
    return true;
  };

function leaveChat(world: World, params: Params): unknown {
  const room = readRoom(world, params, true);
  if (room.chat.type === 'private') throw bad("chat member status can't be changed in private chats");
  setMember(world, room, world.bot, { status: 'left', user: world.bot });
  return true;
}

const remove =
  (status: 'kicked' | 'left'): Method =>
  (world, params) => {
    const room = readRoom(world, params, true);
    needRight(world, room, 'can_restrict_members', 'not enough rights to restrict/unrestrict chat member');
    const { user, member } = readMember(world, room, params);
    if (isAdmin(member)) throw bad('user is an administrator of the chat');
    const to = status === 'left' ? { status, user } : { status, user, until_date: 0 };
    // Unbanning somebody who is no longer banned changes nothing where it is said so.
    if (status === 'left' && readBoolean(params, 'only_if_banned') && member.status !== 'kicked') return true;
    setMember(world, room, world.bot, to);
    return true;
  };

export const ROOM_METHODS: Readonly<Record<string, Method>> = {
  getChat,
  getChatMember,
  getChatAdministrators,
  getChatMemberCount,
  createChatInviteLink,
  exportChatInviteLink,
  revokeChatInviteLink,
  approveChatJoinRequest: decideRequest(true),
  declineChatJoinRequest: decideRequest(false),
  leaveChat,
  banChatMember: remove('kicked'),
  unbanChatMember: remove('left'),
};
